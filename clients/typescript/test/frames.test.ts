import { expect, test } from "vitest";
import { FrameCutter, fieldOf } from "../src/chatkit/frames.js";

const STREAM =
  'id: run_a:1\ndata: {"text":"wörd→😀"}\n\n: keep-alive\n\nid: run_a:2\ndata: {"a":"\\n\\n"}\n\n: end\n\n';
const FRAMES = STREAM.split(/(?<=\n\n)/);

test("a stream is cut into the same frames whatever the pieces are that it comes in", () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let size = 1; size <= bytes.length; size++) {
    const cutter = new FrameCutter();
    const frames = [];
    for (let start = 0; start < bytes.length; start += size)
      frames.push(...cutter.cut(bytes.slice(start, start + size)));

    expect(frames.map(({ text }) => text)).toEqual(FRAMES);
    expect(Buffer.concat(frames.map((frame) => frame.bytes)).toString()).toBe(STREAM);
  }
});

test("what is not whole is kept back", () => {
  const cutter = new FrameCutter();

  expect(cutter.cut(new TextEncoder().encode("data: 1\n\ndata: 2\n"))).toHaveLength(1);
  expect(cutter.cut(new TextEncoder().encode("\n"))).toHaveLength(1);
});

test("fields are found by their names", () => {
  const [frame] = new FrameCutter().cut(new TextEncoder().encode("id:run_a:1\ndata: {}\n\n"));
  if (!frame) throw new Error("no frame");

  expect(fieldOf(frame, "id")).toBe("run_a:1");
  expect(fieldOf(frame, "data")).toBe("{}");
  expect(fieldOf(frame, "event")).toBeUndefined();
});
