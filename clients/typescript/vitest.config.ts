import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "client",
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/stack/global-setup.ts"],
    // What waits for a state that never comes fails by this.
    testTimeout: 60_000,
  },
});
