import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { WidgetstreamClient } from "@widgetstream/client";
import axe from "axe-core";
import { afterEach, beforeEach, expect, inject, vi } from "vitest";
import type {} from "../../../typescript/test/stack/global-setup.js";
import { ChatPanel, type ChatPanelProps } from "../../src/panel/index.js";

declare global {
  var nodeFetch: typeof globalThis.fetch;
}

const WAIT = { timeout: 15_000 };

beforeEach(() => {
  sessionStorage.clear();
  vi.stubGlobal("matchMedia", (media: string) => ({
    media,
    matches: media === "(pointer: fine)",
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A client of the stack that the tests share, over the network. */
export function connect(
  options: Partial<ConstructorParameters<typeof WidgetstreamClient>[0]> = {},
): WidgetstreamClient {
  return new WidgetstreamClient({
    baseUrl: inject("url"),
    token: inject("token"),
    fetch: (input, init) => globalThis.nodeFetch(input, init),
    heartbeatMs: inject("heartbeatMs"),
    ...options,
  });
}

/** A panel that is drawn, and what a person does with it. */
export interface Stage {
  user: UserEvent;
  client: WidgetstreamClient;
  /** The ids of the threads that the panel told of. */
  threads: (string | undefined)[];
  field(): HTMLTextAreaElement;
  /** Types a message and sends it. */
  say(text: string): Promise<void>;
  /** Waits until nothing is answered any more. */
  quiet(): Promise<void>;
  threadId(): string;
  unmount(): void;
}

/** Draws a panel. */
export function play(props: Partial<ChatPanelProps> = {}): Stage {
  const client = props.client ?? connect();
  const threads: (string | undefined)[] = [];
  const { unmount } = render(
    <ChatPanel
      locale="en"
      {...props}
      client={client}
      onThreadChange={(id) => {
        threads.push(id);
        props.onThreadChange?.(id);
      }}
    />,
  );
  const user = userEvent.setup();
  const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  const quiet = () =>
    waitFor(() => {
      expect(document.querySelector("[data-outgoing]")).toBeNull();
      expect(screen.queryByRole("button", { name: /Stop/ })).toBeNull();
      expect(document.querySelector(".wsp-progress")).toBeNull();
    }, WAIT);
  return {
    user,
    client,
    threads,
    field,
    quiet,
    unmount,
    threadId: () => threads.findLast(Boolean) ?? props.threadId ?? "",
    async say(text) {
      await user.click(field());
      await user.paste(text);
      await user.keyboard("{Enter}");
    },
  };
}

/** The conversation. */
export const log = () => within(screen.getByRole("log", { name: "Conversation" }));

/** Waits until the conversation has a text. */
export const saw = (text: string | RegExp) => waitFor(() => expect(log().getAllByText(text)).not.toHaveLength(0), WAIT);

/** Waits for something to be true of the page. */
export const until = (check: () => void) => waitFor(check, WAIT);

/** Lets axe look at the page; returns what it found. Colours need a real page. */
export async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
