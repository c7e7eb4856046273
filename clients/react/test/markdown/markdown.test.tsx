import { act, render } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { Markdown } from "../../src/index.js";
import { splitBlocks } from "../../src/markdown/blocks.js";

const TEXT = `# Title

A paragraph with **bold**, _italic_, \`code\` and ~~gone~~.

- one

- two
  - nested

  still two

1. first
2. second

> a quote
>
> goes on

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

- [x] done
- [ ] open

    indented code

The end of https://example.com.
`;

function html(text: string, streaming = false): string {
  const { container, unmount } = render(<Markdown text={text} streaming={streaming} />);
  const written = container.innerHTML;
  unmount();
  return written;
}

test("the parts of a text, rendered by themselves, are what the whole is", () => {
  const blocks = splitBlocks(TEXT);
  expect(blocks.join("")).toBe(TEXT);
  expect(blocks.length).toBeGreaterThan(6);
  // A definition keeps a text whole, and shows nothing itself.
  const whole = html(`${TEXT}\n[x]: https://example.com\n`);
  const squeezed = (written: string) => written.replace(/>\s+</g, "><");
  expect(squeezed(html(TEXT))).toBe(squeezed(whole));
});

test("a text with footnotes or definitions stays whole", () => {
  expect(splitBlocks("See [^1].\n\n[^1]: There.\n")).toHaveLength(1);
  expect(html("See [it][x].\n\n[x]: https://example.com\n")).toContain('href="https://example.com"');
});

test("at every length a text that streams is shown without its open marks", () => {
  const text = "Some **bold and _italic_** words, `code` and a [link](https://example.com).";
  for (let length = 1; length <= text.length; length += 1) {
    expect(html(text.slice(0, length), true).replace(/<[^>]*>/g, "")).not.toMatch(/\*\*\w|`\w|\]\(/);
  }
});

test("what was shown before stays while a text grows", () => {
  const { container, rerender } = render(<Markdown text={"# Title\n\nFirst.\n\nSec"} streaming />);
  const [title, first] = container.querySelectorAll("h1, p");
  rerender(<Markdown text={"# Title\n\nFirst.\n\nSecond.\n\nThird."} streaming />);
  expect(container.querySelector("h1")).toBe(title);
  expect(container.querySelectorAll("p")[0]).toBe(first);
  rerender(<Markdown text={"# Title\n\nFirst.\n\nSecond.\n\nThird."} />);
  expect(container.querySelector("h1")).toBe(title);
});

describe("safety", () => {
  test("HTML is shown as text", () => {
    const written = html("<b>bold</b> <script>alert(1)</script>\n\n<div onclick=x>block</div>");
    expect(written).not.toMatch(/<(b|script|div onclick)[ >]/);
  });

  test("links are followed to http, https and mailto alone, in a new tab", () => {
    const { container } = render(
      <Markdown text={"[a](https://example.com) [b](javascript:alert(1)) [c](/x) [d](mailto:a@b.c)"} />,
    );
    const links = [...container.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://example.com", "mailto:a@b.c"]);
    expect(links.every((link) => link.rel.includes("noopener") && link.target === "_blank")).toBe(true);
  });

  test("images come from allowed hosts alone; others are a link to them", () => {
    const text = "![ours](https://img.example.com/a.png) ![theirs](https://evil.example/b.png)";
    const { container } = render(<Markdown text={text} imageDomains={["img.example.com"]} />);
    expect([...container.querySelectorAll("img")].map((image) => image.src)).toEqual(["https://img.example.com/a.png"]);
    expect(container.querySelector("a")?.textContent).toBe("theirs");
  });
});

test("a text stands there as it was written until what renders it is loaded", async () => {
  vi.resetModules();
  const { Markdown: Fresh, loadMarkdown } = await import("../../src/markdown/index.js");
  const { container } = render(<Fresh text="**bold**" />);
  expect(container.textContent).toBe("**bold**");

  await act(loadMarkdown);
  expect(container.querySelector("strong")?.textContent).toBe("bold");
});
