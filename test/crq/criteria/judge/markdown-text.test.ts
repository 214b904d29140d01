import { expect, test } from "vitest";
import { markdownText, sameHeading } from "../../../../src/crq/criteria/judge/markdown-text.ts";

test("reads what a reader sees", () => {
  const source = `---
title: "nix build in front matter"
---
<!-- # Hidden: nix build in a comment -->
Setext
======

Run \`nix build .#greet\`
and **nix develop**.

\`\`\`sh run
nix build .#greet
\`\`\`

| Command | Use |
|---|---|
| \`nix flake check\` | all |

\`\`\`text
# not a heading
\`\`\`

## 2.1. Nix \`shell\`
`;
  expect(markdownText(source)).toEqual({
    headings: ["Setext", "2.1. Nix shell"],
    text: [
      "Setext",
      "Run nix build .#greet\nand nix develop.",
      "nix build .#greet",
      "Command",
      "Use",
      "nix flake check",
      "all",
      "# not a heading",
      "2.1. Nix shell",
    ].join("\n"),
    shellFences: [{ language: "sh", code: "nix build .#greet", line: 11 }],
    runFences: [{ language: "sh", code: "nix build .#greet", line: 11 }],
  });
});

test("headings are the same without number, case and spacing", () => {
  expect([sameHeading("2.1. Nix  Shell", "nix shell"), sameHeading("Nix", "Nix shell"), sameHeading("3 Nix", "3. nix")]).toEqual([
    true,
    false,
    true,
  ]);
});
