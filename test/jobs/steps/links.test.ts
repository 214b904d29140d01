import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { flakeGraphs } from "../../../src/jobs/facts/flake-graphs.ts";
import { generateStepFlakes } from "../../../src/jobs/steps/flakes.ts";
import { git } from "../../../src/system/git.ts";
import { input, jsonLines, record } from "../../nix/steps/records.ts";
import { writeFiles } from "../../program/place.ts";

/** Links that git tracks and that lead out of the repository. */

const NIXPKGS = "github:NixOS/nixpkgs/nixos-26.05";
const OBJECT = record({
  seq: 1,
  args: ["-c", "a.c", "-o", "a.o"],
  inputs: [input("@source@/a.c", "int a;\n")],
  outputs: ["@build@/a.o"],
});

async function repository(records: string): Promise<{ readonly directory: string; readonly outside: string }> {
  const base = await mkdtemp(join(tmpdir(), "crq-links-"));
  const [directory, outside] = [join(base, "repository"), join(base, "outside.jsonl")];
  await writeFile(outside, jsonLines([OBJECT]));
  await writeFiles(directory, { "a.c": "int a;\n", "steps/steps.jsonl": records, "other/x.c": "" });
  for (const name of ["link.c", "Cargo.lock", "other/steps.jsonl", "lattice.toml"]) await symlink(outside, join(directory, name));
  await git(["init", "--quiet"], { cwd: directory });
  await git(["add", "--all"], { cwd: directory });
  return { directory, outside };
}

const DESCRIBED = { command: "cc", args: ["-c", "a.c", "-o", "a.o"], env: {}, cwd: "@source@", type: "c_compiler_invocation" };

it.each([
  ["recorded", jsonLines([OBJECT])],
  ["described", `${JSON.stringify(DESCRIBED)}\n`],
])("do not keep %s calls that have nothing to do with them from becoming flakes", async (_, records) => {
  const { directory } = await repository(records);
  const place = { directory, folder: "steps", source: ".", nixpkgs: NIXPKGS, nixpkgsLock: undefined, systems: ["x86_64-linux"] };
  expect(await generateStepFlakes(place)).toMatchObject({ ok: true, steps: 1 });
});

it("are not read for what a request could be about", async () => {
  const { directory } = await repository(jsonLines([OBJECT]));
  const question = { directory, crates: [], nixpkgs: NIXPKGS, system: "x86_64-linux" };
  const steps = await flakeGraphs({ ...question, text: "steps", kind: "steps" });
  expect(steps?.recordings.map(({ folder }) => folder)).toEqual(["steps"]);
  const lattice = await flakeGraphs({ ...question, text: "lattice", kind: "lattice" });
  expect(JSON.stringify(lattice)).not.toContain("crq-step");
});
