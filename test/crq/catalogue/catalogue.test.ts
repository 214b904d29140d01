import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findCrq } from "../../../src/crq/catalogue/catalogue.ts";
import { compareGenerated, generateIndex, generateList } from "../../../src/crq/catalogue/generated.ts";
import { readList } from "../../../src/crq/catalogue/list.ts";
import { listLookup, readCatalogue } from "../../../src/crq/catalogue/read.ts";
import { saveText } from "../../../src/crq/catalogue/save.ts";
import { EXAMPLE, exampleWith } from "../fixtures/example.ts";

let repository: string;
beforeEach(async () => {
  repository = join(await mkdtemp(join(tmpdir(), "crq catalogue ä ")), "repository");
  await mkdir(repository);
});
afterEach(async () => {
  await rm(dirname(repository), { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), content);
  }
}

const SECOND = exampleWith(
  ["# CRQ-001: Nix", "# CRQ-002: Nix"],
  ['id = "CRQ-001"', 'id = "CRQ-002"'],
  ['title = "Nixification of the greet Rust project"', 'title = "A | B [c] <!-- /crq-index -->"\ndepends-on = ["CRQ-001"]'],
  ['    ```toml check AC-3\n    kind = "flake-inputs"\n    min-inputs = 3\n    ```\n', ""],
);

describe("readCatalogue", () => {
  test("reads CRQs of every name form; reports, hidden folders, links and other files are left out", async () => {
    await write({
      "crqs/CRQ-002-b.md": SECOND,
      "crqs/CRQ-001-nixify-greet.md": EXAMPLE,
      "crqs/crq_0007_old.md": "# Some old thing\n",
      "crqs/archive/note.md": "# CRQ 12 - found by its heading\n",
      "crqs/README.md": "# What this folder is\n",
      "crqs/INDEX.md": "# CRQ-099: not a CRQ\n",
      "crqs/list.txt": "",
      "crqs/reports/CRQ-001/report.md": "# CRQ-001: report\n",
      "crqs/.git/CRQ-050.md": "",
      "crqs/CRQ-004-binary.md": Uint8Array.from([0x23, 0xff]),
      "elsewhere.md": EXAMPLE,
    });
    await symlink(join(repository, "elsewhere.md"), join(repository, "crqs/CRQ-060-link.md"));
    const catalogue = await readCatalogue(repository, "crqs");
    expect(catalogue.entries.map(({ path, id }) => [path, id])).toEqual([
      ["CRQ-001-nixify-greet.md", "CRQ-001"],
      ["CRQ-002-b.md", "CRQ-002"],
      ["archive/note.md", "CRQ-012"],
      ["crq_0007_old.md", "CRQ-007"],
    ]);
    expect(catalogue.others).toEqual(["INDEX.md", "README.md", "list.txt"]);
    expect(catalogue.problems).toEqual([
      {
        severity: "error",
        rule: "structure/unreadable",
        message: "the bytes at offset 1 are not UTF-8; the file is skipped",
        file: "crqs/CRQ-004-binary.md",
        line: 1,
        column: 1,
      },
    ]);
  });

  test("a missing folder is an empty catalogue", async () => {
    expect(await readCatalogue(repository, "crqs")).toEqual({ folder: "crqs", entries: [], others: [], problems: [] });
  });
});

test("findCrq: id, bare number, path; ambiguous and unknown ones are named", async () => {
  await write({ "crqs/CRQ-001-a.md": EXAMPLE, "crqs/CRQ-0002-b.md": SECOND, "crqs/CRQ-002-c.md": SECOND });
  const catalogue = await readCatalogue(repository, "crqs");
  const entry = catalogue.entries.find(({ path }) => path === "CRQ-001-a.md");
  for (const argument of ["CRQ-001", "crq-1", "1", "0001", "CRQ1"])
    expect(findCrq(catalogue, argument)).toEqual({ kind: "found", entry });
  expect(findCrq(catalogue, "2")).toEqual({ kind: "ambiguous", candidates: ["crqs/CRQ-0002-b.md", "crqs/CRQ-002-c.md"] });
  expect(findCrq(catalogue, "9")).toEqual({ kind: "unknown", id: "CRQ-009", known: ["CRQ-002", "CRQ-001", "CRQ-002"] });
  expect(findCrq(catalogue, "crqs/CRQ-001-a.md")).toEqual({ kind: "path", path: "crqs/CRQ-001-a.md" });
});

