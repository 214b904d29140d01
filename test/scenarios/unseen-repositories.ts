import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { execute } from "../../src/system/process.ts";
import { difference, fingerprint, SAME } from "../program/fingerprint.ts";
import { type OpenWorld, openWorldForTests } from "../program/open-world.ts";
import { place } from "../program/place.ts";
import { generateRepository, type Shape } from "../rules/generated/repositories.ts";
import { writeRepository } from "../rules/generated/write-repository.ts";

/**
 * Shapes of Rust repositories that the rules have never seen: names, versions, layouts and file names come from a seed, printed at each
 * run and set with CRQ_AGENT_SEED. One sentence goes in; what comes out is built once more here, in a clone of the branch, and the program
 * is run on an input that no document of the task shows.
 */
export const seed = process.env.CRQ_AGENT_SEED ?? randomBytes(4).toString("hex");

export function solveUnseen(shapes: readonly Shape[]): void {
  console.log(`unseen repositories: CRQ_AGENT_SEED=${seed}`);
  describe(`rules on unseen repositories, seed ${seed}`, () => {
    beforeAll(async () => {
      world = await openWorldForTests();
    });
    afterAll(() => world?.close());
    it.each(shapes)("%s: from one sentence to a program that works", solve, 600_000);
  });
}

let world: OpenWorld;

/** Builds an attribute of a branch in a clone of its own and gives the output's path. */
async function buildBranch(repo: string, branch: string, attribute: string): Promise<string> {
  const clone = await mkdtemp(join(world.base, "clone-"));
  await git(["clone", "--quiet", "--branch", branch, "--", repo, clone], { cwd: world.base });
  const built = await world.open.nix.build(clone, [attribute]);
  if (!built.ok) throw new Error(`${attribute} of ${branch}: ${built.diagnoses[0].message}\n${built.log.slice(-3000)}`);
  return built.value[0]?.outputs.out ?? "";
}

/** Runs a built program without network and home. */
async function runProgram(program: string, args: readonly string[], stdin: string): Promise<string> {
  const argv = world.open.environment.confine([program, ...args], { cwd: "/", writable: [] });
  if (typeof argv === "string") throw new Error(argv);
  const done = await execute({ argv, cwd: world.base, env: {}, stdin, timeoutMs: 20_000 });
  if (done.exit !== 0) throw new Error(`${program} exited with ${done.exit}: ${done.stderr}`);
  return done.stdout;
}

async function solve(shape: Shape): Promise<void> {
  const at = await place();
  const generated = generateRepository(shape, seed);
  const repo = join(at.folder, "a repository");
  await mkdir(repo);
  await writeRepository(generated, repo);
  const before = await fingerprint(repo);

  const done = await at.json(["apply", "--task", generated.task, "--yes", "--repo", repo, "--world", at.world]);
  const about = `${generated.about} (seed ${seed})\n${done.about}`;
  expect(done.document, about).toMatchObject({
    ok: true,
    exit: 0,
    data: {
      outcome: { kind: "done" },
      handOver: { form: "branch" },
      report: { gate: { ok: true } },
      usage: { input: 0, output: 0, usd: 0 },
    },
  });

  const changed = difference(before, await fingerprint(repo), false);
  expect({ ...changed, added: changed.added.filter((path) => !path.startsWith("/.git/")) }, about).toEqual(SAME);

  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  const { system } = world.open.nix;
  for (const { program, sample } of generated.programs) {
    const names = await world.open.nix.evaluate(await cloneOf(repo, branch), `packages.${system}`, {
      apply: "builtins.attrNames",
    });
    const attributes = names.ok && Array.isArray(names.value) ? names.value.map(String) : [];
    const attribute =
      attributes.find((name) => name === program) ??
      generated.programs.find((one) => one.program === program)?.crate ??
      "default";
    const output = await buildBranch(
      repo,
      branch,
      `packages.${system}.${attributes.includes(attribute) ? attribute : "default"}`,
    );
    expect(await runProgram(`${output}/bin/${program}`, sample.arguments, sample.stdin), `${about}: ${program}`).toBe(
      sample.stdout,
    );
  }
}

async function cloneOf(repo: string, branch: string): Promise<string> {
  const clone = await mkdtemp(join(world.base, "names-"));
  await git(["clone", "--quiet", "--branch", branch, "--", repo, clone], { cwd: world.base });
  return clone;
}
