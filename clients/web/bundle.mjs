// Puts what the browser fetches beside the server that Next.js has bundled.
import { cpSync, existsSync, rmSync } from "node:fs";
import path from "node:path";

const here = import.meta.dirname;
const bundle = path.join(here, ".next", "standalone", "web");
for (const [from, to] of [
  [".next/static", ".next/static"],
  ["public", "public"],
]) {
  rmSync(path.join(bundle, to), { recursive: true, force: true });
  if (existsSync(path.join(here, from))) cpSync(path.join(here, from), path.join(bundle, to), { recursive: true });
}
