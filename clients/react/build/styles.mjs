// Bundles `src/styles.css` into `dist/styles.css`, the one style sheet that a page links.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
await build({
  root,
  configFile: false,
  logLevel: "warn",
  build: {
    outDir: "dist",
    emptyOutDir: false,
    copyPublicDir: false,
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    rollupOptions: { input: "src/styles.css", output: { assetFileNames: "styles.css" } },
  },
});
