import { expect, test } from "vitest";
import { generateIndex, generateList } from "../../../../src/crq/catalogue/generated.ts";
import { lintLists } from "../../../../src/crq/lint/folder/lists.ts";
import { EXAMPLE } from "../../fixtures/example.ts";
import { catalogueOf } from "../context.ts";

const catalogue = { ...catalogueOf({ "CRQ-001-nixify-greet.md": EXAMPLE }), others: ["README.md"] };
const list = generateList(catalogue);
const generated = generateIndex(catalogue, undefined);
const index = "text" in generated ? generated.text : "";
const found = (files: { list: string | undefined; index: string | undefined }, profile: "import" | "strict" = "strict") =>
  lintLists(catalogue, files, profile).map(
    ({ severity, rule, file, line, message }) => `${severity} ${rule} ${file}:${line} ${message}`,
  );

test("generated lists have no findings", () => {
  expect(found({ list, index })).toEqual([]);
});

test("a hand-written list: each bad entry, and the list as a whole", () => {
  expect(found({ list: `${list}gone.md\nREADME.md\n${list}`, index })).toEqual([
    "error index/bad-entry crqs/list.txt:2 `gone.md` does not exist; run `crq-agent index`",
    "error index/bad-entry crqs/list.txt:3 `README.md` is no CRQ; run `crq-agent index`",
    "error index/bad-entry crqs/list.txt:4 `CRQ-001-nixify-greet.md` repeats line 1; run `crq-agent index`",
    "error index/out-of-date crqs/list.txt:1 differs from the documents; run `crq-agent index`",
  ]);
});

test("missing lists, with the severity of the profile", () => {
  expect(found({ list: undefined, index: undefined }, "import")).toEqual([
    "warning index/out-of-date crqs/list.txt:1 is missing; run `crq-agent index`",
    "warning index/out-of-date crqs/INDEX.md:1 is missing; run `crq-agent index`",
  ]);
});
