import { describe, expect, test } from "vitest";
import { share } from "../src/conversation/share.js";
import { frozen } from "./frozen.js";

const tree = () => ({
  id: "root",
  children: [
    { id: "a", n: 1 },
    { id: "b", n: 2n, bytes: new Uint8Array([1, 2]) },
  ],
});

describe("a value that is made of another", () => {
  test("is the other where both are equal", () => {
    const before = frozen(tree());

    expect(share(before, frozen(tree()))).toBe(before);
  });

  test("has the other's parts where they are equal", () => {
    const before = frozen(tree());
    const next = tree();
    next.children[0] = { id: "a", n: 7 };
    const after = share(before, frozen(next));

    expect(after).toEqual(next);
    expect(after).not.toBe(before);
    expect(after.children[1]).toBe(before.children[1]);
  });

  test("finds entries by their names when their places have changed", () => {
    const before = frozen(tree());
    const next = frozen({ id: "root", children: [{ id: "new" }, ...tree().children] });
    const after = share(before, next);

    expect(after).toEqual(next);
    expect(after.children.slice(1)).toEqual(before.children);
    expect(after.children[1]).toBe(before.children[0]);
    expect(after.children[2]).toBe(before.children[1]);
  });

  test("is not the other when only the order differs", () => {
    const before = frozen(tree());
    const next = frozen({ id: "root", children: tree().children.reverse() });
    const after = share(before, next);

    expect(after).toEqual(next);
    expect(after.children[0]).toBe(before.children[1]);
  });

  test.each([
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: [1] }, { a: { 0: 1 } }],
    [{ a: new Uint8Array([1]) }, { a: new Uint8Array([1, 2]) }],
    [{ a: null }, { a: {} }],
    [[1, 2], [1]],
    [1, 2],
    [undefined, { a: 1 }],
  ])("%j then %j is the second", (before, next) => {
    expect(share(frozen(before), frozen(next))).toBe(next);
  });
});
