import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { place, writeFiles } from "./place.ts";

const FOREIGN = "# CRQ-042: Count the buoys\n\n## Success Criteria\n\n- `nix build .#buoys` works.\n";
const data = z.object({
  dryRun: z.boolean(),
  files: z.array(
    z.object({
      source: z.string(),
      outcome: z.string(),
      path: z.string().optional(),
      id: z.string().optional(),
      document: z.string().optional(),
    }),
  ),
});
const diagnostic = z.object({
  severity: z.string(),
  rule: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.number(),
  column: z.number(),
});

async function project(files: Readonly<Record<string, string | Uint8Array>>) {
  const here = await place();
  const root = await here.repository({ "README.md": "# Harbour\n" });
  await writeFiles(root, files);
  const env = { SOURCE_DATE_EPOCH: "1795737600" };
  return {
    root,
    crqs: async () => (await readdir(join(root, "crqs")).catch((): string[] => [])).sort(),
    read: (path: string) => readFile(join(root, path), "utf8"),
    run: (args: readonly string[]) => here.run(["import", ...args], { cwd: root, env }),
    lint: () => here.run(["lint", "--profile", "import"], { cwd: root, env }),
    async import(...args: readonly string[]) {
      const done = await here.json(["import", ...args], { cwd: root, env });
      return {
        exit: done.exit,
        stderr: done.stderr,
        data: data.parse(done.document.data),
        found: z
          .array(diagnostic)
          .parse(done.document.diagnostics)
          .map(({ file, severity, rule, message }) => `${file} ${severity} ${rule}: ${message}`),
      };
    },
  };
}

