import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { referencePages } from "../../scripts/reference-pages.ts";

it.each(Object.entries(referencePages()))("%s is as the code says (to renew it: node scripts/reference.ts)", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "../../docs/reference", name), "utf8")).toBe(text);
});