describe("generated files", () => {
  const LIST = "CRQ-001-a.md\nCRQ-002-b.md\n";
  const TABLE = `<!-- crq-index -->
| ID | Title | Status | Kind | Criteria | Depends on |
| --- | --- | --- | --- | --- | --- |
| [CRQ-001](CRQ-001-a.md) | Nixification of the greet Rust project | proposed | nixify | 5/5 |  |
| [CRQ-002](CRQ-002-b.md) | A \\| B \\[c\\] \\<!-- /crq-index --> | proposed | nixify | 4/5 | CRQ-001 |
<!-- /crq-index -->`;

  async function twoCrqs() {
    await write({ "crqs/CRQ-002-b.md": SECOND, "crqs/CRQ-001-a.md": EXAMPLE });
    return await readCatalogue(repository, "crqs");
  }

  test("depend on the documents only", async () => {
    const catalogue = await twoCrqs();
    expect(generateList(catalogue)).toBe(LIST);
    expect(generateIndex(catalogue, undefined)).toEqual({ text: `# Change requests\n\n${TABLE}\n` });
  });

  test("the index keeps the text around its table", async () => {
    const catalogue = await twoCrqs();
    const around = (table: string) => `Hello\r\n\r\n${table}\r\n\r\n- bye  \r\n`;
    expect(generateIndex(catalogue, around("<!-- crq-index -->\nold\n<!-- /crq-index -->"))).toEqual({ text: around(TABLE) });
    expect(generateIndex(catalogue, around(TABLE))).toEqual({ text: around(TABLE) });
    expect(generateIndex(catalogue, "# Mine\n")).toEqual({ text: `# Mine\n\n${TABLE}\n` });
    expect(generateIndex(catalogue, "a\n\n<!-- crq-index -->\n")).toEqual({
      problem: "the markers <!-- crq-index --> and <!-- /crq-index --> do not form one pair; repair them by hand",
    });
  });

  test("compareGenerated names what differs, with the fix", async () => {
    const catalogue = await twoCrqs();
    const index = `# Change requests\n\n${TABLE}\n`;
    expect(compareGenerated(catalogue, { list: LIST, index })).toEqual([]);
    expect(compareGenerated(catalogue, { list: LIST.replaceAll("\n", "\r\n"), index })).toEqual([]);
    const finding = (name: string, message: string, end: number, text: string) => ({
      severity: "error",
      rule: "index/out-of-date",
      message,
      file: `crqs/${name}`,
      line: 1,
      column: 1,
      fix: { description: "write it from the documents", edits: [{ file: `crqs/${name}`, start: 0, end, text }] },
    });
    expect(compareGenerated(catalogue, { list: "x\n", index: undefined })).toEqual([
      finding("list.txt", "differs from the documents; run `crq-agent index`", 2, LIST),
      finding("INDEX.md", "is missing; run `crq-agent index`", 0, index),
    ]);
  });
});

