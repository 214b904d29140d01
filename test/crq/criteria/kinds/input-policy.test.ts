import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inputJudge } from "../../../../src/jobs/facts/lint/input-judge.ts";
import { inputPolicySchema } from "../../../../src/nix/policy/policy.ts";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

/** The check `flake-inputs` with a real policy, a real evaluation and a lock that Nix wrote. */

let place: RealPlace;
beforeAll(async () => {
  const served = (name: string, ref: string, inputs = "") => ({
    name,
    ref,
    lastModified: 1_795_000_000,
    files: { "flake.nix": `{ ${inputs} outputs = { self, ... }: { word = "w"; }; }\n` },
  });
  place = await realPlace([
    served("acme/utils", "feature/CRQ-001-utils", 'inputs.systems.url = "github:up/systems";'),
    served("acme/plain", "feature/CRQ-002-plain"),
    served("up/systems", "main"),
    served("up/utils-plus", "main"),
  ]);
});
afterAll(() => place.remove());

const policy = (more: object = {}) =>
  inputPolicySchema.parse({ org: "acme", ref: "^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$", ...more });

const UTILS = 'inputs.utils.url = "github:acme/utils?ref=feature/CRQ-001-utils";';

async function judged(inputs: string, rules = policy(), edit = (lock: string): string => lock): Promise<unknown> {
  const scenario: Scenario = {
    change: {
      "flake.nix": `{ ${inputs} outputs = { self, ... }: { src = ./.; import = import ./x.nix; word = "w"; }; }\n`,
      "x.nix": "1\n",
    },
    prepare: async (directory) => {
      expect(await place.nix.lock(directory)).toMatchObject({ ok: true });
      const file = join(directory, "flake.lock");
      writeFileSync(file, edit(readFileSync(file, "utf8")));
    },
    checks: [{ kind: "flake-inputs" }],
    options: { judgeInputs: inputJudge(rules, () => "2026-11-20") },
  };
  const { lines, results } = await observe(place, scenario);
  return { line: lines[0], warnings: results[0]?.warnings };
}

test("obeys, with a warning for the input of an input; `src = ./.` and an import are no inputs", async () => {
  expect(await judged(UTILS)).toEqual({
    line: "pass met (eval) 1/1: 1 input judged by the project's policy",
    warnings: [
      "the input of an input 'systems' comes from github:up/systems. Let it follow a direct input (inputs.X.inputs.systems.follows), or add an exception with a reason.",
    ],
  });
});

test("with `transitive = error` that is a failure, and an override in the policy's form mends it", async () => {
  expect(await judged(UTILS, policy({ transitive: "error" }))).toMatchObject({
    line: expect.stringMatching(/^fail policy \(eval\) 1\/1: the input of an input 'systems' comes from/u),
  });
  const mended = `${UTILS} inputs.utils.inputs.systems.url = "github:acme/plain/feature/CRQ-002-plain";`;
  expect(await judged(mended, policy({ transitive: "error" }))).toMatchObject({
    line: "pass met (eval) 1/1: 1 input judged by the project's policy",
  });
});

test("an override that breaks the policy fails, in flake.nix and in the lock", async () => {
  expect(await judged(`${UTILS} inputs.utils.inputs.systems.url = "github:up/systems";`)).toMatchObject({
    line: expect.stringMatching(
      /^fail policy \(eval\) 1\/1: 'github:up\/systems' belongs to 'up', not to 'acme'\..*flake\.lock resolves 'utils\/systems' to github:up\/systems/u,
    ),
  });
});

test("of two names where one begins with the other only the offender is named", async () => {
  const both = `${UTILS} inputs.utils-plus.url = "github:up/utils-plus";`;
  const { line } = (await judged(both)) as { line: string };
  expect(line).toMatch(/'github:up\/utils-plus' belongs to 'up'/u);
  expect(line).not.toMatch(/'github:acme\/utils/u);
  const excepted = policy({ exception: [{ url: "github:up/utils-plus", reason: "signed", until: "2026-11-20" }] });
  expect(await judged(both, excepted)).toMatchObject({ line: "pass met (eval) 2/2: 2 inputs judged by the project's policy" });
  const ended = policy({ exception: [{ url: "github:up/utils-plus", reason: "signed", until: "2026-11-19" }] });
  expect(await judged(both, ended)).toMatchObject({ line: expect.stringMatching(/^fail policy/u) });
});

test("a lock that was edited to lead elsewhere fails", async () => {
  expect(
    await judged(UTILS, policy(), (lock) => lock.replace('"repo": "utils",\n        "rev"', '"repo": "plain",\n        "rev"')),
  ).toMatchObject({
    line: expect.stringMatching(/^fail policy \(eval\) 1\/1: flake\.lock resolves 'utils' to github:acme\/plain\?rev=/u),
  });
});

test("judges every flake that a glob meets, and one that meets none is missing", async () => {
  const scenario = (files: readonly string[]): Scenario => ({
    change: {
      "flake.nix": `{ ${UTILS} outputs = { self, ... }: { }; }\n`,
      "parts/one/flake.nix": '{ inputs.near.url = "path:../two"; outputs = { self, ... }: { }; }\n',
      "parts/two/flake.nix": "{ outputs = { self }: { }; }\n",
    },
    checks: [{ kind: "flake-inputs", files, scope: ["flake.nix"] }],
    options: { judgeInputs: inputJudge(policy(), () => "2026-11-20") },
  });
  const lineOf = async (files: readonly string[]) => (await observe(place, scenario(files))).lines[0];
  expect([await lineOf(["flake.nix", "parts/**/flake.nix"]), await lineOf(["flake.nix", "nodes/**/flake.nix"])]).toEqual([
    expect.stringMatching(
      /^fail policy \(eval\) 2\/2: parts\/one\/flake\.nix: 'path:\.\.\/two' is a place on this machine\. Write it as/u,
    ),
    "fail no-flake (text) 0/0: nodes/**/flake.nix does not exist among the tracked files",
  ]);
});
