// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { describe, expect, test } from "vitest";
import { decodeCrq, MAX_CRQ_BYTES, parseCrq } from "../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith, exampleWithout } from "./fixtures/example.ts";

const parse = (source: string) => parseCrq(EXAMPLE_PATH, source);
/** Problems as `line:column rule message`. */
const problems = (source: string) =>
  parse(source).problems.map(({ line, column, rule, message }) => `${line}:${column} ${rule} ${message}`);

describe("a sound document", () => {
  const crq = parse(EXAMPLE);

  test("has no problems", () => {
    expect(crq.problems).toEqual([]);
  });

  test("metadata", () => {
    expect(crq.metadata).toEqual({
      schema: "crq/1",
      id: "CRQ-001",
      title: "Nixification of the greet Rust project",
      status: "proposed",
      kind: "nixify",
      created: "2026-11-20",
      authors: ["agent:crq-agent@0.1.0/rules"],
      branch: "feature/CRQ-001-nixify-greet",
      target: { repo: ".", base: "5f0c1d7e", systems: ["x86_64-linux", "aarch64-linux"] },
      waivers: [],
    });
    expect(crq.title).toEqual({ id: "CRQ-001", text: "Nixification of the greet Rust project", place: { line: 1, column: 1 } });
  });

  test("the sections run from heading to heading", () => {
    expect(crq.sections.map(({ name, number }) => [number, name])).toEqual([
      [1, "Overview"],
      [2, "Motivation"],
      [3, "Scope"],
      [4, "Technical Details"],
      [5, "Acceptance Criteria"],
      [6, "Implementation Plan"],
      [7, "References"],
    ]);
    const [, motivation] = crq.sections;
    expect(EXAMPLE.slice(motivation?.body.start, motivation?.body.end)).toBe(
      "Every machine should build the same program, and later Rust projects can copy this flake.\n",
    );
  });

  test("criteria with their checks, defaults filled in", () => {
    const common = { timeout: 600, network: false, regression: false, suggested: false };
    expect(crq.criteria.map(({ id, place, blockPlace, need }) => ({ id, place, blockPlace, need }))).toEqual([
      { id: "AC-1", place: { line: 31, column: 1 }, blockPlace: { line: 32, column: 5 }, need: "all" },
      { id: "AC-2", place: { line: 42, column: 1 }, blockPlace: { line: 43, column: 5 }, need: "all" },
      { id: "AC-3", place: { line: 47, column: 1 }, blockPlace: { line: 48, column: 5 }, need: "all" },
      { id: "AC-4", place: { line: 52, column: 1 }, blockPlace: { line: 53, column: 5 }, need: "all" },
      { id: "AC-5", place: { line: 57, column: 1 }, blockPlace: { line: 58, column: 5 }, need: "all" },
    ]);
    expect(crq.criteria[0]?.text).toBe("`nix build .#greet` succeeds and the program prints its version.");
    expect(crq.criteria[0]?.checks).toEqual([
      { kind: "nix-build", ...common, attr: "packages.${system}.greet", files: ["bin/greet"], rebuild: false },
      {
        kind: "run",
        ...common,
        timeout: 20,
        argv: ["${out:AC-1.0}/bin/greet", "--version"],
        exit: 0,
        stdout: { regex: "^greet \\d+\\.\\d+\\.\\d+$" },
      },
    ]);
    expect(crq.criteria[2]?.checks).toEqual([
      { kind: "flake-inputs", ...common, files: ["flake.nix"], scope: ["flake.nix", "lock"], "min-inputs": 3 },
    ]);
  });

  test("steps and facts", () => {
    expect(crq.steps.map(({ number, criteria }) => [number, criteria])).toEqual([
      [1, ["AC-1", "AC-3", "AC-4"]],
      [2, ["AC-2"]],
      [3, ["AC-5"]],
    ]);
    expect(crq.facts).toEqual([
      {
        id: "F-1",
        claim: "naersk builds Rust crates",
        source: "docs/nix-rust.md",
        sha256: "eca0d3c3c6762260ed2f9bd36d1ff2de1fa07760c41557f2d88f27a92a5f41c9",
        quote: "Rust crates are built with naersk.",
        usedIn: ["4.1", "AC-1"],
      },
    ]);
  });

  test.each([
    ["a byte order mark", `\uFEFF${EXAMPLE}`],
    ["CRLF", EXAMPLE.replaceAll("\n", "\r\n")],
    ["no final newline", EXAMPLE.trimEnd()],
    ["Setext headings", EXAMPLE.replace("## 2. Motivation", "\nMotivation\n---")],
    ["headings without numbers and in capitals", EXAMPLE.replace("## 5. Acceptance Criteria", "## ACCEPTANCE CRITERIA")],
  ])("is the same with %s", (_, source) => {
    const other = parse(source);
    expect(other.problems).toEqual([]);
    expect(other.metadata).toEqual(crq.metadata);
    expect(other.criteria.map(({ id, checks, text }) => ({ id, checks, text }))).toEqual(
      crq.criteria.map(({ id, checks, text }) => ({ id, checks, text })),
    );
    expect(other.sections.map(({ name }) => name)).toEqual(crq.sections.map(({ name }) => name));
  });
});

