import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show, writeFiles } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { host } from "../world/opened.ts";
import { moss } from "./whole-flakes/moss.ts";

/** Projects whose guides ask for whole flakes, from the sentence to the branch: everything that is asked for is built. */

interface Done {
  readonly criteria: readonly (readonly [id: string, verdict: string])[];
  readonly branch: string;
}

const WISH = "nixify this workspace as our docs say";

async function draftAndApply(at: Place, repo: string): Promise<Done> {
  const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
  expect(drafted.document, drafted.about).toMatchObject({ ok: true });
  await commitAll(repo, "ask for a flake");
  const applied = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
  expect(applied.document, applied.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });
  const { report } = applied.document.data as { report: { criteria: { id: string; verdict: string }[] } };
  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  return { criteria: report.criteria.map(({ id, verdict }) => [id, verdict]), branch };
}

const beacon = async (at: Place): Promise<string> => {
  const repo = await at.repository({}, "beacon");
  await cp(join(import.meta.dirname, "whole-flakes", "beacon"), repo, { recursive: true });
  await commitAll(repo, "beacon 0.4.0");
  return repo;
};

describe.skipIf(noNix !== undefined)("a guide that asks for a whole flake", () => {
  it("gets packages with features, checks step by step, a report by nextest, and commands that run", async () => {
    const at = await place();
    const repo = await beacon(at);
    const { criteria, branch } = await draftAndApply(at, repo);
    expect(criteria).toEqual(Array.from({ length: 18 }, (_, index) => [`AC-${index + 1}`, "pass"]));
    const guide = await show(repo, `${branch}:docs/nix.md`);
    expect(guide).not.toMatch(/nix flake check \.?#|#checks\.(?!x86_64-linux\.)\w|--impure|--update-input|without building/);
    expect(guide).toContain("```sh run\nnix build .#beacon-cli ");
  }, 600_000);

  it('gets no "done" where the test of a bad receipt is gone: no test would pass as well', async () => {
    const at = await place();
    const repo = await beacon(at);
    const tests = await show(repo, "HEAD:crates/beacon-server/tests/receipts.rs");
    await writeFiles(repo, { "crates/beacon-server/tests/receipts.rs": tests.replace("fn guard_", "fn also_") });
    await commitAll(repo, "rename a test");
    await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
    await commitAll(repo, "ask for a flake");
    const applied = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
    expect(applied.document, applied.about).toMatchObject({ ok: false, data: { outcome: { kind: "gave-up" } } });
    expect(applied.about).toContain("beacon-server-receipts");
  }, 600_000);

  it("gets each crate alone, with its own overrides, its tests as checks, and the oldest Rust", async () => {
    const at = await place();
    const rust = host.toolchain.rustc ?? "";
    const repo = await at.repository(moss(rust), "moss");
    const { criteria, branch } = await draftAndApply(at, repo);
    expect(new Set(criteria.map(([, verdict]) => verdict))).toEqual(new Set(["pass"]));
    const flake = await show(repo, `${branch}:flake.nix`);
    expect(flake).toMatch(/openssl-sys = _: \{\s+nativeBuildInputs = \[ pkgs\.pkg-config \];/u);
    expect(flake).toMatch(/moss-core-tests =\s+cargoNix\.workspaceMembers\.moss-core\.build\.override/u);
    const guide = await show(repo, `${branch}:docs/crates.md`);
    expect(guide).toContain("nix build .#checks.x86_64-linux.moss-core-tests\nnix build .#checks.x86_64-linux.moss-cli-tests\n");
    expect(guide).toContain("nix run .#regenerate-cargo-nix");
  }, 600_000);
});
