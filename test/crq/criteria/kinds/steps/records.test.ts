import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { HONEST, said as saidOf } from "./said-of-records.ts";
import { record, records, type Tree } from "./trees.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const said = (change: Tree, more?: object): Promise<string> => saidOf(place, change, more);

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