test("readList uses the good entries of a foreign list and names the others", async () => {
  await write({
    "docs/crqs/CRQ-001.md": "x",
    "docs/crqs/deep/b.md": "x",
    "docs/crqs/a.md.bak": "x",
    "top.md": "x",
    "../outside.md": "x",
  });
  const folder = join(repository, "docs/crqs");
  const list =
    "\uFEFF./CRQ-001.md\r\n\r\n# a comment\r\ndeep\r\nCRQ-001.md\r\ngone.md\r\na.md.bak\r\n././docs/crqs/deep/b.md\r\ntop.md\r\n../../../outside.md\r\n/etc/passwd\r\n";
  const read = await readList(list, { file: "docs/crqs/list.txt", folder, repository, lookup: listLookup(folder, repository) });
  expect(read.entries).toEqual([
    { line: 1, written: "CRQ-001.md", file: join(folder, "CRQ-001.md") },
    { line: 8, written: "docs/crqs/deep/b.md", file: join(folder, "deep/b.md") },
    { line: 9, written: "top.md", file: join(repository, "top.md") },
  ]);
  expect(read.problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "4: `deep` is a directory; it is left out",
    "5: `CRQ-001.md` repeats line 1; it is left out",
    "6: `gone.md` does not exist; it is left out",
    "7: `a.md.bak` is a backup or temporary file; it is left out",
    "10: `../../../outside.md` leads out of the repository; it is left out",
    "11: `/etc/passwd` leads out of the repository; it is left out",
  ]);
  expect(new Set(read.problems.map(({ rule, severity, file }) => `${severity} ${rule} ${file}`))).toEqual(
    new Set(["warning index/bad-entry docs/crqs/list.txt"]),
  );
});

describe("readList, whatever is given", () => {
  const folder = () => join(repository, "crqs");
  const read = (text: string) =>
    readList(text, { file: "crqs/list.txt", folder: folder(), repository, lookup: listLookup(folder(), repository) });

  test("marks of a merge are named, and the entries of both sides are used", async () => {
    await write({ "crqs/CRQ-001.md": "x", "crqs/CRQ-002.md": "x", "crqs/CRQ-003.md": "x" });
    const { entries, problems } = await read("CRQ-001.md\n<<<<<<< HEAD\nCRQ-002.md\n=======\nCRQ-003.md\n>>>>>>> other\n");
    expect(entries.map(({ written }) => written)).toEqual(["CRQ-001.md", "CRQ-002.md", "CRQ-003.md"]);
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "2: `<<<<<<< HEAD` is a mark of a merge conflict; it is left out",
      "4: `=======` is a mark of a merge conflict; it is left out",
      "6: `>>>>>>> other` is a mark of a merge conflict; it is left out",
    ]);
  });

  test("an absolute path inside the repository is one, a lone CR ends a line, a name of thousands of characters is shortened", async () => {
    await write({ "crqs/CRQ-001.md": "x" });
    const { entries, problems } = await read(`${folder()}/CRQ-001.md\r${"n".repeat(5_000)}\r/etc/hostname\r`);
    expect(entries).toEqual([{ line: 1, written: `${folder()}/CRQ-001.md`, file: join(folder(), "CRQ-001.md") }]);
    expect(problems.map(({ line, message }) => [line, message.length < 200])).toEqual([
      [2, true],
      [3, true],
    ]);
  });

  test("a hundred thousand entries", async () => {
    await write({ "crqs/CRQ-001.md": "x" });
    const { entries, problems } = await read(`${"gone/CRQ-002.md\n".repeat(99_999)}CRQ-001.md`);
    expect(entries).toHaveLength(1);
    expect(problems).toHaveLength(99_999);
  });
});

describe("saveText", () => {
  test("replaces what was read, and nothing else", async () => {
    const file = join(repository, "a.md");
    expect(await saveText(file, undefined, "one")).toBeUndefined();
    expect(await saveText(file, undefined, "two")).toBe(`${file}: exists already; nothing was written`);
    expect(await saveText(file, "one", "two")).toBeUndefined();
    expect(await saveText(file, "one", "three")).toBe(`${file}: was changed by someone else meanwhile; nothing was written`);
    expect(await readFile(file, "utf8")).toBe("two");
  });

  test("a folder that does not exist leaves nothing behind", async () => {
    const file = join(repository, "no/a.md");
    expect(await saveText(file, undefined, "one")).toMatch(/could not be written \(ENOENT.*\); it is as it was$/);
  });
});
