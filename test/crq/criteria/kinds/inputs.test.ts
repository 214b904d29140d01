import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  const files = (word: string) => ({ "flake.nix": `{ outputs = { self }: { word = "${word}"; }; }\n` });
  place = await realPlace([
    { name: "example/one", ref: "main", lastModified: 1_795_000_000, files: files("one") },
    { name: "example/two", ref: "main", lastModified: 1_500_000_000, files: files("two") },
  ]);
});
afterAll(() => place.remove());

const lines = async (scenario: Scenario): Promise<readonly string[]> => (await observe(place, scenario)).lines;

const flake = (inputs: string, args: string): Readonly<Record<string, string>> => ({
  "flake.nix": `{ ${inputs} outputs = { self${args} }: { word = "w"; }; }\n`,
});
const TWO = flake('inputs.one.url = "github:example/one"; inputs.two.url = "github:example/two";', ", one, two");

const locked = async (directory: string): Promise<void> => {
  expect(await place.nix.lock(directory)).toMatchObject({ ok: true });
};

/** Changes the lock after it was made. */
const edited =
  (edit: (lock: string) => string) =>
  async (directory: string): Promise<void> => {
    await locked(directory);
    const file = join(directory, "flake.lock");
    writeFileSync(file, edit(readFileSync(file, "utf8")));
  };