describe("questions, withdrawn criteria, waivers", () => {
  test("a question is open until a line says `Answer:` with a text", () => {
    const source = `${EXAMPLE}## 9. Open Questions
-   **Q-1**: Which branch?
    Answer: the one of CRQ-016.
-   **Q-2**: Answer: is it this line?
-   **Q-3**: And this?

    Answer:
-   **Q-4**: Or two
    lines?

    Answer: yes,
    two.
`;
    expect(parse(source).questions).toEqual([
      { id: "Q-1", text: "Which branch?", answer: "the one of CRQ-016.", place: { line: 80, column: 1 } },
      { id: "Q-2", text: "Answer: is it this line?", place: { line: 82, column: 1 } },
      { id: "Q-3", text: "And this?", place: { line: 83, column: 1 } },
      { id: "Q-4", text: "Or two\nlines?", answer: "yes,\ntwo.", place: { line: 86, column: 1 } },
    ]);
  });

  test("a withdrawn criterion has its reason and runs no checks", () => {
    const crq = parse(
      exampleWith([
        "-   **AC-3**: Every flake input",
        "-   **AC-3** (withdrawn 2026-11-21: covered by the lock): Every flake input",
      ]),
    );
    expect(crq.criteria[2]).toMatchObject({ id: "AC-3", withdrawn: "2026-11-21: covered by the lock", checks: [] });
  });

  test("waivers are read with ISO dates", () => {
    const source = exampleWith([
      'systems = ["x86_64-linux", "aarch64-linux"] }\n',
      'systems = ["x86_64-linux", "aarch64-linux"] }\n[[waiver]]\nac = "AC-2"\nreason = "no shell here"\nby = "human:Ada"\nuntil = 2027-01-01\n',
    ]);
    expect(parse(source).metadata?.waivers).toEqual([
      { ac: "AC-2", reason: "no shell here", by: "human:Ada", until: "2027-01-01" },
    ]);
  });
});

