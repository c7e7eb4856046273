import type { ChatKitOptions } from "@openai/chatkit-react";
import { createChatKitFetch } from "@widgetstream/client/chatkit-fetch";
import type { ChatKitSettings } from "@/server/settings";
import type { Session } from "../session/session";
import { GREETING, PLACEHOLDER, PROMPTS } from "./start-screen";

const TAG = "openai-chatkit";
/** How long the script may take until it has defined the element. */
const SCRIPT_MS = 4_000;
/** How long the element may take until it says that it is ready. */
export const READY_MS = 8_000;

/** Returns the options of ChatKit's element: our server behind it, with the person's token on each request. */
export function chatKitOptions(
  session: Session,
  settings: ChatKitSettings,
  scheme: "light" | "dark",
  threadId: string | undefined,
): ChatKitOptions {
  return {
    api: {
      url: new URL("/chatkit", window.location.origin).href,
      domainKey: settings.domainKey,
      fetch: createChatKitFetch({ token: session.token }),
      uploadStrategy: { type: "two_phase" },
    },
    theme: scheme,
    initialThread: threadId ?? null,
    startScreen: { greeting: GREETING, prompts: PROMPTS.map((prompt) => ({ ...prompt })) },
    composer: { placeholder: PLACEHOLDER, attachments: { enabled: true } },
    threadItemActions: { feedback: true, retry: true },
  };
}

/**
 * Loads ChatKit's element.
 *
 * @throws {Error} The script cannot be had, or takes more than 4 seconds. The message says which, for logs.
 */
export async function loadChatKit(src: string, nonce: string): Promise<void> {
  if (customElements.get(TAG)) return;
  const script = document.createElement("script");
  script.src = src;
  script.async = true;
  script.nonce = nonce;
  const failed = new Promise<never>((_, reject) => {
    script.onerror = () => reject(new Error("the script cannot be loaded"));
    setTimeout(() => reject(new Error(`the script took more than ${SCRIPT_MS} ms`)), SCRIPT_MS);
  });
  document.head.append(script);
  try {
    await Promise.race([customElements.whenDefined(TAG), failed]);
  } catch (error) {
    script.remove();
    throw error;
  }
}
