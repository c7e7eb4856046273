import { defineConfig } from "vitest/config";

// Apart from the panel's tests, which need the real server.
export default defineConfig({
  test: {
    name: "widgets",
    environment: "happy-dom",
    include: ["test/{widgets,markdown}/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    // What waits for a state that never comes fails by this.
    testTimeout: 60_000,
  },
});
