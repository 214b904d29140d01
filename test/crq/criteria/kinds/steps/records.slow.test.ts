import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shDerivation } from "../../flakes.ts";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { HONEST, said as saidOf } from "./said-of-records.ts";
import { commandOf, flakeTaking, records, stepFlake, type Tree } from "./trees.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const said = (change: Tree, more?: object): Promise<string> => saidOf(place, change, more);

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
