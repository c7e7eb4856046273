import { expect, test } from "./site";

test.use({
  settings: { WIDGETSTREAM_APP: "tests.e2e.paced_showcase:create" },
  // A server that is away is what this is about.
  expectedProblems: [/Failed to (load|fetch)|ERR_|status of 50[0-9]|NetworkError/],
});

test("survives a server that is killed in the middle of an answer", async ({ visitor, page, stack }) => {
  test.setTimeout(120_000);
  await visitor.signUp("Ada");
  await visitor.say("steps 3");
  await expect(page).toHaveURL(/thread=/);
  await visitor.go();
  await expect(visitor.log.getByText("wörd1→😀")).toBeVisible();
  await visitor.message.fill("not sent yet");
  // What was said is kept within a moment of it being said.
  await expect
    .poll(async () => (await page.request.get("/healthz").catch(() => undefined))?.status() ?? 0)
    .toBeGreaterThan(0);
  await stack.killServer();
  await stack.restart();

  await expect(visitor.log.getByText(/interrupted|broke off|try again/i).first()).toBeVisible({ timeout: 60_000 });
  await expect(visitor.message).toHaveValue("not sent yet");
  await visitor.say("message");
  await expect(visitor.log.getByRole("heading", { name: "A message" })).toBeVisible();
});
