import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shDerivation } from "../../flakes.ts";
import { observe } from "../../observe.ts";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { commandOf, flakeTaking, record, records, stepFlake, type Tree } from "./trees.ts";

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

describe("flakes that do not run their record", () => {
  test("they only write a text, copy what lies in the tree, or build something else", async () => {
    const instead = (script: string, more: Tree = {}): Promise<string> =>
      said({ ...HONEST, "steps/step001/flake.nix": flakeTaking([], shDerivation("step001", script)), ...more });
    const idle =
      "vacuous stub (eval) 3/3: steps/step001: the builder does not run its record, it only makes folders, writes texts or copies files";
    expect([
      await instead(`echo ${commandOf(1)} > $out`),
      await instead(`# ${commandOf(1)}\n: > $out`),
      await instead("cat ${./a1.o} > $out", { "steps/step001/a1.o": "object\n" }),
      await said({
        ...HONEST,
        "steps/step001/a1.o": "object\n",
        "steps/step001/flake.nix": flakeTaking(
          [],
          `derivation { name = "step001"; system = "x86_64-linux"; builder = "/bin/sh"; made = ./a1.o; command = "${commandOf(1)}"; args = [ "-c" "cp $made $out" ]; }`,
        ),
      }),
      await instead("read -r line < /dev/null; printf ok > $out"),
    ]).toEqual([
      idle,
      idle,
      idle,
      idle,
      "fail mismatch (eval) 3/3: steps/step001 does not run step-0001-cc-a1.o: its builder is not told cc -O1 a1.c -o a1.o",
    ]);
  });

  test("attributes that dress a derivation up say nothing: what Nix builds is read", async () => {
    const dressed = `${shDerivation("step001", "echo ok > $out")} // { drvAttrs = { args = [ "${commandOf(1)}" ]; }; args = [ "${commandOf(1)}" ]; }`;
    const borrowed = `${shDerivation("step001", "echo ok > $out")} // { drvPath = "/nix/store/00000000000000000000000000000000-x.drv"; }`;
    expect(await said({ ...HONEST, "steps/step001/flake.nix": flakeTaking([], dressed) })).toMatch(/^vacuous stub \(eval\)/);
    expect(await said({ ...HONEST, "steps/step001/flake.nix": flakeTaking([], borrowed) })).toBe(
      "fail missing (eval) 1/3: the flake in steps/step001 has no derivation packages.x86_64-linux.default",
    );
  });

  test("edges: none, one that is not used, one that was not recorded, one that leads out", async () => {
    const third = (text: string): Promise<string> => said({ ...HONEST, "steps/step003/flake.nix": text });
    const unused = stepFlake(3, [1])
      .replace("inputs.step001", 'inputs.step002.url = "path:../step002"; inputs.step001')
      .replace("self, step001", "self, step001, step002");
    expect([
      await third(stepFlake(3, [1])),
      await third(unused),
      await said({
        ...HONEST,
        "steps/step002/flake.nix": stepFlake(2),
        "steps/steps.jsonl": records({ seq: 1 }, { seq: 2 }, { seq: 3, depends: [1] }),
      }),
      await third(stepFlake(3, [1, 2]).replace("path:../step002", "path:../../other")),
    ]).toEqual([
      "fail mismatch (eval) 3/3: steps/step003 does not take steps/step002 as an input, and step-0003-cc-a3.o depends on step-0002-cc-a2.o",
      "fail mismatch (eval) 3/3: steps/step003 takes steps/step002 as an input and its build does not use it",
      "fail mismatch (eval) 3/3: steps/step003 takes steps/step002, and step-0003-cc-a3.o does not depend on step-0002-cc-a2.o",
      "fail mismatch (eval) 3/3: steps/step003 takes other, which is no node",
    ]);
  });

  test("one derivation for two steps, a flake without a record, a join of none", async () => {
    const same = flakeTaking(
      [],
      shDerivation("same", `cc() { read -r line < /dev/null; }; ${commandOf(1)}; ${commandOf(2)}; printf ok > $out`),
    );
    const two = records({ seq: 1 }, { seq: 2 });
    expect([
      await said({ "steps/steps.jsonl": two, "steps/step001/flake.nix": same, "steps/step002/flake.nix": same }),
      await said({ ...HONEST, "steps/step004/flake.nix": stepFlake(4) }),
      await said({
        ...HONEST,
        "steps/flake.nix": flakeTaking([], shDerivation("join", "for each in; do read -r x < $each; done; echo > $out")),
      }),
    ]).toEqual([
      "fail mismatch (eval) 2/2: steps/step002 builds the same derivation as steps/step001",
      "fail mismatch (parse) 3/3: no record of a step that made something belongs to steps/step004",
      "fail mismatch (eval) 3/3: the flake in steps joins no step",
    ]);
  });
});
