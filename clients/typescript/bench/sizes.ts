/** How much a page loads. Works on what was built: `npm run bench --workspace=typescript`. */
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const ENTRIES = {
  "the client": 'export { WidgetstreamClient } from "@widgetstream/client"',
  "the fold": 'export { applyEvents, threadState, withOptimisticMessage } from "@widgetstream/client"',
  "client and fold":
    'export { WidgetstreamClient, applyEvents, threadState, withOptimisticMessage } from "@widgetstream/client"',
  "all there is": 'export * from "@widgetstream/client"; export * as todo from "@widgetstream/client/todo"',
  "chatkit-fetch alone": 'export { createChatKitFetch } from "@widgetstream/client/chatkit-fetch"',
};

console.log(`${"bytes".padEnd(24)}${"minified".padStart(10)}${"gzipped".padStart(10)}`);
for (const [name, code] of Object.entries(ENTRIES)) {
  const bundle = await rolldown({
    input: "entry",
    cwd: import.meta.dirname,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry" ? `${import.meta.dirname}/entry.js` : null),
        load: (id) => (id.endsWith("/entry.js") ? code : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  const minified = output[0].code;
  console.log(
    `${name.padEnd(24)}${String(minified.length).padStart(10)}${String(gzipSync(minified).length).padStart(10)}`,
  );
}
