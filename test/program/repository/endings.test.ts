import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryKey } from "../../../src/session/store.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { type Place, place, type RunOptions } from "../place.ts";
import { COPIES_NOTE, NOTE_PROJECT, noNix, noteFlake } from "../samples.ts";
import { PACKAGE_ROOT } from "../world.ts";

/** Repair and refresh that are interrupted, or that run on a machine that cannot build: nothing changes, and the words say what to do. */

/** A builder that waits for nobody. The salt makes a derivation that was never built. */
const hangs = (): readonly string[] => [
  `: ${randomBytes(8).toString("hex")}`,
  "coproc silence { read -r line; }",
  "read -r -u $silence line",
  ...COPIES_NOTE,
];

const interruptedIn = (phase: string): Pick<RunOptions, "onEvent"> => ({
  onEvent: (event, child) => {
    if (event.type === "phase" && event.phase === phase) setTimeout(() => child.kill("SIGINT"), 1_500);
  },
});

const copiesOf = (at: Place, repo: string): Promise<readonly string[]> =>
  readdir(join(at.cache, "work", repositoryKey(repo))).catch(() => []);

describe.skipIf(noNix !== undefined)("Ctrl-C during a build", () => {
  it.each([
    ["repair", "diagnose"],
    ["refresh", "build"],
  ] as const)("of %s: exit 130, no byte of the checkout changed, no copy left behind", async (verb, phase) => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": noteFlake("hello", hangs()) });
    const before = await fingerprint(repo);
    const run = await at.run([verb, "--repo", repo, "--world", at.world, "--events", "--yes"], interruptedIn(phase));
    expect([run.exit, run.signal], run.stderr).toEqual([130, null]);
    expect(run.stdout.trim().split("\n").at(-1)).toContain('"outcome":{"kind":"interrupted"}');
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    expect(await copiesOf(at, repo)).toEqual([]);
  });
});

/** Where the program looks for Nix besides PATH: what is installed there cannot be hidden. */
const elsewhere = ["/nix/var/nix/profiles/default/bin/nix", "/run/current-system/sw/bin/nix"].filter((file) => existsSync(file));

describe.skipIf(elsewhere.length > 0)("without Nix", () => {
  it("both say that it is missing and how to get it, with exit 4", async () => {
    const at = await place();
    const root = join(at.folder, "package");
    await mkdir(root);
    for (const part of ["src", "prompts", "package.json"])
      await cp(join(PACKAGE_ROOT, part), join(root, part), { recursive: true });
    await symlink(join(PACKAGE_ROOT, "node_modules"), join(root, "node_modules"));
    const path = (process.env.PATH ?? "").split(":").filter((folder) => !existsSync(join(folder, "nix")));
    const options = {
      program: join(root, "src", "bin.ts"),
      env: { PATH: path.join(":"), XDG_CACHE_HOME: join(at.folder, "cache") },
    };
    const repo = await at.repository(NOTE_PROJECT);
    const before = await fingerprint(repo);
    for (const verb of ["repair", "refresh"]) {
      const done = await at.run([verb, "--repo", repo, "-q"], options);
      expect([verb, done.exit, done.stdout], done.stderr).toEqual([verb, 4, expect.stringMatching(/Nix is missing/u)]);
    }
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });
});
