import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { approvalHash, approvalState } from "../../src/crq/lifecycle/approval.ts";
import { parseCrq } from "../../src/crq/parse.ts";
import { EXAMPLE } from "../crq/fixtures/example.ts";
import { difference, fingerprint } from "./fingerprint.ts";
import { type Files, place } from "./place.ts";

/** The example of the format under another id, title and file. */
function crq(id: string, title: string, more: (text: string) => string = (text) => text): string {
  return more(EXAMPLE.replaceAll("CRQ-001", id).replaceAll("Nixification of the greet Rust project", title));
}

const approvedText = (text: string): string => {
  const hash = approvalHash(parseCrq("x.md", text));
  return text
    .replace('status = "proposed"', 'status = "approved"')
    .replace(
      /^target = .*$/m,
      (line) => `${line}\napproval = { by = "human:Pat", at = "2026-11-20T10:00:00Z", via = "approve", hash = "${hash}" }`,
    );
};

/** Files of the working tree, texts by path. */
async function treeOf(repo: string): Promise<Record<string, string>> {
  const entries = await readdir(repo, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(repo, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(".git/"))
    .sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(join(repo, path), "utf8")] as const)),
  );
}

const FILES: Files = {
  "crqs/CRQ-002-nixify.md": approvedText(
    crq("CRQ-002", "Nixify greet", (text) =>
      text
        .replace("feature/CRQ-002-nixify-greet", "feature/CRQ-002-nixify")
        .replace(
          "## 7. References",
          "## 7. References\n-   CRQ-002 began as `CRQ-002-nixify.md`; CRQ-0021 and CRQ-002-other are others.",
        ),
    ),
  ),
  "crqs/CRQ-003-follow.md": approvedText(
    crq("CRQ-003", "Follow CRQ-002", (text) =>
      text
        .replace(
          "created = 2026-11-20",
          'created = 2026-11-20\ndepends-on = ["CRQ-0002"] # first\nrelated = ["CRQ-002", "CRQ-009"]',
        )
        .replace("-   Changes to the Rust sources", "-   What CRQ-002 does; changes to the Rust sources"),
    ),
  ),
  "crqs/CRQ-009-other.md": crq("CRQ-009", "Other", (text) => `${text}\n## 11. History\n-   2026-11-20: split from CRQ-002\n`),
  "crqs/reports/CRQ-002/report.json": "{}",
  "README.md": "See CRQ-002, [it](crqs/CRQ-002-nixify.md) and `feature/CRQ-002-nixify`.\n",
  "flake.nix": '{ inputs.a.url = "github:o/r?ref=feature/CRQ-002-nixify"; outputs = _: { }; }\n',
  "src/main.rs": "// CRQ-002\n",
};