describe("bad input", () => {
  test.each<[string, string, string[]]>([
    [
      "an empty file",
      "",
      [
        "1:1 structure/title there is no H1; expected `# CRQ-NNN: Title`",
        "1:1 meta/missing-block there is no `toml crq` block under the H1",
      ],
    ],
    [
      "YAML front matter",
      "---\ntitle: x\n---\n# CRQ-001: Some title\n",
      [
        "1:1 meta/missing-block YAML front matter instead of a `toml crq` block; `crq-agent import` turns such a document into a CRQ",
      ],
    ],
    [
      "TOML syntax in the metadata",
      exampleWith(['kind = "nixify"', "kind = nixify"]),
      ["8:8 meta/invalid-block the metadata block is not TOML: invalid value"],
    ],
    [
      "a key twice",
      exampleWith(['kind = "nixify"', 'kind = "nixify"\nkind = "fix"']),
      ["9:1 meta/invalid-block the metadata block is not TOML: trying to redefine an already defined table or value"],
    ],
    [
      "a misspelt key",
      exampleWith(['status = "proposed"', 'staus = "proposed"']),
      [
        "3:1 meta/status `status` is missing; one of draft, proposed, approved, rejected, deferred, withdrawn, superseded, closed",
        "7:1 meta/unknown-key unknown key `staus`; did you mean `status`? allowed: schema, id, title, status, kind, created, authors, branch, target, depends-on, related, supersedes, superseded-by, approval, evidence, waiver, imported",
      ],
    ],
    [
      "a key of an inline table",
      exampleWith(["base = ", "bsae = "]),
      [
        "12:1 meta/invalid-block `target.base` is missing (expected string)",
        "12:24 meta/unknown-key unknown key `bsae`; did you mean `base`? allowed: repo, base, systems",
      ],
    ],
    [
      "a date that is a string",
      exampleWith(["created = 2026-11-20", 'created = "soon"']),
      ["9:1 meta/invalid-block `created`: expected a date without quotes, such as 2026-11-20"],
    ],
    [
      "a newer schema",
      exampleWith(['schema = "crq/1"', 'schema = "crq/9"']),
      ["4:1 meta/invalid-block schema crq/9 needs a newer crq-agent; the file is left untouched"],
    ],
    [
      "a derived state",
      exampleWith(['status = "proposed"', 'status = "verified"']),
      [
        '7:1 meta/status `status = "verified"` is derived from runs and never stored; allowed: draft, proposed, approved, rejected, deferred, withdrawn, superseded, closed',
      ],
    ],
    [
      "no branch from proposed",
      exampleWith(['branch = "feature/CRQ-001-nixify-greet"\n', ""]),
      ['7:1 meta/invalid-block `branch` is missing: required from status = "proposed"'],
    ],
    [
      "a second metadata block",
      exampleWith(["## 2. Motivation\n", "## 2. Motivation\n```toml crq\nid = 1\n```\n"]),
      ["17:1 meta/invalid-block a second `toml crq` block; a document has exactly one"],
    ],
    [
      "text before the metadata block",
      exampleWith(["\n```toml crq", "\nSome text.\n\n```toml crq"]),
      ["5:1 meta/invalid-block the `toml crq` block must be the first thing after the H1"],
    ],
    [
      "a fence that is never closed",
      exampleWith(["## 6. Implementation Plan\n", "```\n## 6. Implementation Plan\n"]),
      [
        '64:1 structure/unbalanced-fence this fence is never closed, so the 16 lines after it are code to every tool; it swallows the headings "6. Implementation Plan", "7. References"',
      ],
    ],
    [
      "an unpaired fence before a paired one",
      exampleWith(["## 1. Overview\n", "```\n## 1. Overview\n"], ["## 2. Motivation\n", "```\n## 2. Motivation\n"]),
      [
        '14:1 structure/unbalanced-fence an earlier fence is unpaired: this one holds sections; it swallows the headings "1. Overview"',
      ],
    ],
    [
      "a check block outside a criterion",
      exampleWith(["## 7. References\n", '## 7. References\n```toml check AC-1\nkind = "manual"\n```\n']),
      ["69:1 acceptance/misplaced-block `check AC-1` stands in no criterion of section 5; it is not run"],
    ],
    [
      "a check block with another id",
      exampleWith(["```toml check AC-3", "```toml check AC-4"]),
      ["48:5 acceptance/misplaced-block `check AC-4` stands in AC-3, the criterion at 47:1; it is not run"],
    ],
    [
      "two blocks in one criterion",
      exampleWith(["-   **AC-4**: ", '    ```toml check AC-3\n    kind = "flake-inputs"\n    ```\n-   **AC-4**: ']),
      ["52:5 acceptance/misplaced-block AC-3 has a second block; the first is at 48:5; put both checks in one"],
    ],
    [
      "an item of section 5 without an id",
      exampleWith(["-   **AC-4**: ", "-   Everything works.\n-   **AC-4**: "]),
      ["52:1 acceptance/criterion-without-id this item of section 5 has no id, so nothing checks it; start it with `**AC-n**: `"],
    ],
    [
      "one id twice",
      exampleWith(["-   **AC-4**: ", "-   **AC-3**: again.\n-   **AC-4**: "]),
      ["52:1 acceptance/criterion-without-id AC-3 is there twice; the first is at 47:1"],
    ],
    [
      "a criterion that is no item of its own",
      exampleWith([
        "-   **AC-4**: ",
        "-   **AC-31** is nested:\n    -   **AC-32**: here.\n\n**AC-33**: or here.\n\n-   **AC-4**: ",
      ]),
      [
        "53:9 acceptance/criterion-without-id AC-32 is no item of its own in a list of section 5, so nothing checks it; write it as `-   **AC-32**: …`",
        "55:1 acceptance/criterion-without-id AC-33 is no item of its own in a list of section 5, so nothing checks it; write it as `-   **AC-33**: …`",
      ],
    ],
    [
      "a second section of criteria",
      `${EXAMPLE}## 5. Acceptance Criteria\n-   **AC-9**: unseen.\n`,
      ['79:1 structure/unknown-section a second section "Acceptance Criteria"; only the first counts'],
    ],
    [
      "an unknown kind",
      exampleWith(['kind = "flake-inputs"', 'kind = "flake-input"']),
      [
        '49:5 acceptance/invalid-block unknown kind "flake-input"; did you mean `flake-inputs`? allowed: nix-parse, nix-eval, flake-outputs, flake-inputs, lock, flake-check, nix-build, dev-shell, run, file, doc, git-scope, steps, command, manual',
      ],
    ],
    [
      "a missing parameter",
      exampleWith(['    attr = "packages.${system}.greet"\n', ""]),
      ['33:5 acceptance/invalid-block kind "nix-build": `attr` is missing (expected string)'],
    ],
    [
      "an unknown parameter",
      exampleWith(["    min-inputs = 3", "    min-input = 3"]),
      [
        '50:5 acceptance/invalid-block kind "flake-inputs": unknown key `min-input`; did you mean `min-inputs`? allowed: kind, timeout, systems, network, regression, suggested, files, scope, min-inputs',
      ],
    ],
    [
      "`kind` beside [[check]]",
      exampleWith(['    [[check]]\n    kind = "nix-build"', '    kind = "run"\n    [[check]]\n    kind = "nix-build"']),
      ["33:5 acceptance/invalid-block `kind` at top level and [[check]] entries exclude each other"],
    ],
    [
      "a bad regular expression",
      exampleWith(["'^cargo 1\\.'", "'^cargo (1\\.'"]),
      [
        '45:55 acceptance/invalid-block kind "dev-shell": `run.stdout.regex`: not a valid JavaScript regular expression (flags mu)',
      ],
    ],
    [
      "an unknown variable",
      exampleWith(['packages.${system}.greet"\n    files', 'packages.${sys}.greet"\n    files']),
      [
        "35:5 acceptance/invalid-block unknown variable ${sys}; allowed: ${system}, ${base}, ${out:AC-n.k}; write $${ for a literal ${",
      ],
    ],
    [
      "a reference to no build",
      exampleWith(["${out:AC-1.0}", "${out:AC-9.0}"]),
      [
        "39:5 acceptance/invalid-block ${out:AC-9.0} names no `nix-build` and no `steps` with build = true: there is no such check (check numbers start at 0)",
      ],
    ],
    [
      "a path that leaves the target",
      exampleWith(['files = ["README.md"]', 'files = ["../README.md"]']),
      ['60:5 acceptance/invalid-block kind "doc": `files[0]`: must stay inside the target'],
    ],
    [
      "a facts block with a wrong hash",
      exampleWith(['sha256 = "eca0', 'sha256 = "xca0']),
      ["75:5 meta/invalid-block facts: `fact[0].sha256`: expected 64 hex digits"],
    ],
  ])("%s", (_, source, expected) => {
    expect(problems(source)).toEqual(expected);
  });

  test.each([
    ["one wrong check of two", exampleWith(['kind = "run"', 'kind = "rnu"']), "AC-1"],
    ["a reference to no build", exampleWith(["${out:AC-1.0}", "${out:AC-1.1}"]), "AC-1"],
    [
      "a block with another id beside the right one",
      exampleWith(["-   **AC-4**: ", '    ```toml check AC-9\n    kind = "lock"\n    ```\n-   **AC-4**: ']),
      "AC-3",
    ],
    [
      "two blocks with its id",
      exampleWith(["-   **AC-4**: ", '    ```toml check AC-3\n    kind = "lock"\n    ```\n-   **AC-4**: ']),
      "AC-3",
    ],
  ])("%s leaves the criterion without checks, so that it cannot pass", (_, source, id) => {
    expect(parse(source).criteria.find((criterion) => criterion.id === id)?.checks).toEqual([]);
  });

  test("without metadata the rest is still read, with the id of the H1", () => {
    const crq = parse(exampleWithout("```toml crq", "## 1. Overview"));
    expect([crq.metadata, crq.title?.id, crq.criteria.length]).toEqual([undefined, "CRQ-001", 5]);
  });

  test("an unknown key costs no other key", () => {
    expect(parse(exampleWith(['kind = "nixify"', 'kind = "nixify"\nprio = 1'])).metadata).toEqual(parse(EXAMPLE).metadata);
  });

  test("hostile nesting is a problem, not a crash", () => {
    expect(parse(`${EXAMPLE}\n${">".repeat(100_000)} deep\n`).problems.map(({ rule }) => rule)).toContain("structure/unreadable");
  });
});

describe("decodeCrq", () => {
  const unreadable = (message: string) => ({
    problem: { severity: "error", rule: "structure/unreadable", message, file: "x.md", line: 1, column: 1 },
  });

  test("text is kept as it is", () => {
    const source = "\uFEFF# Ä\r\n";
    expect(decodeCrq("x.md", new TextEncoder().encode(source))).toEqual({ source });
  });

  test.each<[string, Uint8Array, string]>([
    ["Latin-1", Uint8Array.from([0x23, 0x20, 0xe4, 0x0a]), "the bytes at offset 2 are not UTF-8; the file is skipped"],
    ["a cut sequence", Uint8Array.from([0x23, 0xc3]), "the bytes at offset 1 are not UTF-8; the file is skipped"],
    ["a NUL byte", Uint8Array.from([0x23, 0x00]), "a NUL byte at offset 1: this is not a text file; the file is skipped"],
    [
      "a large file",
      new Uint8Array(MAX_CRQ_BYTES + 1).fill(0x61),
      "1048577 bytes are more than the 1048576 a CRQ may have; the file is skipped",
    ],
  ])("%s is unreadable", (_, bytes, message) => {
    expect(decodeCrq("x.md", bytes)).toEqual(unreadable(message));
  });
});
