import type { TestProject } from "vitest/node";
import { Stack } from "./stack.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the doors of the stack are that all tests share. */
    url: string;
    /** A token of ada. */
    token: string;
    /** A token of bob. */
    otherToken: string;
    /** Silence after which the stack sends heartbeats. */
    heartbeatMs: number;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const heartbeatMs = 250;
  const stack = await Stack.start({ WIDGETSTREAM_HEARTBEAT_SECONDS: String(heartbeatMs / 1000) });
  project.provide("heartbeatMs", heartbeatMs);
  project.provide("url", stack.url);
  project.provide("token", await stack.token("ada"));
  project.provide("otherToken", await stack.token("bob"));
  return () => stack.end();
}
