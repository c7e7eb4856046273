import { readFileSync } from "node:fs";
import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  applyUpdate,
  type ItemUpdate,
  ItemUpdateSchema,
  type ThreadItem,
  ThreadItemSchema,
  UpdateMismatchError,
} from "../src/index.js";
import { frozen } from "./frozen.js";

interface Case {
  name: string;
  item: JsonValue;
  updates: JsonValue[];
  result: JsonValue;
}

// The server replays the same table: server/tests/conversation/test_fold_table.py.
const table: Case[] = parse(readFileSync(new URL("../../../specs/conformance/fold.yaml", import.meta.url), "utf8"));
const item = (json: JsonValue): ThreadItem => frozen(fromJson(ThreadItemSchema, json));
const update = (json: JsonValue): ItemUpdate => frozen(fromJson(ItemUpdateSchema, json));

test.each(table.filter(({ result }) => result !== "misfit"))("$name", ({ item: added, updates, result }) => {
  const after = updates.map(update).reduce(applyUpdate, item(added));

  expect(toJson(ThreadItemSchema, after)).toEqual(toJson(ThreadItemSchema, item(result)));
});

test.each(table.filter(({ result }) => result === "misfit"))("$name does not fit", ({ item: added, updates }) => {
  const [last] = updates.map(update).slice(-1) as [ItemUpdate];

  expect(() => applyUpdate(item(added), last)).toThrow(UpdateMismatchError);
});
