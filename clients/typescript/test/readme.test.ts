import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const folder = dirname(fileURLToPath(import.meta.url));

/** Returns what the compiler says of the examples, as if they were modules in this folder. */
function problems(examples: string[]): string[] {
  const read = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, folder);
  const sources = new Map(examples.map((code, index) => [join(folder, `example${index}.ts`), code]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  const getSourceFile = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    const code = sources.get(name);
    return code === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ESNext, true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("the examples of the README compile", () => {
  const readme = readFileSync(join(folder, "../README.md"), "utf8");
  const examples = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => `${code}\nexport {};\n`);

  expect(examples.length).toBeGreaterThan(3);
  // What does not compile is found.
  const wrong = 'import { nothing } from "@widgetstream/client";';
  expect(problems([...examples, wrong])).toEqual([expect.stringContaining("'nothing'")]);
});
