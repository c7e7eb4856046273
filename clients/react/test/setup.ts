import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { loadMarkdown } from "../src/index.js";

// The chart library is loaded with the first chart, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 20_000, getElementError: (message) => new Error(message ?? "not found") });

// React reports a key that is missing, an element in the wrong place and an update outside of `act` as an error.
let errors: unknown[][] = [];

beforeAll(loadMarkdown);

beforeEach(() => {
  errors = [];
  vi.spyOn(console, "error").mockImplementation((...args) => {
    errors.push(args);
  });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  expect(errors).toEqual([]);
});

/** Returns what was reported in this test, and takes it for expected. */
export function reported(): unknown[][] {
  const seen = errors;
  errors = [];
  return seen;
}
