import { defineConfig } from "vite";

// The page of specimens by itself, for looking at: `npx vite` here.
export default defineConfig({
  root: "preview",
  build: { outDir: "../.preview", emptyOutDir: true },
  server: { host: "127.0.0.1" },
});
