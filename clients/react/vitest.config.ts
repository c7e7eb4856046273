import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "react",
    include: ["test/panel/**/*.test.{ts,tsx}"],
    globalSetup: ["../typescript/test/stack/global-setup.ts"],
    environment: "./test/panel/environment.ts",
    testTimeout: 30_000,
  },
});