describe("crq-agent import", () => {
  test("writes a CRQ and the lists, leaves the source alone, and does nothing the second time", async () => {
    const { root, crqs, read, ...program } = await project({ "old/42.md": FOREIGN });
    const first = await program.import("old/42.md");
    expect(first.data).toEqual({
      dryRun: false,
      files: [{ source: "old/42.md", outcome: "imported", path: "crqs/CRQ-042-count-the-buoys.md", id: "CRQ-042" }],
    });
    expect({ exit: first.exit, found: first.found }).toEqual({ exit: 0, found: [] });
    expect(await crqs()).toEqual(["CRQ-042-count-the-buoys.md", "INDEX.md", "list.txt"]);
    expect(await read("crqs/list.txt")).toBe("CRQ-042-count-the-buoys.md\n");
    expect(await read("old/42.md")).toBe(FOREIGN);
    expect(await read("crqs/CRQ-042-count-the-buoys.md")).toContain(createHash("sha256").update(FOREIGN).digest("hex"));
    expect((await program.lint()).exit).toBe(0);

    const again = await program.import("old/42.md");
    expect(again.data.files).toEqual([{ source: "old/42.md", outcome: "present", path: "crqs/CRQ-042-count-the-buoys.md" }]);
    expect(again.exit).toBe(0);
    expect(root).not.toBe("");
  });

  test("a dry run prints the document and writes nothing; --out writes elsewhere and makes no lists", async () => {
    const { crqs, read, ...program } = await project({ "old/42.md": FOREIGN });
    const dry = await program.import("old/42.md", "--dry-run");
    expect(dry.data.files[0]?.document).toContain("suggested = true");
    expect(await crqs()).toEqual([]);
    const shown = await program.run(["old/42.md", "--dry-run"]);
    expect(shown.stdout).toContain("# CRQ-042: Count the buoys");
    await program.import("old/42.md", "--out", "there");
    expect(await crqs()).toEqual([]);
    expect(await read("there/CRQ-042-count-the-buoys.md")).toBe(dry.data.files[0]?.document);
  });

  test("three documents of one number: the first keeps it, the others are told so", async () => {
    const { crqs, ...program } = await project({
      "old/a.md": FOREIGN,
      "old/b.md": FOREIGN.replace("buoys", "boats"),
      "old/c.md": FOREIGN.replace("Count the buoys", "Count the ropes"),
    });
    const done = await program.import("old/a.md", "old/b.md", "old/c.md");
    expect(done.found).toEqual(
      ["b", "c"].map(
        (name) =>
          `old/${name}.md warning import/number: CRQ-042 is the id of crqs/CRQ-042-count-the-buoys.md; imported as CRQ-XXX; \`crq-agent index --renumber FILE\` gives it a number`,
      ),
    );
    expect(await crqs()).toEqual([
      "CRQ-042-count-the-buoys.md",
      "CRQ-XXX-count-the-boats.md",
      "CRQ-XXX-count-the-ropes.md",
      "INDEX.md",
      "list.txt",
    ]);
    expect(done.exit).toBe(0);
  });

  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  test.each<[name: string, content: Uint8Array, exit: number, outcome: string, rule: string | undefined]>([
    ["empty", utf8(""), 1, "refused", "import/empty"],
    ["only-blanks", utf8(" \n\t\n"), 1, "refused", "import/empty"],
    ["long-number", utf8(`# CRQ-${"1234567890".repeat(6).slice(0, 54)}: A long number\n`), 0, "imported", "import/number"],
    ["no-heading", utf8("Just a line.\n"), 0, "imported", "import/number"],
    ["only-a-fence", utf8("```\nerror: no\n```\n"), 0, "imported", "import/number"],
    ["crlf", utf8(FOREIGN.replaceAll("\n", "\r\n")), 0, "imported", undefined],
    ["bom", utf8(`\uFEFF${FOREIGN}`), 0, "imported", undefined],
    ["no-final-newline", utf8(FOREIGN.trimEnd()), 0, "imported", undefined],
    ["five-megabytes", utf8("x".repeat(5 * 1024 * 1024)), 1, "refused", "structure/unreadable"],
    ["invalid-utf-8", new Uint8Array([0x23, 0x20, 0xff, 0xfe, 0x0a]), 1, "refused", "structure/unreadable"],
    ["nul", utf8("# CRQ-001: a\u0000b\n"), 1, "refused", "structure/unreadable"],
    ["bomb", utf8(`---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nstatus: closed\n---\n${FOREIGN}`), 0, "imported", undefined],
    ["marks", utf8(`# CRQ-001: Marks\n\n${"a**b".repeat(20_000)}\n`), 1, "refused", "structure/unreadable"],
  ])("%s", async (name, content, exit, outcome, rule) => {
    const { crqs, ...program } = await project({
      [`old/${name}.md`]: content,
      "old/other.md": "# CRQ-900: Another one\n\nText.\n",
    });
    const done = await program.import(`old/${name}.md`, "old/other.md");
    expect(done.data.files.map((file) => file.outcome)).toEqual([outcome, "imported"]);
    expect(done.exit).toBe(exit);
    expect(done.found.filter((line) => line.startsWith(`old/${name}.md`)).map((line) => line.split(" ")[2])).toEqual(
      rule === undefined ? [] : [`${rule}:`],
    );
    expect(await crqs()).toContain("CRQ-900-another-one.md");
    expect((await program.lint()).exit).toBe(0);
  });

  test("a file that is not there is a mistake of the call; the others are imported", async () => {
    const { crqs, ...program } = await project({ "old/42.md": FOREIGN });
    const done = await program.import("old/nothing.md", "old", "old/42.md");
    expect(done.data.files.map(({ outcome }) => outcome)).toEqual(["missing", "missing", "imported"]);
    expect(done.exit).toBe(2);
    expect(done.stderr).not.toMatch(/\n\s+at /);
    expect(await crqs()).toContain("CRQ-042-count-the-buoys.md");
    expect((await program.run([])).exit).toBe(2);
  });

  test("a document of the format goes over byte for byte; one with an approval from elsewhere does not", async () => {
    const { root, crqs, read, ...program } = await project({ "old/42.md": FOREIGN });
    await program.import("old/42.md", "--out", "there");
    const text = await read("there/CRQ-042-count-the-buoys.md");
    const copied = await program.import("there/CRQ-042-count-the-buoys.md");
    expect(copied.data.files[0]?.outcome).toBe("copied");
    expect(await read("crqs/CRQ-042-count-the-buoys.md")).toBe(text);

    await mkdir(join(root, "gift"));
    const approved = text.replaceAll("CRQ-042", "CRQ-043").replace('status = "draft"', 'status = "approved"');
    await writeFile(join(root, "gift", "x.md"), approved);
    const refused = await program.import("gift/x.md");
    expect(refused.exit).toBe(1);
    expect(refused.found).toEqual([expect.stringContaining('error import/approval: the document brings the state "approved"')]);
    expect(await crqs()).not.toContain("CRQ-043-count-the-buoys.md");
  });
});
