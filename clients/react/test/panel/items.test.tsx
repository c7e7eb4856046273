import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { log, play, saw, until, violations } from "./stage.js";

test("a message of the person, and an answer in markdown", async () => {
  const { say, quiet } = play();
  await say("message");
  await quiet();
  expect(log().getByText("message", { selector: ".wsp-bubble" })).toBeTruthy();
  expect(log().getByRole("heading", { name: "A message" })).toBeTruthy();
  expect(log().getByRole("link", { name: "link" }).getAttribute("href")).toBe("https://example.com");
  expect(log().getByRole("cell", { name: "Milk" })).toBeTruthy();
  expect(await violations()).toEqual([]);
});

test("sources stand as numbers in the text, and as a list below", async () => {
  const onClick = vi.fn();
  const { say, quiet, user } = play({ entities: { onClick } });
  await say("annotations");
  await quiet();
  const sources = within(log().getByRole("list", { name: "3 sources" }));
  const page = sources.getByRole("link", { name: /Example Domain/ });
  expect(page.getAttribute("href")).toBe("https://example.com");
  expect(page.getAttribute("rel")).toContain("noopener");
  expect(sources.getByText("report.pdf")).toBeTruthy();
  const mark = log().getByRole("button", { name: "Source 1: Example Domain" });
  await user.click(mark);
  expect(document.activeElement?.textContent).toContain("Example Domain");
  await user.click(sources.getByRole("button", { name: /Buy milk/ }));
  expect(onClick).toHaveBeenCalledWith(expect.objectContaining({ id: "task_1", data: { number: "1" } }));
  expect(await violations()).toEqual([]);
});

test("a workflow collapses into its summary, and opens again", async () => {
  const { say, quiet, user } = play();
  await say("play workflow");
  await quiet();
  const head = log().getByRole("button", { name: /Showed every step/ });
  expect(head.getAttribute("aria-expanded")).toBe("false");
  await user.click(head);
  expect(head.getAttribute("aria-expanded")).toBe("true");
  expect(log().getByText("Searched the web: milk")).toBeTruthy();
  expect(log().getByText("oat milk")).toBeTruthy();
  expect(log().getAllByRole("img", { name: "Done" })).toHaveLength(5);
  expect(await violations()).toEqual([]);
});

test("reasoning tells how long it took", async () => {
  const { say, quiet, user } = play();
  await say("play reasoning");
  await quiet();
  const head = log().getByRole("button", { name: /Thought for 4 seconds/ });
  await user.click(head);
  expect(log().getByText("The person wants a specimen. A thought is one. So I think.")).toBeTruthy();
});

test("tasks of each kind stand alone", async () => {
  const { say, quiet, user } = play();
  await say("tasks");
  await quiet();
  for (const title of ["Did something", "Thought about it", "Read a file", "Looked at an image"]) {
    expect(log().getByText(title)).toBeTruthy();
  }
  const thought = log().getByRole("button", { name: "Thought about it" });
  expect(log().getByText("Milk is white.").closest("[hidden]")).not.toBeNull();
  await user.click(thought);
  expect(log().getByText("Milk is white.").closest("[hidden]")).toBeNull();
});

test("a generated image", async () => {
  const { say, quiet } = play();
  await say("image");
  await quiet();
  expect(log().getByRole<HTMLImageElement>("img", { name: "Generated image" }).src).toMatch(/^data:image\/svg/);
});

test("a client tool is run, and the assistant goes on with what it answers", async () => {
  const onClientTool = vi.fn(async () => ({ selected: "three" }));
  const { say, quiet } = play({ onClientTool });
  await say("client tool get_selection");
  await saw('get_selection answered: {"selected": "three"}');
  await quiet();
  expect(onClientTool).toHaveBeenCalledExactlyOnceWith("get_selection", { kind: "tasks", limit: 3 });
});

test("a client tool that fails can be tried again", async () => {
  const onClientTool = vi.fn(async () => "now");
  onClientTool.mockRejectedValueOnce(new Error("not yet"));
  const { say, user } = play({ onClientTool });
  await say("client tool later");
  await saw("“later” could not be done here.");
  await user.click(log().getByRole("button", { name: "Try again" }));
  await saw('later answered: "now"');
});

test("questions are answered one after another", async () => {
  const { say, user, quiet } = play();
  await say("structured input");
  await saw("Which day?");
  expect(await violations()).toEqual([]);
  await user.click(log().getByRole("radio", { name: "Tomorrow" }));
  await user.click(log().getByRole("button", { name: "Next" }));
  await user.click(log().getByRole("checkbox", { name: "home" }));
  await user.click(log().getByRole("checkbox", { name: "errands" }));
  await user.click(log().getByRole("button", { name: "Next" }));
  await user.type(log().getByRole("textbox", { name: "Anything else?" }), "Bring bags{Enter}");
  await saw(/Which tags\? home, errands/);
  await quiet();
  expect(log().getByText("Bring bags")).toBeTruthy();
  expect(log().getByText("Tomorrow")).toBeTruthy();
});

test("questions are skipped", async () => {
  const { say, user } = play();
  await say("structured input");
  await saw("Which day?");
  for (let count = 0; count < 3; count++) await user.click(log().getByRole("button", { name: "Skip" }));
  await saw("You skipped the questions.");
});

test("a widget, and an action of it in a run", async () => {
  const { say, user, quiet } = play();
  await say("show transition");
  await quiet();
  await user.click(log().getByRole("button", { name: "Count" }));
  await saw("Clicked 1 times");
});

test("a widget that streams is changed in place", async () => {
  const { say, quiet } = play();
  await say("stream widget");
  await quiet();
  expect(log().getByText("A text that grows, word by word.")).toBeTruthy();
  expect(log().getByText("done")).toBeTruthy();
});

test("items that are removed, replaced, hidden, or end a turn", async () => {
  const { say, quiet } = play();
  await say("remove");
  await quiet();
  expect(log().queryByText("You will not see this for long.")).toBeNull();
  await say("replace");
  await saw("The second version.");
  expect(log().queryByText("The frist version.")).toBeNull();
  await quiet();
  await say("hidden secret");
  await saw("I keep that to myself.");
  await quiet();
  await say("end of turn");
  await saw("Your turn.");
  await quiet();
  expect(document.querySelectorAll("[data-kind=hiddenContext], [data-kind=endOfTurn]")).toHaveLength(0);
});

test("notices of each level can be put away", async () => {
  const { say, quiet, user } = play();
  await say("notice");
  await quiet();
  const notices = screen.getAllByRole("status").filter((each) => each.classList.contains("wsp-note"));
  expect(notices.map((each) => each.dataset.level)).toEqual(["info", "warning", "danger"]);
  expect(await violations()).toEqual([]);
  await user.click(within(notices[0] as HTMLElement).getByRole("button", { name: "Dismiss" }));
  await until(() => expect(log().queryByText("Info")).toBeNull());
});

test("an effect reaches the page once", async () => {
  const onClientEffect = vi.fn();
  const { say, quiet } = play({ onClientEffect });
  await say("client effect blink");
  await quiet();
  expect(onClientEffect.mock.calls).toEqual([
    ["blink", { target: "tasks", times: 2, colors: ["red", "blue"] }],
    ["blink", {}],
  ]);
});
