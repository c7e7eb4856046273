import { describe, expect, test } from "vitest";
import { dueBadge, dueInputs, dueOf } from "@/services/tasks/due";

const NOW = new Date("2026-11-27T12:00:00");

describe("dueBadge", () => {
  test.each([
    ["", undefined],
    ["nonsense", undefined],
    ["2026-11-26", { kind: "overdue", text: "Yesterday" }],
    ["2026-11-20", { kind: "overdue", text: "Nov 20" }],
    ["2026-11-27", { kind: "today", text: "Today" }],
    ["2026-11-28", { kind: "soon", text: "Tomorrow" }],
    ["2026-12-01", { kind: "soon", text: "Tuesday" }],
    ["2026-12-04", { kind: "later", text: "Dec 4" }],
    ["2027-01-15", { kind: "later", text: "Jan 15, 2027" }],
  ])("%j", (due, badge) => {
    expect(dueBadge(due, NOW, false, "en-US")).toEqual(badge);
  });

  test("a time of today that has passed is overdue, one to come is not", () => {
    expect(dueBadge(dueOf("2026-11-27", "09:30"), NOW, false, "en-US")).toMatchObject({ kind: "overdue" });
    expect(dueBadge(dueOf("2026-11-27", "17:00"), NOW, false, "en-US")).toMatchObject({ kind: "today" });
  });

  test("what is done is never overdue", () => {
    expect(dueBadge("2026-11-20", NOW, true, "en-US")?.kind).toBe("later");
  });
});

describe("the inputs of a form", () => {
  test.each(["", "2026-12-05"])("%j comes back", (due) => {
    const { date, time } = dueInputs(due);
    expect(dueOf(date, time)).toBe(due);
  });

  test.each(["2026-07-05T17:00:00Z", "2026-12-05T00:30:00+14:00"])("%s is the same moment afterwards", (due) => {
    const { date, time } = dueInputs(due);
    expect(new Date(dueOf(date, time))).toEqual(new Date(due));
  });

  test("a time without a day is nothing", () => {
    expect(dueOf("", "17:00")).toBe("");
  });
});
