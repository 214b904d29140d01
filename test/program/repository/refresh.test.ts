import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { NOTE_PROJECT, noNix, noteFlake, SYSTEM } from "../samples.ts";

/** What needs no Rust: the lock, the questions and the exit codes. The rest is in refresh.slow.test.ts. */

const ATTRIBUTE = `packages.${SYSTEM}.note`;
const FLAKE = noteFlake("hello")
  .replace("{\n", '{\n  inputs.utils.url = "github:numtide/flake-utils";\n')
  .replace("{ self }:", "{ self, utils }:");

describe.skipIf(noNix !== undefined)("refresh", () => {
  it("locks what the flake declares: checked without a change, shown, written after a yes, and then in step", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": FLAKE });
    const before = await fingerprint(repo);
    const run = (...args: string[]) => at.json(["refresh", "--repo", repo, "--world", at.world, ...args]);

    const check = await run("--check");
    expect(check.document, check.about).toMatchObject({
      schema: "crq-agent/refresh/1",
      ok: false,
      exit: 1,
      data: {
        outcome: { kind: "planned" },
        changes: [
          {
            step: "flake-lock",
            what: "flake.lock: utils",
            after: expect.stringMatching(/^github:numtide\/flake-utils\?rev=[0-9a-f]{40}$/u),
            why: "flake.nix declares it",
            path: "flake.lock",
          },
          { what: "flake.lock: utils/systems" },
        ],
        open: [],
        written: [],
        built: [ATTRIBUTE],
      },
    });
    const shown = await run("--dry-run");
    expect([shown.exit, shown.document.data], shown.about).toMatchObject([0, { outcome: { kind: "planned" }, written: [] }]);
    const waits = await at.run(["refresh", "--repo", repo, "--world", at.world, "-q"]);
    expect([waits.exit, waits.stdout.split("\n").at(-2)]).toEqual([
      5,
      `${ATTRIBUTE} builds with it. Nothing was written. Read the table, then run it again with --yes (or on a terminal, where it asks).`,
    ]);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const yes = await at.run(["refresh", "--repo", repo, "--world", at.world, "-q", "--yes"]);
    expect([yes.exit, yes.stdout.split("\n").at(-2)]).toEqual([
      0,
      `Written: flake.lock. ${ATTRIBUTE} builds with it. Let git track flake.lock (git add flake.lock): a flake sees tracked files only.`,
    ]);
    const { added, changed, removed } = difference(before, await fingerprint(repo), false);
    expect([added, changed, removed]).toEqual([["/flake.lock"], [], []]);
    // One that git does not track yet is looked at all the same, and so is one that it does.
    expect((await run("--check")).document).toMatchObject({ exit: 0, data: { outcome: { kind: "in-step" }, changes: [] } });
    await git(["add", "flake.lock"], { cwd: repo });
    const locked = await fingerprint(repo);
    const again = await at.run(["refresh", "--repo", repo, "--world", at.world, "-q", "--yes", "--update", "utils"]);
    expect([again.exit, again.stdout]).toEqual([
      0,
      `Lock, hashes and toolchain are in step. ${ATTRIBUTE} builds with it. Nothing to do.\n`,
    ]);
    expect(difference(locked, await fingerprint(repo))).toEqual(SAME);
    expect(JSON.parse(await readFile(join(repo, "flake.lock"), "utf8"))).toMatchObject({ version: 7 });
  });

  it("refuses what it cannot do in step: a build that fails otherwise, a lock that is none, and says whose turn it is", async () => {
    const at = await place();
    const broken = await at.repository({ ...NOTE_PROJECT, "flake.nix": noteFlake("hello", ["exit 3"]) }, "broken");
    const damaged = await at.repository({ ...NOTE_PROJECT, "flake.nix": FLAKE, "flake.lock": "{ no json" }, "damaged");
    const bare = await at.repository({ "README.md": "# bare\n" }, "bare");
    const said = async (repo: string, ...args: string[]) => {
      const { exit, stdout, stderr } = await at.run(["refresh", "--repo", repo, "--world", at.world, "-q", ...args]);
      return [exit, stdout + stderr];
    };
    expect([await said(broken, "--yes"), await said(damaged), await said(bare), await said(bare, "--check", "--yes")]).toEqual([
      [
        1,
        expect.stringMatching(
          /^✗ {2}build: .* does not build: unknown: [\s\S]*crq-agent repair[\s\S]*\nNothing was written\.\n$/u,
        ),
      ],
      [
        1,
        expect.stringMatching(
          /^✗ {2}flake-lock: flake\.lock is not JSON: .*\n {3}Restore it from git, .*\nNothing was written\.\n$/u,
        ),
      ],
      [2, expect.stringContaining(`${bare}: has no flake.nix in its root`)],
      [2, "crq-agent: --check changes nothing; leave --yes and --update out [option-conflict]\n"],
    ]);
    const unknown = await at.json(["refresh", "--repo", broken, "--world", at.world, "--update", "nixpkgs"]);
    expect(unknown.document).toMatchObject({
      exit: 1,
      data: { outcome: { kind: "refused", step: "flake-lock", message: "flake.nix declares no input nixpkgs" }, written: [] },
      diagnostics: [{ severity: "error", rule: "refresh/flake-lock" }],
    });
  });
});
