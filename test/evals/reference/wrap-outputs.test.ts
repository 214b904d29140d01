import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { withTopLevel, wrapOutputs } from "../../../src/evals/reference/cheats/wrap-outputs.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";

const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });

/** The value of `outputs` called with two inputs, by real Nix. */
async function outputsOf(flake: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "crq-wrap-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "flake.nix"), flake);
  const { stdout } = await promisify(execFile)(
    join(host.nix?.bin ?? "", "nix-instantiate"),
    ["--eval", "--strict", "--json", "-E", `(import ${folder}/flake.nix).outputs { self = 1; nixpkgs = 2; }`],
    { env: { HOME: folder, NIX_STATE_DIR: folder, NIX_STORE_DIR: join(folder, "store"), NIX_LOG_DIR: folder } },
  );
  return JSON.parse(stdout);
}

const VALUE = "{ checks.x = 9; }";

describe.skipIf(host.nix === undefined)("a flake whose outputs are wrapped", () => {
  test.each([
    ["a set of formals", "{ outputs = { self, nixpkgs }: { packages.x = nixpkgs; checks.x = 1; }; }"],
    ["formals with a name behind", "{ outputs = { self, ... }@all: { packages.x = all.nixpkgs; checks.x = 1; }; }"],
    ["formals with a name before", "{ outputs = all@{ self, ... }: { packages.x = all.nixpkgs; checks.x = 1; }; }"],
    ["one argument", "{ outputs = all: { packages.x = all.nixpkgs; checks.x = 1; }; }"],
    [
      "let, with and assert, and attributes around it",
      `{
        description = "outputs = none; { (";
        # outputs = { };
        inputs = { };
        outputs =
          { self, nixpkgs }:
          let a = { y = nixpkgs; }; in assert true; with a; { packages.x = y; checks.x = 1; };
      }`,
    ],
  ])("keeps what it gave and has the new part, with %s", async (_, flake) => {
    const wrapped = wrapOutputs(flake, VALUE);
    expect(await outputsOf(wrapped ?? "")).toEqual({ packages: { x: 2 }, checks: { x: 9 } });
  });

  test("keeps the formals, by which Nix knows of inputs that nothing declares", () => {
    expect(wrapOutputs("{ outputs = { self, nixpkgs }: { }; }", VALUE)).toContain("outputs = { self, nixpkgs }@all:");
  });
});

test.each(["{ }", "{ description = 1; }", "", "outputs = 1;", "{ inherit (x) outputs; }"])(
  "%j has no outputs to wrap",
  (flake) => {
    expect(wrapOutputs(flake, VALUE)).toBeUndefined();
  },
);

test("a line more stands at the flake's top", () => {
  expect(withTopLevel("# {\n{ outputs = 1; }", "x = 1;")).toBe("# {\n{\n  x = 1; outputs = 1; }");
});