describe("index --renumber", () => {
  it("shows what would change, and changes nothing without a yes: exit 5", async () => {
    const at = await place();
    const repo = await at.repository(FILES);
    await at.run(["index", "--repo", repo]);
    const before = await fingerprint(repo);
    const { exit, stdout } = await at.run(["index", "--renumber", "2", "--repo", repo]);
    expect(exit).toBe(5);
    expect(stdout).toContain("rename to b/crqs/CRQ-010-nixify.md");
    expect(stdout).toContain("Nothing was changed: this needs a yes. Run it again with --yes.");
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
  });

  it("changes the name, H1, block, branch, relations, mentions, links, reports and lists, and nothing else", async () => {
    const at = await place();
    const repo = await at.repository(FILES);
    await at.run(["index", "--repo", repo]);
    const before = await treeOf(repo);
    const index = await readFile(join(repo, ".git/index"));
    const { document } = await at.json(["index", "--renumber", "crqs/CRQ-002-nixify.md", "--yes", "--repo", repo]);
    expect(document).toEqual({
      schema: "crq-agent/index/1",
      ok: true,
      exit: 0,
      data: {
        renumbered: {
          from: "crqs/CRQ-002-nixify.md",
          to: "crqs/CRQ-010-nixify.md",
          previousId: "CRQ-002",
          id: "CRQ-010",
          files: [
            "crqs/CRQ-002-nixify.md",
            "crqs/CRQ-010-nixify.md",
            "crqs/CRQ-003-follow.md",
            "README.md",
            "crqs/list.txt",
            "crqs/INDEX.md",
          ],
          reports: { from: "crqs/reports/CRQ-002", to: "crqs/reports/CRQ-010" },
          // Its scope names the other; the renumbered one's own approval holds.
          approvalVoid: ["crqs/CRQ-003-follow.md"],
          leftAlone: [
            "crqs/CRQ-009-other.md:81: -   2026-11-20: split from CRQ-002",
            'flake.nix:1: { inputs.a.url = "github:o/r?ref=feature/CRQ-002-nixify"; outputs = _: { }; }',
            "src/main.rs:1: // CRQ-002",
          ],
          notes: [],
          written: true,
          diff: expect.stringContaining('-id = "CRQ-002"\n+id = "CRQ-010"'),
        },
      },
      diagnostics: [],
    });
    const after = await treeOf(repo);
    const { "crqs/list.txt": list, "crqs/INDEX.md": table, ...rest } = after;
    const { "crqs/list.txt": _, "crqs/INDEX.md": __, "crqs/CRQ-002-nixify.md": own = "", ...others } = before;
    delete others["crqs/reports/CRQ-002/report.json"];
    expect(rest).toEqual({
      ...others,
      "crqs/reports/CRQ-010/report.json": "{}",
      "crqs/CRQ-010-nixify.md": own.replaceAll(/CRQ-002(?!-other|1)/g, "CRQ-010"),
      "crqs/CRQ-003-follow.md": others["crqs/CRQ-003-follow.md"]?.replaceAll(/CRQ-0*2\b/g, "CRQ-010"),
      "README.md": "See CRQ-010, [it](crqs/CRQ-010-nixify.md) and `feature/CRQ-010-nixify`.\n",
    });
    expect(list).toBe("CRQ-003-follow.md\nCRQ-009-other.md\nCRQ-010-nixify.md\n");
    expect(table).toContain("| [CRQ-010](CRQ-010-nixify.md) | Nixify greet | approved |");
    expect(await readFile(join(repo, ".git/index"))).toEqual(index);
    expect((await at.run(["index", "--check", "--repo", repo])).exit).toBe(0);
    expect(approvalState(parseCrq("x.md", after["crqs/CRQ-010-nixify.md"] ?? "")).state).toBe("valid");
    expect(approvalState(parseCrq("x.md", after["crqs/CRQ-003-follow.md"] ?? "")).state).toBe("void");
  });

  it("numbers one of several CRQ-XXX, which nobody else can mean", async () => {
    const at = await place();
    const draft = (title: string): string =>
      crq("CRQ-XXX", title, (text) => text.replace('"proposed"', '"draft"').replace(/^branch = .*\n/m, ""));
    const repo = await at.repository({
      "crqs/CRQ-XXX-one.md": draft("First of two").replace("vendored inputs.", "vendored inputs, says CRQ-XXX."),
      "crqs/CRQ-XXX-two.md": draft("Second of two").replace("vendored inputs.", "vendored inputs, unlike CRQ-XXX-one.md."),
    });
    expect((await at.run(["index", "--renumber", "crqs/CRQ-XXX-one.md", "--to", "CRQ-007", "--yes", "--repo", repo])).exit).toBe(
      0,
    );
    const tree = await treeOf(repo);
    expect(Object.keys(tree)).toEqual(["crqs/CRQ-007-one.md", "crqs/CRQ-XXX-two.md", "crqs/INDEX.md", "crqs/list.txt"]);
    expect(tree["crqs/CRQ-007-one.md"]).toContain("vendored inputs, says CRQ-007.");
    expect(tree["crqs/CRQ-XXX-two.md"]).toMatch(/^# CRQ-XXX: Second[\s\S]*id = "CRQ-XXX"[\s\S]*unlike CRQ-007-one\.md\./);
  });

  it("mends a collision of three files with one number; a bare mention that may mean any of them is left to a person", async () => {
    const at = await place();
    const repo = await at.repository({
      "crqs/CRQ-005-one-a.md": crq("CRQ-005", "Title of a"),
      "crqs/CRQ-005-one-b.md": crq("CRQ-005", "Title of b"),
      "crqs/crq_0005_c.md": "# CRQ 5 - Title of c\n\nForeign.\n",
      "crqs/CRQ-006-d.md": crq("CRQ-006", "Title of d", (text) =>
        text.replace("vendored inputs.", "vendored inputs, see CRQ-005 and crq_0005_c.md."),
      ),
    });
    const told = await at.json(["index", "--repo", repo]);
    expect(told.document.diagnostics).toHaveLength(6);
    expect((await at.run(["index", "--renumber", "CRQ-005", "--yes", "--repo", repo])).stderr).toContain(
      "CRQ-005 names several CRQs: crqs/CRQ-005-one-a.md, crqs/CRQ-005-one-b.md, crqs/crq_0005_c.md; give a path",
    );
    const first = await at.json(["index", "--renumber", "crqs/crq_0005_c.md", "--yes", "--repo", repo]);
    expect(first.document).toMatchObject({
      exit: 0,
      data: {
        renumbered: {
          to: "crqs/CRQ-007-title-of-c.md",
          notes: [
            "CRQ-005 is still the id of crqs/CRQ-005-one-a.md, crqs/CRQ-005-one-b.md, so it is not known which document these mean by it; they were left alone: crqs/CRQ-006-d.md",
          ],
        },
      },
    });
    expect((await at.run(["index", "--renumber", "crqs/CRQ-005-one-b.md", "--yes", "--repo", repo])).exit).toBe(0);
    const tree = await treeOf(repo);
    expect(tree["crqs/list.txt"]).toBe("CRQ-005-one-a.md\nCRQ-006-d.md\nCRQ-007-title-of-c.md\nCRQ-008-one-b.md\n");
    expect(tree["crqs/CRQ-007-title-of-c.md"]).toBe("# CRQ-007: Title of c\n\nForeign.\n");
    expect(tree["crqs/CRQ-006-d.md"]).toContain("see CRQ-005 and CRQ-007-title-of-c.md.");
    expect((await at.json(["index", "--repo", repo])).document.diagnostics).toEqual([]);
  });

  it.each([
    [
      "a taken number",
      ["crqs/CRQ-002-nixify.md", "--to", "CRQ-9"],
      /--to CRQ-009: this number is taken \(crqs\/CRQ-009-other\.md\); the next free one is CRQ-010/,
    ],
    ["no number", ["crqs/CRQ-002-nixify.md", "--to", "seven"], /--to seven: an id is CRQ- and three to seven digits/],
    ["a file that is not there", ["crqs/CRQ-050-x.md"], /no such file, and no id of a CRQ/],
    ["a file that is no CRQ", ["README.md"], /README\.md: is no CRQ below crqs\//],
    ["--check too", ["crqs/CRQ-002-nixify.md", "--check"], /give --check or --renumber, not both/],
  ])("refuses %s: exit 2, nothing changed", async (_name, args, message) => {
    const at = await place();
    const repo = await at.repository(FILES);
    const before = await fingerprint(repo);
    const { exit, stderr } = await at.run(["index", "--renumber", ...args, "--yes", "--repo", repo]);
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
  });

  it("changes nothing where one file cannot be written", async () => {
    const at = await place();
    const repo = await at.repository({ ...FILES, "crqs/INDEX.md": "<!-- crq-index -->\nno end\n" });
    const before = await fingerprint(repo);
    const { exit, stderr } = await at.run(["index", "--renumber", "2", "--yes", "--repo", repo]);
    expect(stderr).toMatch(/INDEX\.md: the markers .* do not form one pair; repair them by hand; nothing was changed/);
    expect(exit).toBe(2);
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
  });

  it("keeps CRLF, a byte order mark and comments; works in a folder without git", async () => {
    const at = await place();
    const text = `\uFEFF${crq("CRQ-001", "Of another machine").replaceAll("\n", "\r\n")}`;
    const plain = join(at.folder, "no git");
    await mkdir(join(plain, "crqs"), { recursive: true });
    await writeFile(join(plain, "crqs/CRQ-001-one.md"), text);
    expect((await at.run(["index", "--renumber", "1", "--to", "CRQ-0012", "--yes", "--repo", plain])).exit).toBe(0);
    expect(await readFile(join(plain, "crqs/CRQ-012-one.md"), "utf8")).toBe(text.replaceAll("CRQ-001", "CRQ-012"));
  });
});
