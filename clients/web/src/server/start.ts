import { getMigrations } from "better-auth/db/migration";
import { accounts } from "./auth";
import { migrateAlone } from "./database";
import { makeDemoAccount } from "./demo-account";
import { webSettings } from "./settings";

/** Brings the tables up to date, before anything is served. Where that fails, this process ends and says why. */
export async function start(): Promise<void> {
  try {
    await prepare();
  } catch (error) {
    console.error(`the web page cannot start: ${error instanceof Error ? error.message : "for an unknown reason"}`);
    process.exit(1);
  }
}

async function prepare(): Promise<void> {
  const { auth, database } = accounts();
  await migrateAlone(database, async () => {
    const { runMigrations } = await getMigrations(auth.options);
    await runMigrations();
  });
  if (webSettings().demoAccount) await makeDemoAccount();
}
