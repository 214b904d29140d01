import { expect, it } from "vitest";
import { CHECK_EXAMPLES } from "../../scripts/reference/check-examples.ts";
import { CHECK_KINDS } from "../../src/crq/checks.ts";
import { parseCrq } from "../../src/crq/parse.ts";
import { crqText } from "../program/samples.ts";

it.each(CHECK_KINDS)("the example of %s is a block that runs as it stands", (kind) => {
  const block = CHECK_EXAMPLES[kind].block.replace(/^/gmu, "    ");
  const build =
    '-   **AC-1**: It builds.\n    ```toml check AC-1\n    kind = "nix-build"\n    attr = "packages.${system}.tally"\n    ```\n';
  const criteria = `${build}-   **AC-2**: It holds.\n    \`\`\`toml check AC-2\n${block}\n    \`\`\`\n`;
  const crq = parseCrq("crqs/CRQ-001-say-welcome.md", crqText({ criteria }));
  expect(crq.problems).toEqual([]);
  expect(crq.criteria[1]?.checks.map((check) => check.kind)).toEqual([kind]);
});
