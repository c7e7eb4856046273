import { expect, test } from "./site";

const PROMPTS = [
  "add a task to buy milk tomorrow #home",
  "add a task to renew my passport on friday",
  "show me my tasks",
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of [
    ["wide", { width: 1280, height: 820 }],
    ["phone", { width: 390, height: 844 }],
  ] as const) {
    test.describe(`${colorScheme}, ${size}`, () => {
      test.use({ colorScheme, viewport, reducedMotion: "reduce" });

      test("reads well, for everybody", async ({ visitor, page }) => {
        await page.goto("/sign-up");
        await visitor.screenshot(`sign-up-${colorScheme}-${size}`);
        await visitor.expectAccessible();

        await visitor.signUp(`Ada ${colorScheme} ${size}`);
        await visitor.expectAccessible();
        for (const [index, prompt] of PROMPTS.entries()) {
          await visitor.say(prompt);
          await expect(visitor.log.getByRole("button", { name: "Good answer" })).toHaveCount(index + 1);
          await expect(page.getByRole("button", { name: "Stop answering" })).toHaveCount(0);
        }
        await expect(visitor.log.getByText("Renew my passport").last()).toBeVisible();
        await visitor.screenshot(`chat-${colorScheme}-${size}`);
        await visitor.expectAccessible();
        // Nothing is wider than the screen.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);

        if (size === "phone") {
          await page
            .getByRole("navigation", { name: "Parts of the page" })
            .getByRole("button", { name: "Tasks" })
            .click();
          await expect(visitor.tasks.getByText("Buy milk")).toBeVisible();
          await visitor.screenshot(`tasks-${colorScheme}-${size}`);
          await visitor.expectAccessible();
        }
      });
    });
  }
}

test("can be used with the keyboard alone", async ({ visitor, page }) => {
  await page.goto("/sign-up");
  for (const text of ["Keyboard", "keyboard@example.com", "correct horse battery"]) {
    if (text === "Keyboard") await page.getByLabel("Name").focus();
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(visitor.message).toBeVisible();

  await visitor.message.focus();
  await page.keyboard.type("add a task to buy milk");
  await page.keyboard.press("Enter");
  const complete = visitor.log.getByRole("button", { name: "Complete" });
  await expect(complete).toBeVisible();
  for (let steps = 0; steps < 40 && !(await complete.evaluate((node) => node === document.activeElement)); steps += 1) {
    await page.keyboard.press("Shift+Tab");
  }
  await expect(complete).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(visitor.log.getByRole("button", { name: "Reopen" })).toBeVisible();
});

test("shows all specimens of widgets", async ({ visitor, page }) => {
  await visitor.signUp("Specimens");
  await page.goto("/specimens");
  await expect(page.getByRole("heading").first()).toBeVisible();
  await visitor.screenshot("specimens");
});
