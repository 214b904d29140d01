import { expect, it } from "vitest";
import { ciFacts } from "../../src/repo/ci.ts";
import { readTree } from "../../src/repo/tracked-tree.ts";
import { repositoryWith } from "./tree-on-disk.ts";

const WORKFLOW = ".github/workflows/ci.yml";

it.each([
  ["a comment behind blank lines", "on: push\n\n\n  # cargo nextest run\n\n- run: cargo nextest run\n", 6],
  ["nothing but line breaks", `${"\n".repeat(500_000)}- run: cargo nextest run\n`, 500_001],
  ["a line of one word", `- run: ${"cargo ".repeat(100_000)}\n- run: cargo nextest run\n`, 2],
])("names the line of CI that runs a tool, behind %s", async (_, text, line) => {
  const tree = await readTree(await repositoryWith({ [WORKFLOW]: text }), "HEAD");
  expect(await ciFacts(tree)).toEqual({ nextest: `${WORKFLOW}:${line}`, files: [WORKFLOW] });
});
