// Measures the renderer: its size, 60 updates a second on 300 components while someone types, and a list of 5,000 rows.
//
//   node bench/run.mjs       needs a build of the packages, and Chromium (CHROMIUM names it) for all but the size
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const SECONDS = 5;

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Bundles the panel and its client, without React, and prints their sizes: what is loaded at once, and what later. */
async function measureSize() {
  const outDir = join(root, ".preview/size");
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      outDir,
      emptyOutDir: true,
      rollupOptions: {
        input: join(root, "bench/entry.ts"),
        preserveEntrySignatures: "strict",
        external: /^react(-dom)?($|\/)/,
        output: { entryFileNames: "entry.js", chunkFileNames: "later-[name].js" },
      },
    },
  });
  const sizes = { entry: 0, MarkdownText: 0, ChartCanvas: 0 };
  for (const name of readdirSync(outDir, { recursive: true }).filter((path) => path.endsWith(".js"))) {
    const part = /later-(MarkdownText|ChartCanvas)/.exec(name)?.[1] ?? "entry";
    sizes[part] += gzipSync(readFileSync(join(outDir, name)), { level: 9 }).length;
  }
  rmSync(outDir, { recursive: true });
  const styles = gzipSync(readFileSync(join(root, "dist/styles.css")), { level: 9 }).length;
  console.log(`panel and client, gzipped                     ${kilobytes(sizes.entry)}`);
  console.log(`  loaded after it: markdown                   ${kilobytes(sizes.MarkdownText)}`);
  console.log(`  loaded with the first chart                 ${kilobytes(sizes.ChartCanvas)}`);
  console.log(`  style sheet of the package                  ${kilobytes(styles)}`);
}

async function measureUpdates(page, address) {
  await page.goto(`${address}bench.html`);
  const field = page.getByPlaceholder("Type here");
  await field.click();
  const text = "the quick brown fox jumps over the lazy dog ".repeat(10).slice(0, SECONDS * 20);
  await page.evaluate(() => Object.assign(measured, { updates: 0, update: [], frame: [], long: [] }));
  const start = performance.now();
  await field.pressSequentially(text, { delay: 45 });
  const seconds = (performance.now() - start) / 1000;
  const { updates, update, frame, long } = await page.evaluate(() => measured);
  const typed = await field.inputValue();
  console.log(`300 components, updates a second              ${(updates / seconds).toFixed(1)}`);
  console.log(
    `  one update, median, 99 %                    ${quantile(update, 0.5).toFixed(2)} ms, ${quantile(update, 0.99).toFixed(2)} ms`,
  );
  console.log(
    `  frame, median, 99 %                         ${quantile(frame, 0.5).toFixed(1)} ms, ${quantile(frame, 0.99).toFixed(1)} ms`,
  );
  console.log(`  tasks over 50 ms                            ${long.length}`);
  console.log(`  letters typed meanwhile, and kept           ${text.length}, ${typed === text ? "all" : typed.length}`);
}

async function measureList(page, address) {
  const start = performance.now();
  await page.goto(`${address}bench.html?rows=5000`);
  await page.locator("li").first().waitFor();
  const first = performance.now() - start;
  await page.waitForFunction(() => document.querySelectorAll("li").length === 5000, undefined, { timeout: 120_000 });
  const all = performance.now() - start;
  const { long } = await page.evaluate(() => measured);
  await page.evaluate(() => Object.assign(measured, { frame: [] }));
  for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 4000);
  const { frame } = await page.evaluate(() => new Promise((done) => setTimeout(() => done(measured), 1000)));
  console.log(`5,000 rows: first on screen, all there        ${first.toFixed(0)} ms, ${all.toFixed(0)} ms`);
  console.log(`  longest task meanwhile                      ${Math.max(0, ...long).toFixed(0)} ms`);
  console.log(
    `  frame while scrolling, median, 99 %         ${quantile(frame, 0.5).toFixed(1)} ms, ${quantile(frame, 0.99).toFixed(1)} ms`,
  );
}

await measureSize();
await build({
  root: join(root, "preview"),
  configFile: false,
  logLevel: "error",
  build: {
    outDir: join(root, ".preview/pages"),
    emptyOutDir: true,
    rollupOptions: { input: join(root, "preview/bench.html") },
  },
});
const server = await preview({
  root: join(root, "preview"),
  configFile: false,
  logLevel: "error",
  build: { outDir: join(root, ".preview/pages") },
  preview: { host: "127.0.0.1", port: 0 },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  const address = server.resolvedUrls.local[0];
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await measureUpdates(page, address);
  await measureList(page, address);
} finally {
  await browser.close();
  await server.close();
}
