import { test, type Visitor } from "../e2e/site";

const TIMES = 20;
const TOKEN = '[data-kind="assistantMessage"] p';
const WIDGET = '[data-kind="widget"] button';

test("waits of a person", async ({ visitor }) => {
  await visitor.signUp("Stopwatch");
  const first = await waitFor(visitor, "add a task to buy stamps", WIDGET);
  report("first widget of a new account", [first]);
  const widgets: number[] = [];
  for (let turn = 1; turn <= TIMES; turn += 1) {
    widgets.push(await waitFor(visitor, `add a task to buy stamp ${turn}`, WIDGET));
  }
  report("first widget", widgets);
  const tokens: number[] = [];
  for (let turn = 1; turn <= TIMES; turn += 1) tokens.push(await waitFor(visitor, "hello", TOKEN));
  report("first token", tokens);
});

/** Sends a message; returns after how many milliseconds the page has painted one more of what a selector names. */
async function waitFor(visitor: Visitor, text: string, selector: string): Promise<number> {
  const { page } = visitor;
  await page.evaluate(watch, selector);
  await visitor.say(text);
  const wait = await page.waitForFunction(() => (window as Watching).wait);
  await page.getByRole("button", { name: "Stop answering" }).waitFor({ state: "detached" });
  return (await wait.jsonValue()) as number;
}

type Watching = Window & { wait?: number };

function watch(selector: string): void {
  const count = () => document.querySelectorAll(selector).length;
  const before = count();
  const page = window as Watching;
  delete page.wait;
  let asked: number | undefined;
  document.addEventListener(
    "keydown",
    ({ key }) => {
      if (key === "Enter") asked ??= performance.now();
    },
    true,
  );
  const observer = new MutationObserver(() => {
    if (asked === undefined || count() === before) return;
    observer.disconnect();
    const start = asked;
    // After the frame, which is when it is there to be seen.
    requestAnimationFrame(() => setTimeout(() => Object.assign(page, { wait: performance.now() - start })));
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

function report(what: string, waits: number[]): void {
  const sorted = waits.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const most = sorted.at(-1) ?? 0;
  const figures = waits.length > 1 ? `${median.toFixed(0)} ms, at most ${most.toFixed(0)} ms` : `${most.toFixed(0)} ms`;
  console.log(`${what.padEnd(45)} ${figures}`);
}
