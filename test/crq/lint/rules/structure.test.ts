import { describe, expect, test } from "vitest";
import { EXAMPLE, exampleWith, exampleWithout } from "../../fixtures/example.ts";
import { CONTEXT, findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];

describe("structure/title", () => {
  test.each<Case>([
    ["no H1", EXAMPLE.replace(/^# .*\n/, ""), ["1:1 error there is no H1; expected `# CRQ-NNN: Title` *"]],
    [
      "another form of id",
      exampleWith(["# CRQ-001: Nix", "# CRQ 1 - Nix"]),
      [
        '1:1 error the H1 is "CRQ 1 - Nixification of the greet Rust project"; expected `# CRQ-NNN: Title` (3 to 7 digits, a colon) *',
      ],
    ],
    ["a second H1", `${EXAMPLE}\n# Notes\n`, ['80:1 error a second H1 "Notes"; a document is one change']],
    ["an H1 inside a fence is none", exampleWith(["## 2. Motivation\n", "## 2. Motivation\n```text\n# comment\n```\n"]), []],
  ])("%s", (_, source, expected) => {
    expect(findings("structure/title", source)).toEqual(expected);
  });
});

describe("structure/missing-section", () => {
  test("names each, with a fix", () => {
    const source = exampleWithout("## 2. Motivation", "## 3. Scope");
    expect(findings("structure/missing-section", source)).toEqual(["1:1 error section 2 (Motivation) is missing *"]);
  });

  test("at import a synonym counts", () => {
    const source = exampleWith(["## 2. Motivation", "## Problem Statement:"]);
    expect(findings("structure/missing-section", source, "import")).toEqual([]);
    expect(findings("structure/missing-section", source, "standard")).toEqual(["1:1 error section 2 (Motivation) is missing *"]);
  });
});

describe("structure/empty-section", () => {
  test.each<Case>([
    [
      "no text",
      exampleWith(["Every machine should build the same program, and later Rust projects can copy this flake.\n", ""]),
      ['16:1 error section "2. Motivation" is empty'],
    ],
    [
      "only a comment",
      exampleWith(["Every machine should build the same program, and later Rust projects can copy this flake.", "<!-- why -->"]),
      ['16:1 error section "2. Motivation" is empty'],
    ],
    [
      "an empty sub-section",
      exampleWith(["-   Changes to the Rust sources and to the dependencies in `Cargo.toml`.\n", ""]),
      ['21:1 error sub-section "3.2. Out of Scope" is empty'],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("structure/empty-section", source)).toEqual(expected);
  });
});

describe("structure/section-order", () => {
  test.each<Case>([
    [
      "a wrong number",
      exampleWith(["## 2. Motivation", "## 9. Motivation"]),
      ['16:1 error "9. Motivation" should be numbered `2.` *'],
    ],
    ["no number", exampleWith(["## 2. Motivation", "## Motivation"]), ['16:1 error "Motivation" should be numbered `2.` *']],
    ["a sub-section", exampleWith(["### 4.2. Nix", "### Nix"]), ['26:1 error "Nix Flake Structure" should be numbered `4.2.` *']],
    [
      "tails keep their numbers also when some are left out",
      `${EXAMPLE}## 9. Open Questions\nNone.\n## 11. History\n-   x\n`,
      [],
    ],
    [
      "a section out of order is for a person to move",
      `${exampleWithout("## 2. Motivation", "## 3. Scope")}## 2. Motivation\nWhy.\n`,
      ['77:1 error "2. Motivation" stands after section 7; move it above "3. Scope"'],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("structure/section-order", source)).toEqual(expected);
  });
});

test("structure/unknown-section: unknown and repeated ones", () => {
  expect(findings("structure/unknown-section", `${EXAMPLE}## Notes\nx\n## 1. Overview\ny\n`)).toEqual([
    '79:1 error unknown section "Notes"; make it a sub-section of one of the format\'s sections',
    '81:1 error a second section "Overview"; only the one at line 14 counts',
  ]);
});

test("structure/template-placeholder: brackets, slots and comments of a template", () => {
  const source = exampleWith([
    "Every machine should build",
    "[List the reasons here] {{reason}}\n\n<!-- Describe why -->\n\n[List of names](x.md) `${{ github.ref }}` <!-- why --> build",
  ]);
  expect(findings("structure/template-placeholder", source)).toEqual([
    "17:1 error template text [List the reasons here]",
    "17:25 error template slot {{reason}}",
    "19:1 error a template's comment",
  ]);
});

describe("structure/leaked-prompt", () => {
  test.each<Case>([
    [
      "a task",
      exampleWith(["Every machine", "Your task\nis to nixify. Every machine"]),
      ['17:1 error "Your task is to" reads like a prompt or a chat reply'],
    ],
    [
      "a line to somebody",
      exampleWith(["Every machine", "It is vendored.\nyou can find it there. Every machine"]),
      ['18:1 error "you can" reads like a prompt or a chat reply'],
    ],
    [
      "a line to somebody behind a task, without a full stop between them",
      exampleWith(["Every machine", "Your first task is to read notes.md\nyou can print it. Every machine"]),
      [
        '17:1 error "Your first task is to" reads like a prompt or a chat reply',
        '18:1 error "you can" reads like a prompt or a chat reply',
      ],
    ],
    [
      "a line that begins a paragraph",
      exampleWith(["Every machine", "x\n\nyou can find it there. Every machine"]),
      ['19:1 error "you can" reads like a prompt or a chat reply'],
    ],
    [
      "a sentence that goes on in the next line",
      exampleWith(["Every machine", "Once it is locked\nyou can build it. Every machine"]),
      [],
    ],
    [
      "a reply",
      exampleWith(["Every machine", "Okay, I will do it. Every machine"]),
      ['17:1 error "Okay, I" reads like a prompt or a chat reply'],
    ],
    ["ordinary English", exampleWith(["Every machine", "You can build it, and with `x` you can run it. Every machine"]), []],
    ["a quotation in code", exampleWith(["Every machine", "`your task is to` Every machine"]), []],
  ])("%s", (_, source, expected) => {
    expect(findings("structure/leaked-prompt", source)).toEqual(expected);
  });
});

describe("structure/unfinished-text", () => {
  test("not in section 9, not in code, not inside words, not where something is added to something", () => {
    const source = `${exampleWith(["Every machine", "`TODO` and todos, TODO; tests will be added. A section will be added to it. Every machine"])}## 9. Open Questions\n-   **Q-1**: TBD?\n`;
    expect(findings("structure/unfinished-text", source)).toEqual([
      '17:19 error "TODO": write it, or ask it in section 9',
      '17:31 error "will be added": write it, or ask it in section 9',
    ]);
  });
});

describe("structure/heading-form", () => {
  test("level jumps and bold lines", () => {
    const source = exampleWith(["Every machine", "#### Deep\n\n**Reasons**:\n\n**Bold** start of a text. Every machine"]);
    expect(findings("structure/heading-form", source)).toEqual([
      '17:1 warning "Deep" has level 4 under level 2',
      '19:1 warning the bold line "Reasons:" stands for a heading',
    ]);
  });
});

test("section 12 is read by no rule", () => {
  const foreign = "TODO you can\nyour task is to /home/me/x `nix flake check .#x` {{slot}} (if found)";
  const source = `${EXAMPLE}## 12. Imported Text\n${foreign}\n\n\`\`\`nix\nurl = "path:./x";\n\`\`\`\n`;
  const rules = [
    "structure/unfinished-text",
    "structure/leaked-prompt",
    "grounding/machine-path",
    "nix/malformed-command",
    "structure/template-placeholder",
    "grounding/dead-reference",
    "nix/local-input",
  ];
  expect(rules.flatMap((rule) => findings(rule, source, "strict", CONTEXT))).toEqual([]);
});

test("structure/unreadable stands alone: the file is skipped", () => {
  expect(findings("structure/unreadable", `${">".repeat(200)} x`)).toEqual([
    "1:1 error the Markdown is nested too deeply to be read; the file is skipped",
  ]);
  expect(findings("structure/title", `${">".repeat(200)} x`)).toEqual([]);
});