describe("lock", () => {
  const lock = (more: object = {}): object => ({ kind: "lock", ...more });

  test("passes when it agrees with the inputs and Nix accepts it as it is", async () => {
    expect(await lines({ change: TWO, prepare: locked, checks: [lock({ require: ["one", "two"] })] })).toEqual([
      "pass met (eval) 2/2: flake.lock agrees with the 2 declared inputs",
    ]);
  });

  test("fails when there is none, when it is no JSON or when a required input is missing", async () => {
    expect(await lines({ change: TWO, checks: [lock()] })).toEqual(["fail no-lock (text) 0/0: flake.lock does not exist"]);
    const broken = await lines({ change: { ...TWO, "flake.lock": "{" }, checks: [lock()] });
    expect(broken[0]).toMatch(/^fail mismatch \(parse\) 0\/0: flake\.lock is not JSON: /);
    expect(await lines({ change: TWO, prepare: locked, checks: [lock({ require: ["nixpkgs", "one"] })] })).toEqual([
      "fail mismatch (eval) 2/2: flake.lock has no input nixpkgs",
    ]);
  });

  test("fails when flake.nix has moved on", async () => {
    const moved = edited((text) => text);
    const rewrite = async (directory: string): Promise<void> => {
      await moved(directory);
      const file = join(directory, "flake.nix");
      writeFileSync(file, readFileSync(file, "utf8").replace("github:example/one", "github:example/one/other"));
    };
    expect(await lines({ change: TWO, prepare: rewrite, checks: [lock()] })).toEqual([
      "fail mismatch (eval) 2/2: flake.lock pins 'one' from github:example/one, flake.nix says github:example/one/other",
    ]);
  });

  test("fails when a node has no hash", async () => {
    const unhashed = edited((text) => text.replace(/"narHash": "[^"]*",\s*/, ""));
    expect(await lines({ change: TWO, prepare: unhashed, checks: [lock()] })).toEqual([
      "fail mismatch (eval) 2/2: the node 'one' has no narHash",
    ]);
  });

  test("fails when it was written by hand: another content, a revision that nobody has", async () => {
    const used = { "flake.nix": TWO["flake.nix"]?.replace('word = "w"', '"${one.word}" = two.word') ?? "" };
    const content = edited((text) => text.replace(/"narHash": "[^"]*"/, `"narHash": "sha256-${"A".repeat(43)}="`));
    const revision = edited((text) =>
      text
        .replace(/"narHash": "[^"]*"/, `"narHash": "sha256-${"B".repeat(42)}A="`)
        .replace(/"rev": "[^"]*"/, `"rev": "${"f".repeat(40)}"`),
    );
    const seen = [
      ...(await observe(place, { change: used, prepare: content, checks: [lock()] })).results,
      ...(await observe(place, { change: used, prepare: revision, checks: [lock()] })).results,
      ...(await observe(place, { change: used, prepare: locked, checks: [lock()] })).results,
    ];
    expect(seen.map(({ verdict, diagnoses }) => [verdict, diagnoses[0]?.kind])).toEqual([
      ["fail", "hash-mismatch"],
      ["fail", "input-not-found"],
      ["pass", undefined],
    ]);
  });

  test("fails when an input is older than allowed", async () => {
    expect(await lines({ change: TWO, prepare: locked, checks: [lock({ "max-age-days": 30 })] })).toEqual([
      "fail mismatch (eval) 2/2: 'two' is of 2017-07-14, older than 30 days",
    ]);
  });

  test("is vacuous when it holds nothing", async () => {
    expect(await lines({ change: flake("", ""), prepare: locked, checks: [lock()] })).toEqual([
      "fail no-lock (text) 0/0: flake.lock does not exist",
    ]);
    const empty = { ...flake("", ""), "flake.lock": '{"nodes":{"root":{}},"root":"root","version":7}\n' };
    expect(await lines({ change: empty, checks: [lock()] })).toEqual([
      "vacuous empty (eval) 0/0: flake.lock holds only the root node",
    ]);
  });
});

describe("flake-inputs", () => {
  const inputs = (more: object = {}): object => ({ kind: "flake-inputs", ...more });

  test("without a policy: declared, not local, and as many as asked for", async () => {
    expect(await lines({ change: TWO, checks: [inputs({ "min-inputs": 2 }), inputs({ "min-inputs": 3 })] })).toEqual([
      "pass met (eval) 2/2: 2 inputs: all declared, none local; no [policy.inputs] is configured, so owner and branch were not judged",
      "vacuous nothing-checked (eval) 2/2: 2 inputs are declared, at least 3 are asked for",
    ]);
  });

  test("fails on local paths and on arguments nobody declared", async () => {
    const change = flake('inputs.one.url = "path:../one";', ", one, nixpkgs");
    expect(await lines({ change, checks: [inputs()] })).toEqual([
      "fail policy (eval) 1/1: outputs takes 'nixpkgs', which inputs does not declare, so Nix would ask a registry for it; " +
        'declare inputs.nixpkgs.url; inputs.one.url = "path:../one" is a place on this machine; use a reference that others can fetch',
    ]);
  });

  test("asks the project's policy, with the lock where the check says so", async () => {
    const asked: unknown[] = [];
    const judgeInputs: NonNullable<Scenario["options"]>["judgeInputs"] = ({ flake: found, lock }) => {
      asked.push([found.inputs.map((input) => input.name), lock !== undefined]);
      return [
        { input: "one", severity: "warning", message: "one is old" },
        ...(lock === undefined ? [] : [{ input: "two", severity: "error" as const, message: "two is of another owner" }]),
      ];
    };
    const checks = [inputs({ scope: ["flake.nix"] }), inputs()];
    const seen = await observe(place, { change: TWO, prepare: locked, checks, options: { judgeInputs, concurrency: 1 } });
    expect(asked).toEqual([
      [["one", "two"], false],
      [["one", "two"], true],
    ]);
    expect(seen.lines).toEqual([
      "pass met (eval) 2/2: 2 inputs judged by the project's policy",
      "fail policy (eval) 2/2: two is of another owner",
    ]);
    expect(seen.results.map((result) => result.warnings)).toEqual([["one is old"], ["one is old"]]);
    expect(seen.run.nixProcesses).toBe(1);
  });

  test("with a policy, the lock it is to judge must be there", async () => {
    expect(await lines({ change: TWO, checks: [inputs()], options: { judgeInputs: () => [] } })).toEqual([
      "fail no-lock (parse) 0/0: flake.nix: flake.lock does not exist; the check asks for the lock to be judged too",
    ]);
  });

  test("a flake that reads the machine is refused by Nix itself", async () => {
    const change = {
      "flake.nix": '{ inputs.one.url = "github:example/" + builtins.readFile /etc/hostname; outputs = _: { }; }\n',
    };
    const { results } = await observe(place, { change, checks: [inputs()] });
    expect(results[0]).toMatchObject({ verdict: "fail", code: "evaluation" });
  });
});
