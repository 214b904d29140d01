// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lint } from "../../../src/crq/lint/lint.ts";
import { PROFILES } from "../../../src/crq/lint/rule.ts";
import { RULES } from "../../../src/crq/lint/rules/all.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../fixtures/example.ts";
import { CONTEXT, findings } from "./context.ts";

/** The table of the format: levels for import, standard, strict, then the rules; `*` marks those with a fix. */
const TABLE = `
W E E structure/title* structure/empty-section structure/template-placeholder structure/unbalanced-fence structure/leaked-prompt
i E E structure/missing-section*
i W E structure/section-order* structure/unknown-section structure/unfinished-text
i W W structure/heading-form
E E E structure/unreadable structure/bad-ignore
i E E meta/missing-block* meta/status*
E E E meta/invalid-block meta/unknown-key*
i W E meta/author-form
E E E id/duplicate
W E E id/mismatch id/unnumbered
W W E id/taken-on-other-ref
i W E id/file-name*
E E E acceptance/invalid-block acceptance/misplaced-block
i E E acceptance/criterion-without-id* acceptance/criterion-without-check
W E E acceptance/no-criteria acceptance/placeholder acceptance/constant-check
- W E acceptance/check-without-expectation
i W E acceptance/suggested-check
i W W acceptance/prefer-typed-kind acceptance/weak-word
- W W acceptance/text-block-mismatch
- i W acceptance/compound-criterion
W E E grounding/machine-path grounding/broken-relation*
i W E grounding/missing-path grounding/dead-reference
- E E grounding/fact-not-in-source grounding/silent-contradiction
- i i grounding/unchecked-source
- W W grounding/stale-source grounding/unsupported-claim
W E E nix/local-input nix/malformed-command*
W W E nix/snippet-does-not-parse
i W W nix/off-policy-input nix/unknown-crq-ref
- W W nix/system-missing
i W E plan/uncovered-criterion plan/scope-split
i i W plan/hand-written-commits*
- E E lifecycle/approval-outdated lifecycle/open-question
E E E lifecycle/approval-by-agent
- i W lifecycle/unattended-approval
W E E lifecycle/closed-without-evidence
W E E index/out-of-date* index/bad-entry
`;

describe("the rules", () => {
  const LETTER = { error: "E", warning: "W", info: "i", off: "-" };

  test("are those of the format's table, with its levels and fixes", () => {
    const expected = TABLE.trim()
      .split("\n")
      .flatMap((line) =>
        line
          .slice(6)
          .split(" ")
          .map((name) => `${line.slice(0, 5)} ${name}`),
      );
    const actual = RULES.map(
      (rule) =>
        `${PROFILES.map((profile) => LETTER[rule.levels[profile]]).join(" ")} ${rule.name}${rule.fixes === true ? "*" : ""}`,
    );
    expect(actual.sort()).toEqual(expected.sort());
  });
});

test("the example passes the strict profile without a finding", () => {
  expect(lint(EXAMPLE_PATH, EXAMPLE, "strict", CONTEXT)).toEqual([]);
});

