import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importDocument } from "../../../src/crq/import/import.ts";
import { lint } from "../../../src/crq/lint/lint.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { BASE_INPUT } from "./input.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const read = (family: string, name: string): string => readFileSync(join(FIXTURES, family, name), "utf8");

function run(source: string, change: Partial<typeof BASE_INPUT> & { readonly path?: string } = {}) {
  const sha256 = createHash("sha256").update(source).digest("hex");
  return importDocument({ ...BASE_INPUT, sha256, path: "old/x.md", ...change, source });
}

function imported(source: string, change: Parameters<typeof run>[1] = {}) {
  const result = run(source, change);
  if (result.kind !== "imported") throw new Error(`${result.kind}: ${JSON.stringify(result.diagnostics)}`);
  return { ...result, crq: parseCrq(`crqs/${result.fileName}`, result.text) };
}

describe("imitations of what is found in the wild", () => {
  test.each(readdirSync(FIXTURES))("%s", async (family) => {
    const { text, crq, ...result } = imported(read(family, "source.md"), { path: `old/${family}.md` });
    await expect(text).toMatchFileSnapshot(join(FIXTURES, family, "expected.md"));
    expect(crq.problems).toEqual([]);
    expect(lint(`crqs/${result.fileName}`, text, "import").filter(({ severity }) => severity === "error")).toEqual([]);
    expect(result.family).toBe(family === "smuggler" ? "mini" : family);
  });
});
