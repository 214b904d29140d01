import type { Code } from "mdast";
import { z } from "zod";
import type { Fact } from "../../model.ts";
import { readTomlBlock, type TomlBlock } from "../../toml/block.ts";
import { keysOf, shapeProblems } from "../../toml/shape.ts";
import type { Lines } from "../text/lines.ts";
import type { Problems } from "../text/problems.ts";

/** One entry of a `toml facts` block. */
export const factSchema = z.strictObject({
  id: z.string().regex(/^F-[1-9]\d*$/, { error: "expected F- and a number" }),
  claim: z.string().min(1),
  source: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "expected 64 hex digits" }),
  quote: z.string().min(1).max(200),
  key: z.string().min(1).exactOptional(),
  value: z.string().exactOptional(),
  "used-in": z.array(z.string()),
});
const schema = z.strictObject({ fact: z.array(factSchema).min(1) });

/** A fact and where it stands. */
export interface PlacedFact {
  readonly fact: Fact;
  readonly block: TomlBlock;
  /** Index inside its block. */
  readonly index: number;
}

/** Reads the `toml facts` blocks of a document; a block with a problem of shape yields no facts. */
export function readFacts(blocks: readonly Code[], lines: Lines, problems: Problems): PlacedFact[] {
  return blocks.flatMap((node) => {
    const block = readTomlBlock(node, lines);
    if (block.problem)
      problems.add("meta/invalid-block", block.problem.place, `the facts block is not TOML: ${block.problem.message}`);
    if (block.data === undefined) return [];
    const result = schema.safeParse(block.data);
    if (!result.success) {
      for (const problem of shapeProblems(result.error, block.data, (path) =>
        path.length === 0 ? ["fact"] : keysOf(factSchema),
      )) {
        problems.add("meta/invalid-block", block.placeOf(problem.path), `facts: ${problem.message}`);
      }
      return [];
    }
    return result.data.fact.map((entry, index) => ({
      block,
      index,
      fact: {
        id: entry.id,
        claim: entry.claim,
        source: entry.source,
        sha256: entry.sha256,
        quote: entry.quote,
        ...(entry.key !== undefined && { key: entry.key }),
        ...(entry.value !== undefined && { value: entry.value }),
        usedIn: entry["used-in"],
      },
    }));
  });
}