test("so does the one that models are shown", () => {
  const prompt = readFileSync(join(import.meta.dirname, "../../../prompts/example-crq.md"), "utf8");
  const [, source = ""] = /^````markdown\n([\s\S]*?)^````$/m.exec(prompt) ?? [];
  expect(source).toMatch(/^# CRQ-042: /);
  // Its repository does not exist, so only what the document alone can show is judged.
  expect(lint("crqs/CRQ-042-nixify-tally.md", source, "strict")).toEqual([]);
});

test.each([
  ["CRLF", EXAMPLE.replaceAll("\n", "\r\n")],
  ["a byte order mark", `\uFEFF${EXAMPLE}`],
  ["no final newline", EXAMPLE.trimEnd()],
])("nor does it with %s", (_, source) => {
  expect(lint(EXAMPLE_PATH, source, "strict", CONTEXT)).toEqual([]);
});

test("findings are sorted by place and carry the severity of the profile", () => {
  const source = exampleWith(
    ["The Rust project `greet`", "TBD: the Rust project `greet`"],
    ["later Rust projects", "TODO later Rust projects"],
  );
  expect(findings("structure/unfinished-text", source, "strict")).toEqual([
    '15:1 error "TBD": write it, or ask it in section 9',
    '17:50 error "TODO": write it, or ask it in section 9',
  ]);
  expect(findings("structure/unfinished-text", source, "standard")[0]).toMatch(/^15:1 warning/);
  expect(findings("structure/unfinished-text", source, "import")[0]).toMatch(/^15:1 info/);
});

describe("ignore comments", () => {
  const with_ = (comment: string) =>
    exampleWith(
      ["The Rust project `greet` gets", `${comment}\n\nTBD: the Rust project \`greet\` gets`],
      ["Every machine should", "TBD every machine should"],
    );

  test("cover the next block, for one rule", () => {
    expect(
      findings("structure/unfinished-text", with_("<!-- crq-lint ignore structure/unfinished-text: settled next week -->")),
    ).toEqual(['19:1 error "TBD": write it, or ask it in section 9']);
  });

  test("that ignore nothing are remarked on, where their rule could have found something", () => {
    const unused = exampleWith([
      "The Rust project `greet` gets",
      "<!-- crq-lint ignore structure/unfinished-text: settled -->\n\nThe Rust project `greet` gets",
    ]);
    expect(findings("structure/bad-ignore", unused)).toEqual([
      "15:1 info this comment ignores nothing: `structure/unfinished-text` finds nothing in the block below; remove it",
    ]);
    const nix = unused.replace("structure/unfinished-text", "nix/snippet-does-not-parse");
    expect(findings("structure/bad-ignore", nix)).toEqual([]);
    expect(findings("structure/bad-ignore", nix, "strict", { ...CONTEXT, nixProblems: new Map() })).toHaveLength(1);
    const off = unused.replace("structure/unfinished-text", "nix/system-missing");
    expect(findings("structure/bad-ignore", off, "import")).toEqual([]);
    const used = unused.replace("settled -->\n\nThe", "settled -->\n\nTBD: the");
    expect(findings("structure/bad-ignore", used)).toEqual([]);
  });

  test("work inside list items too", () => {
    const source = exampleWith([
      "-   **AC-3**: Every flake input",
      "-   <!-- crq-lint ignore acceptance/weak-word: quoted -->\n    Robust",
    ]);
    expect(findings("acceptance/weak-word", source)).toEqual([]);
    expect(findings("acceptance/weak-word", source.replace(/<!--.*-->/, "<!-- x -->"))).toHaveLength(1);
  });

  test.each([
    ["<!-- crq-lint ignore structure/unfinished-text -->", "ignoring `structure/unfinished-text` needs a reason after a colon"],
    ["<!-- crq-lint ignore structure/unfinished-text: -->", "ignoring `structure/unfinished-text` needs a reason after a colon"],
    ["<!-- crq-lint ignore structure/nothing: x y z -->", "there is no rule `structure/nothing`"],
    ["<!-- crq-lint ignore meta/invalid-block: x y z -->", "`meta/invalid-block` cannot be ignored"],
    ["<!-- crq-lint off -->", "expected `<!-- crq-lint ignore area/rule: reason -->`"],
  ])("%s is a finding and ignores nothing", (comment, message) => {
    expect(findings("structure/bad-ignore", with_(comment))).toEqual([`15:1 error ${message}`]);
    expect(findings("structure/unfinished-text", with_(comment))).toHaveLength(2);
  });
});

describe("whatever the text", () => {
  /** Pieces of documents and of what breaks them. */
  const piece = fc.oneof(
    fc.constantFrom(
      "\n",
      "\r\n",
      "```",
      "```toml crq\n",
      "```toml check AC-1\n",
      "```toml facts\n",
      "~~~",
      "## 5. Acceptance Criteria\n",
      "-   **AC-1**: ",
      "-   **AC-99**",
      "1.  step (AC-1)",
      "> ",
      "    ",
      "\t",
      "# CRQ-001: x\n",
      "<!-- crq-lint ignore a/b: c -->\n",
      "<!--",
      'kind = "run"\n',
      "argv = [",
      "'''",
      '"""',
      "\uFEFF",
      "---\n",
      "[[check]]\n",
      "status = 1\n",
      "${out:AC-1.0}",
      "`",
      "\\",
      "|",
      "\u0000",
      "\u2028",
      "Answer:",
      "**Q-1**: ",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  );
  const mutation = fc.record({
    at: fc.nat(EXAMPLE.length),
    remove: fc.nat(40),
    insert: fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("")),
  });

  test("lint never throws on arbitrary text", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...PROFILES), (pieces, profile) => {
        expect(Array.isArray(lint("crqs/x.md", pieces.join(""), profile, CONTEXT))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("lint never throws on a damaged example, and every place is inside the file", () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        const source = mutations.reduce(
          (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
          EXAMPLE,
        );
        const lines = source.split(/\r\n|\n|\r/);
        for (const { line, column, message } of lint(EXAMPLE_PATH, source, "strict", CONTEXT)) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe("");
        }
      }),
      { numRuns: 150 },
    );
  });
});
