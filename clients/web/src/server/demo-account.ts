import { accounts } from "./auth";

const DEMO = { email: "demo@example.com", name: "Demo", password: "widgetstream" };

/** Makes the account that the documentation names, unless there is one of its address. */
export async function makeDemoAccount(): Promise<void> {
  const context = await accounts().auth.$context;
  if (await context.internalAdapter.findUserByEmail(DEMO.email)) return;
  const user = await context.internalAdapter.createUser(
    { email: DEMO.email, name: DEMO.name, emailVerified: true },
    { method: "email-password" },
  );
  await context.internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: "credential",
    password: await context.password.hash(DEMO.password),
  });
}
