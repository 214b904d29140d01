import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../observe.ts";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { record, records, stepFlake, type Tree } from "./trees.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

/** What the check says of records and flakes in `steps`. */
async function said(change: Tree, more: object = {}): Promise<string> {
  const { lines } = await observe(place, {
    change,
    checks: [{ kind: "steps", mode: "records", dir: "steps", ...more }],
    prepare: async (directory) => {
      for (const name of readdirSync(join(directory, "steps")).sort())
        if (change[`steps/${name}/flake.nix`]?.includes("inputs.") === true) await place.nix.lock(join(directory, "steps", name));
    },
  });
  return lines[0] ?? "";
}

/** Three steps, the third on the first two, each with a flake that runs it. */
const HONEST: Tree = {
  "steps/steps.jsonl": records({ seq: 1 }, { seq: 2, depends: [1] }, { seq: 3, depends: [1, 2] }),
  "steps/step001/flake.nix": stepFlake(1),
  "steps/step002/flake.nix": stepFlake(2, [1]),
  "steps/step003/flake.nix": stepFlake(3, [1, 2]),
};

describe("records", () => {
  test("each with a flake that runs it and takes what it depends on", async () => {
    expect(await said(HONEST)).toBe("pass met (eval) 3/3: 3 steps, each with a flake that runs its record");
  });

  test("none, or fewer than asked for; a failed step does not count", async () => {
    const failing = { ...HONEST, "steps/steps.jsonl": records({ seq: 1 }, { seq: 2, exit: 1, outputs: [] }) };
    expect([
      await said({ "steps/README.md": "# Steps\n" }),
      await said(HONEST, { min: 4 }),
      await said({ "steps/steps.jsonl": records({ seq: 1 }, { seq: 2, depends: [1] }) }),
    ]).toEqual([
      "vacuous nothing-checked (parse) 0/0: steps holds 0 step records that made something, at least 2 are asked for",
      "vacuous nothing-checked (parse) 3/3: steps holds 3 step records that made something, at least 4 are asked for",
      "fail missing (parse) 2/2: of 2 steps 2 have no flake: step-0001-cc-a1.o (step001); step-0002-cc-a2.o (step002)",
    ]);
    expect(await said(failing)).toMatch(/^fail mismatch \(parse\) 2\/2: steps\/steps\.jsonl:2: "step-0002-cc-a2\.o" failed/);
  });

  test("stub commands", async () => {
    const stub = (command: string, ...args: readonly string[]): Tree => ({
      ...HONEST,
      "steps/steps.jsonl": records({ seq: 1, command, args }, { seq: 2, depends: [1] }, { seq: 3, depends: [1, 2] }),
    });
    const seen = [stub("true"), stub(":"), stub("echo", "done"), stub("touch", "a1.o"), stub("sh", "-c", "exit 0")].map((tree) =>
      said(tree),
    );
    expect(await Promise.all(seen)).toEqual(
      ["true", ":", "echo done", "touch a1.o", "sh -c 'exit 0'"].map(
        (command) => `vacuous stub (parse) 3/3: nothing is compiled: step-0001-cc-a1.o only runs ${command}`,
      ),
    );
  });

  test("a circle, and a file that nobody wrote", async () => {
    const circle = records({ seq: 1, depends: [2] }, { seq: 2, depends: [1] });
    const orphan = record({ seq: 1 }).replace('"inputs":[]', '"inputs":[{"path":"@build@/gen.h","sha256":"0"}]');
    expect(await said({ ...HONEST, "steps/steps.jsonl": circle })).toMatch(
      /^fail mismatch \(parse\) 2\/2: circular: step-0001-cc-a1\.o -> step-0002-cc-a2\.o -> step-0001-cc-a1\.o/,
    );
    expect(await said({ ...HONEST, "steps/steps.jsonl": `${orphan}\n${record({ seq: 2 })}\n` })).toMatch(
      /^fail mismatch \(parse\) 2\/2: steps\/steps\.jsonl:1: "step-0001-cc-a1\.o" reads @build@\/gen\.h, which no recorded step wrote/,
    );
  });
});
