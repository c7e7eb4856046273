// Draws `src/icons/gen/drawings.ts` from the icons of @openai/apps-sdk-ui (MIT), the set that ChatKit's own frontend
// uses. Only these drawings are taken, so the package is fetched when the file is made, and nobody else installs it.
//
//   node build/icons.mjs        (npm must be on PATH)
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGE = "@openai/apps-sdk-ui@0.2.2";
const INTEGRITY = "sha512-KaG+6qcVCKVRe51wr2te68OKoHfjRQPDVVkugxiF+SaZlgLpNbxOfyrL/FyUBmHbjh1q4p7eWDYAd75jHseZ9A==";
const TARGET = new URL("../src/icons/gen/drawings.ts", import.meta.url);

// ChatKit's names, as in proto/widgetstream/chatkit/v1/icon.proto; where the set has another name, that name.
const BUILT_IN = `agent analytics atom batch bolt book-open book-closed book-clock bug calendar chart check check-circle
check-circle-filled chevron-left chevron-right circle-question clock compass confetti cube desktop document
dots-horizontal dots-vertical empty-circle external-link globe keys=ApiKeys lab images info lifesaver lightbulb mail
map-pin maps mobile name notebook notebook-pencil page-blank phone play plus profile=AvatarProfile
profile-card=BuilderProfileCard reload star star-filled search sparkle sparkle-double square-code square-image
square-text suitcase settings-slider user wreath write=Edit write-alt write-alt2`;

// What controls and a chat panel need besides.
const INTERFACE = `arrow-down arrow-up chevron-down chevron-up chevron-up-down copy download edit=PencilSquare error
file file-document flag history link menu mic paperclip pencil pin quote regenerate reply share sidebar stop tag terminal
thumb-down thumb-down-filled thumb-up thumb-up-filled tools trash undo warning x x-circle-filled`;

function pascal(name) {
  return name.replace(/(^|-)([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());
}

const NUMBER = /\s*,?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
const FLAG = /\s*,?\s*([01])/y;

/** Rounds a path to hundredths. The flags of arcs may stand without a space before the number that follows. */
function round(path) {
  return path.replace(/([a-z])([^a-z]*(?:e[-+]?\d[^a-z]*)*)/gi, (_, command, list) => {
    const numbers = [];
    for (let at = 0; list.slice(at).trim() !== ""; ) {
      const flag = command.toLowerCase() === "a" && (numbers.length % 7 === 3 || numbers.length % 7 === 4);
      const pattern = flag ? FLAG : NUMBER;
      pattern.lastIndex = at;
      const match = pattern.exec(list);
      if (!match) throw new Error(`not a path: ${path}`);
      at = pattern.lastIndex;
      numbers.push(String(Math.round(Number(match[1]) * 100) / 100).replace(/^(-?)0\./, "$1."));
    }
    return command + numbers.join(" ").replaceAll(" -", "-");
  });
}

function draw(folder, drawing) {
  const source = readFileSync(join(folder, `${drawing}.js`), "utf8");
  if (!source.includes('viewBox: "0 0 24 24"') || /stroke|"(circle|rect|line)"|transform/.test(source)) {
    throw new Error(`${drawing} is not made of filled paths in a box of 24`);
  }
  const paths = [...source.matchAll(/_jsx\("path", \{([^}]*)\}/g)].map(([, attributes]) => {
    const path = round(/\bd: "([^"]*)"/.exec(attributes)[1]);
    return /fillRule: "evenodd"/.test(attributes) ? `!${path}` : path;
  });
  return paths.join("|");
}

const folder = mkdtempSync(join(tmpdir(), "icons-"));
try {
  const packed = JSON.parse(
    execFileSync("npm", ["pack", PACKAGE, "--json", "--pack-destination", folder], { encoding: "utf8" }),
  );
  const archive = join(folder, packed[0].filename);
  const digest = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (digest !== INTEGRITY) throw new Error(`${PACKAGE} has the digest ${digest}`);
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  const svg = join(folder, "package/dist/es/components/Icon/svg");
  const entries = `${BUILT_IN} ${INTERFACE}`.split(/\s+/).map((entry) => {
    const [name, drawing = pascal(name)] = entry.split("=");
    return `  ${JSON.stringify(name)}: ${JSON.stringify(draw(svg, drawing))},`;
  });
  const licence = readFileSync(join(folder, "package/LICENSE"), "utf8")
    .trim()
    .replace(/^/gm, " * ")
    .replace(/ +$/gm, "");
  writeFileSync(
    TARGET,
    [
      `/* Made by build/icons.mjs from ${PACKAGE}. Paths in a box of 24, joined by "|"; "!" marks the even-odd rule.`,
      " *",
      licence,
      " */",
      "export const DRAWINGS: Readonly<Record<string, string>> = {",
      '  dot: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8z",',
      ...entries,
      "};",
      "",
    ].join("\n"),
  );
} finally {
  rmSync(folder, { recursive: true });
}
