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
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await Stack.start();
  project.provide("url", stack.url);
  project.provide("token", await stack.token("ada"));
  project.provide("otherToken", await stack.token("bob"));
  return () => stack.end();
}
