// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CrqDiagnostic } from "../../../src/crq/model.ts";
import { EXAMPLE, exampleWith } from "../../crq/fixtures/example.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";

/** The rows of the format's table of bad input that are about documents (crq-format.md §14), each through the command itself. */

const numbered = (id: string, source: string) => source.replaceAll("CRQ-001", id).replaceAll("nixify-greet", "x-greet");
const CHECK = 'attr = "packages.${system}.greet"';
const RUN = `stdout = { regex = '^greet \\d+\\.\\d+\\.\\d+$' }`;

/** One file a row: what it holds, and the findings of the rules named, as `line:column rule message`. */
const ROWS: readonly (readonly [name: string, content: string | Uint8Array, expected: readonly RegExp[]])[] = [
  ["CRQ-101-empty.md", "", [/^1:1 structure\/title there is no H1/u]],
  ["CRQ-102-no-heading.md", EXAMPLE.replace(/^# .*\n/u, ""), [/^1:1 structure\/title there is no H1/u]],
  [
    "CRQ-103-latin.md",
    Buffer.from([0x23, 0x20, 0xe4, 0x0a]),
    [/^1:1 structure\/unreadable the bytes at offset 2 are not UTF-8/u],
  ],
  ["CRQ-104-nul.md", "# CRQ-104: a\0b\n", [/^1:1 structure\/unreadable a NUL byte at offset 12/u]],
  [
    "CRQ-105-big.md",
    `# CRQ-105: Big\n${"x".repeat(1024 * 1024)}`,
    [/^1:1 structure\/unreadable 1048591 bytes are more than the 1048576/u],
  ],
  ["CRQ-106-matter.md", "---\nid: 6\n---\n# CRQ-106: Front matter\n", [/^1:1 meta\/missing-block .*`crq-agent import`/u]],
  [
    "CRQ-107-toml.md",
    numbered("CRQ-107", exampleWith(['title = "Nixification', "title = Nixification"], ["Every machine", "TBD: every machine"])),
    [/^6:9 meta\/invalid-block the metadata block is not TOML: /u, /^17:1 structure\/unfinished-text/u],
  ],
  [
    "CRQ-108-twice.md",
    numbered("CRQ-108", exampleWith(['kind = "nixify"', 'kind = "nixify"\nkind = "fix"'])),
    [/^9:1 meta\/invalid-block the metadata block is not TOML: /u],
  ],
  [
    "CRQ-109-staus.md",
    numbered("CRQ-109", exampleWith(["status =", "staus ="])),
    [/^7:1 meta\/unknown-key unknown key `staus`; did you mean `status`\?/u],
  ],
  [
    "CRQ-110-soon.md",
    numbered("CRQ-110", exampleWith(["created = 2026-11-20", 'created = "soon"'])),
    [/^9:1 meta\/invalid-block `created`: expected a date without quotes/u],
  ],
  [
    "CRQ-111-later.md",
    numbered("CRQ-111", exampleWith(['"crq/1"', '"crq/9"'], ["## 2. Motivation", "## Motivation"])),
    [/^4:1 meta\/invalid-block schema crq\/9 needs a newer crq-agent/u],
  ],
  [
    "CRQ-112-open.md",
    numbered("CRQ-112", exampleWith(["### 4.3. Build Process", "```sh\n### 4.3. Build Process"])),
    [/^28:1 structure\/unbalanced-fence .*"4\.3\. Build Process"/u],
  ],
  [
    "CRQ-113-outside.md",
    numbered("CRQ-113", `${EXAMPLE}\n\`\`\`toml check AC-1\nkind = "lock"\n\`\`\`\n`),
    [/^80:1 acceptance\/misplaced-block `check AC-1` stands in no criterion/u],
  ],
  [
    "CRQ-114-wrong-id.md",
    numbered("CRQ-114", exampleWith(["```toml check AC-3", "```toml check AC-4"])),
    [/^48:5 acceptance\/misplaced-block `check AC-4` stands in AC-3, the criterion at 47:1; it is not run/u],
  ],
  [
    "CRQ-115-kind.md",
    numbered("CRQ-115", exampleWith(['kind = "lock"', 'kind = "lok"'])),
    [/^54:5 acceptance\/invalid-block unknown kind "lok"; did you mean `lock`\? allowed: nix-parse, /u],
  ],
  [
    "CRQ-116-missing.md",
    numbered("CRQ-116", exampleWith([`    ${CHECK}\n`, ""])),
    [/^33:5 acceptance\/invalid-block kind "nix-build": `attr` is missing/u],
  ],
  [
    "CRQ-117-mixed.md",
    numbered("CRQ-117", exampleWith(['    kind = "lock"', '    kind = "lock"\n    [[check]]\n    kind = "lock"'])),
    [/^54:5 acceptance\/invalid-block `kind` at top level and \[\[check\]\] entries exclude each other/u],
  ],
  [
    "CRQ-118-regex.md",
    numbered("CRQ-118", exampleWith([RUN, "stdout = { regex = '(' }"])),
    [/^40:\d+ acceptance\/invalid-block .*regular expression/u],
  ],
  [
    "CRQ-119-variable.md",
    numbered("CRQ-119", exampleWith([CHECK, 'attr = "${foo}"'])),
    [/^35:5 acceptance\/invalid-block .*\$\{foo\}/u],
  ],
  [
    "CRQ-120-out.md",
    numbered("CRQ-120", exampleWith(["${out:AC-1.0}", "${out:AC-9.0}"])),
    [/^39:5 acceptance\/invalid-block \$\{out:AC-9\.0\} names no `nix-build`/u],
  ],
  [
    "CRQ-121-path.md",
    numbered("CRQ-121", exampleWith(['files = ["README.md"]', 'files = ["../README.md"]'])),
    [/^60:5 acceptance\/invalid-block .*files/u],
  ],
  ["CRQ-122-first.md", numbered("CRQ-122", EXAMPLE), [/^5:1 id\/duplicate CRQ-122 is also the id of crqs\/crq_0122_second\.md/u]],
  ["crq_0122_second.md", numbered("CRQ-122", EXAMPLE), [/^5:1 id\/duplicate CRQ-122 is also the id of crqs\/CRQ-122-first\.md/u]],
];

const LIST = "CRQ-101-empty.md\ngone.md\nCRQ-101-empty.md\nsub\n";

describe("bad input", () => {
  it("gets a message with file, line and column; the rest is linted all the same; nothing is touched", async () => {
    const at = await place();
    const repo = await at.repository({
      ...Object.fromEntries(ROWS.map(([name, content]) => [`crqs/${name}`, content])),
      "crqs/list.txt": LIST,
      "crqs/sub/notes.txt": "x\n",
    });
    const before = await fingerprint(repo);
    const { exit, document, stderr } = await at.json(["lint"], { cwd: repo });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: "" });
    const found: readonly CrqDiagnostic[] = JSON.parse(JSON.stringify(document.diagnostics));
    for (const [name, , expected] of ROWS) {
      const lines = found
        .filter(({ file }) => file === `crqs/${name}`)
        .map(({ line, column, rule, message }) => `${line}:${column} ${rule} ${message}`);
      for (const pattern of expected) expect(lines, name).toContainEqual(expect.stringMatching(pattern));
    }
    // A later format may mean anything: nothing else is said of it.
    expect(found.filter(({ file }) => file === "crqs/CRQ-111-later.md")).toHaveLength(1);
    expect(
      found.filter(({ rule }) => rule === "index/bad-entry").map(({ line, column, message }) => `${line}:${column} ${message}`),
    ).toEqual([
      "2:1 `gone.md` does not exist; run `crq-agent index`",
      "3:1 `CRQ-101-empty.md` repeats line 1; run `crq-agent index`",
      "4:1 `sub` does not exist; run `crq-agent index`",
    ]);
    for (const { line, column } of found) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const fixed = await at.run(["lint", "--fix", "--quiet"], { cwd: repo });
    expect(fixed.exit).toBe(1);
    const text = (name: string) => readFile(join(repo, "crqs", name), "utf8");
    expect(await text("CRQ-101-empty.md")).toMatch(/^# CRQ-101: Empty\n\n```toml crq\n/u);
    expect(await text("CRQ-102-no-heading.md")).toMatch(/^# CRQ-001: Nixification of the greet Rust project\n\n/u);
    // What is not text, of a later format or of another kind of document is left as it was.
    const untouched = ["CRQ-103-latin.md", "CRQ-104-nul.md", "CRQ-105-big.md", "CRQ-106-matter.md", "CRQ-111-later.md"];
    for (const name of untouched) {
      const content = ROWS.find(([row]) => row === name)?.[1] ?? "";
      expect(Buffer.from(content).equals(await readFile(join(repo, "crqs", name))), name).toBe(true);
    }
  });

  it.each([
    ["[limits\n", /crq-agent\.toml:1:\d+: /u],
    ['crqs = "crqs"\nturns = 5\n', /crq-agent\.toml:2:1: turns: /u],
  ])("runs nothing with guessed settings: %j", async (settings, message) => {
    const at = await place();
    const repo = await at.repository({ "crq-agent.toml": settings, "crqs/CRQ-001-x.md": "" });
    expect(await at.run(["lint"], { cwd: repo })).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});
