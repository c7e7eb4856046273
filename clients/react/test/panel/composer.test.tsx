import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { connect, log, play, saw, until, violations } from "./stage.js";

const file = (name: string, content = "hello", type = "text/plain") => new File([content], name, { type });
const files = () => within(screen.getByRole("list", { name: "Attached files" }));
const alert = () => screen.getByRole("alert").textContent;

/** Picks files, as a person does in the browser's dialog. */
async function pick({ user }: ReturnType<typeof play>, ...picked: File[]): Promise<void> {
  await user.upload(document.querySelector<HTMLInputElement>("input[type=file]") as HTMLInputElement, picked);
}

test("files are uploaded and go with the message", async () => {
  const stage = play();
  await pick(stage, file("notes.txt"), file("list.csv", "a,b", "text/csv"));
  await files().findByRole("button", { name: "Remove notes.txt" });
  await until(() => expect(files().queryAllByRole("progressbar")).toEqual([]));
  expect(await violations()).toEqual([]);
  await stage.user.click(files().getByRole("button", { name: "Remove list.csv" }));
  await stage.say("echo look");
  await saw(/file: notes\.txt \(text\/plain\)/);
  expect(log().queryByText(/list\.csv/)).toBeNull();
});

test("files are pasted and dropped", async () => {
  play();
  fireEvent.paste(screen.getByRole("textbox", { name: "Message" }), { clipboardData: { files: [file("pasted.txt")] } });
  await files().findByText("pasted.txt");
  const dataTransfer = { types: ["Files"], files: [file("dropped.txt")] };
  const panel = screen.getByRole("region", { name: "Chat" });
  fireEvent.dragEnter(panel, { dataTransfer });
  expect(screen.getByText("Drop files here to attach them")).toBeTruthy();
  fireEvent.drop(panel, { dataTransfer });
  await files().findByText("dropped.txt");
  expect(screen.queryByText("Drop files here to attach them")).toBeNull();
});

test("files that may not go are refused in words", async () => {
  const stage = play({ composer: { attachments: { maxSize: 2_000_000, maxCount: 1, accept: [".txt", "image/*"] } } });
  const refuse = async (...refused: File[]) => {
    fireEvent.paste(stage.field(), { clipboardData: { files: refused } });
    await until(() => expect(screen.queryByRole("alert")).not.toBeNull());
    return alert();
  };
  expect(await refuse(file("empty.txt", ""))).toBe("empty.txt is empty.");
  expect(await refuse(file("big.txt", "x".repeat(2_000_001)))).toBe("big.txt is larger than 2 MB.");
  expect(await refuse(file("tool.exe", "x", "application/x-msdownload"))).toContain("of a kind that is not accepted");
  expect(await refuse(file("one.txt"), file("two.txt"))).toBe("At most 1 files can go with a message.");
});

test("an upload that fails says so, and can be tried again", async () => {
  let fails = true;
  const client = connect({
    fetch: (input, init) =>
      fails && init?.method !== "POST" ? Promise.reject(new TypeError("cut")) : globalThis.nodeFetch(input, init),
  });
  vi.stubGlobal("XMLHttpRequest", undefined);
  const stage = play({ client });
  await pick(stage, file("notes.txt"));
  await until(() => expect(alert()).toContain("The upload failed."));
  await stage.say("echo look");
  await until(() => expect(screen.getAllByRole("alert").at(-1)?.textContent).toContain("could not be uploaded"));
  expect(stage.field().value).toBe("echo look");
  fails = false;
  await stage.user.click(files().getByRole("button", { name: "Upload notes.txt again" }));
  await until(() => expect(files().queryByRole("progressbar")).toBeNull());
  await until(() => expect(files().queryByRole("alert")).toBeNull());
  await stage.user.click(screen.getByRole("button", { name: "Send message" }));
  await saw(/file: notes\.txt/);
});

