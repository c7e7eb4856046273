import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Pool } from "pg";
import type { WebSettings } from "./settings";

/** The schema of PostgreSQL that accounts are in, apart from the tables of the gRPC server. */
const SCHEMA = "accounts";
// "acco": one of several servers that start together makes the tables, the others wait.
const MIGRATION_LOCK = 0x6163_636f;

/** The database of the accounts: embedded, or PostgreSQL. */
export type AccountsDatabase = DatabaseSync | Pool;

/** Opens the database. PostgreSQL is connected to when it is first needed. */
export function openDatabase(settings: WebSettings): AccountsDatabase {
  if (settings.databaseUrl) {
    return new Pool({
      connectionString: settings.databaseUrl,
      options: `-c search_path=${SCHEMA}`,
      max: 5,
      connectionTimeoutMillis: 10_000,
    });
  }
  mkdirSync(path.dirname(settings.accountsFile), { recursive: true, mode: 0o700 });
  // Only its owner may read who has an account.
  process.umask(0o077);
  const database = new DatabaseSync(settings.accountsFile);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON",
  );
  return database;
}

/** Runs migrations while no other process does. */
export async function migrateAlone(database: AccountsDatabase, migrate: () => Promise<void>): Promise<void> {
  if (!(database instanceof Pool)) {
    await migrate();
    return;
  }
  const client = await database.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await migrate();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}