test("what the application knows is mentioned with @", async () => {
  const entities = [
    { id: "task_1", title: "Buy milk", group: "Tasks", data: { number: "1" } },
    { id: "task_2", title: "Buy bread" },
  ];
  const onTagSearch = vi.fn(async (query: string) =>
    entities.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase())),
  );
  const { user, field, quiet } = play({ entities: { onTagSearch } });
  await user.type(field(), "echo about @bu");
  const list = await screen.findByRole("listbox", { name: "Mentions" });
  expect(await violations()).toEqual([]);
  expect(within(list).getAllByRole("option")).toHaveLength(2);
  await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
  expect(field().value).toBe("echo about @Buy milk ");
  await user.keyboard("please{Enter}");
  await saw(/tag: @Buy milk \(task_1\)/);
  await quiet();
  expect(log().getByText("@Buy milk", { selector: ".wsp-mention" })).toBeTruthy();
});

test("a model and a tool are chosen by keys", async () => {
  const { user, say } = play({
    composer: {
      models: [
        { id: "fast", label: "Fast" },
        { id: "deep", label: "Deep" },
      ],
      tools: [{ id: "search", label: "Search the web" }],
    },
  });
  screen.getByRole("button", { name: "Model: Fast" }).focus();
  await user.keyboard("{ArrowDown}");
  expect(await violations()).toEqual([]);
  await user.keyboard("{ArrowDown}{Enter}");
  screen.getByRole("button", { name: "Tools" }).focus();
  await user.keyboard("{Enter}{Enter}");
  expect(screen.getByRole("button", { name: "Do not use Search the web" })).toBeTruthy();
  await say("echo hello");
  await saw(/tool: search/);
  expect(log().getByText(/model: deep/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Do not use Search the web" })).toBeNull();
});

test("a text that is selected in an answer is quoted", async () => {
  const { say, user, quiet } = play();
  await say("replace");
  await quiet();
  const [answer] = log().getAllByText("The second version.");
  const selection = {
    isCollapsed: false,
    anchorNode: answer,
    focusNode: answer,
    toString: () => "second version",
    getRangeAt: () => ({ getBoundingClientRect: () => new DOMRect() }),
    removeAllRanges: () => undefined,
  };
  vi.spyOn(document, "getSelection").mockReturnValue(selection as unknown as Selection);
  document.dispatchEvent(new Event("selectionchange"));
  await user.click(await screen.findByRole("button", { name: "Quote" }));
  vi.restoreAllMocks();
  await say("echo why?");
  await saw(/quoted: second version/);
});

test("Shift and Enter begin a line; what is typed survives a reload", async () => {
  const { user, field, unmount } = play();
  await user.type(field(), "first{Shift>}{Enter}{/Shift}second");
  unmount();
  const again = play();
  expect(again.field().value).toBe("first\nsecond");
});

test("an input method's Enter does not send", () => {
  const { field, threads } = play();
  fireEvent.change(field(), { target: { value: "にほん" } });
  fireEvent.keyDown(field(), { key: "Enter", isComposing: true, keyCode: 229 });
  expect(field().value).toBe("にほん");
  expect(threads).toEqual([]);
});

test("where the browser keeps nothing, typing works all the same", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("refused", "SecurityError");
  });
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("refused", "SecurityError");
  });
  const { say, quiet } = play();
  await say("end of turn");
  await saw("Your turn.");
  await quiet();
  vi.restoreAllMocks();
});

test("what is said is written down where the cursor is", async () => {
  class Recorder extends EventTarget {
    static isTypeSupported = () => true;
    state = "inactive";
    mimeType = "audio/webm";
    ondataavailable?: (event: { data: Blob }) => void;
    onstop?: (() => void) | null;
    readonly stream = { getTracks: () => [{ stop: () => undefined }] };
    start() {
      this.state = "recording";
    }
    stop() {
      this.state = "inactive";
      this.ondataavailable?.({ data: new Blob(["sound"], { type: "audio/webm" }) });
      this.onstop?.();
    }
  }
  vi.stubGlobal("MediaRecorder", Recorder);
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: { getUserMedia: async () => ({}) },
  });
  const { user, field } = play({ composer: { dictation: true } });
  await user.type(field(), "Note:");
  await user.click(screen.getByRole("button", { name: "Dictate" }));
  await user.click(await screen.findByRole("button", { name: "Stop recording" }));
  await until(() => expect(field().value).toBe("Note: A recording of 5 bytes."));
});
