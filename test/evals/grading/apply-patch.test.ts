import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { applyPatch, type Patched, problemOf } from "../../../src/evals/grading/change/apply-patch.ts";
import { git } from "../../../src/system/git.ts";

const AUTHOR = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
const SCOPE = { scope: { allowed: ["flake.nix", "nix/**"], protected: ["nix/kept/**"] } };

/** A staged repository of one file, and the patch that `change` makes of it. */
async function staged(change: (directory: string) => Promise<void>) {
  const work = await mkdtemp(join(tmpdir(), "crq-patch-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const repository = join(work, "staged");
  await mkdir(repository);
  await git(["init", "--quiet"], { cwd: repository });
  await writeFile(join(repository, "flake.nix"), "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  await git(["add", "--all"], { cwd: repository });
  await git([...AUTHOR, "commit", "--quiet", "-m", "base"], { cwd: repository });
  const commit = (await git(["rev-parse", "HEAD"], { cwd: repository })).trim();
  const copy = join(work, "copy");
  await git(["clone", "--quiet", repository, copy], { cwd: work });
  await change(copy);
  await git(["add", "--all"], { cwd: copy });
  const patch = await git(["diff", "--cached", "--binary", commit], { cwd: copy });
  return { place: { repository, commit, work, file: SCOPE }, patch };
}

async function outcome(change: (directory: string) => Promise<void>, edit = (patch: string): string => patch): Promise<string> {
  const { place, patch } = await staged(change);
  const applied = await applyPatch(place, edit(patch), "crqs");
  if (!applied.ok) return applied.why;
  return applied.problem ?? applied.changed.map(({ status, path }) => `${status} ${path}`).join(", ");
}

const write =
  (path: string, content: string | Uint8Array) =>
  async (directory: string): Promise<void> => {
    await mkdir(join(directory, path, ".."), { recursive: true });
    await writeFile(join(directory, path), content);
  };

it("takes what changes allowed paths, and what the program's own hand-over adds", async () => {
  expect(
    await outcome(async (directory) => {
      await write("flake.nix", "{ }\n")(directory);
      await write("nix/a.nix", "{ }\n")(directory);
      await write("crqs/reports/CRQ-001/report.json", "{}\n")(directory);
    }),
  ).toBe("added crqs/reports/CRQ-001/report.json, changed flake.nix, added nix/a.nix");
});

it("refuses what leaves the scope, is binary, leads out of the tree or is too much", async () => {
  const many = async (directory: string): Promise<void> => {
    for (let n = 0; n <= 200; n++) await write(`nix/${n}.nix`, "{ }\n")(directory);
  };
  expect([
    await outcome(write("src/main.rs", "fn main() {}\n")),
    await outcome(write("nix/kept/a.nix", "{ }\n")),
    await outcome(write("nix/program", Buffer.from([0x7f, 0x45, 0, 1, 2, 255]))),
    await outcome((directory) => mkdir(join(directory, "nix")).then(() => symlink("../../secret", join(directory, "nix/link")))),
    await outcome((directory) => mkdir(join(directory, "nix")).then(() => symlink("/etc/passwd", join(directory, "nix/link")))),
    await outcome((directory) => mkdir(join(directory, "nix")).then(() => symlink("../flake.nix", join(directory, "nix/link")))),
    await outcome(many),
    await outcome(write("flake.nix", "x".repeat(1024 * 1024))),
  ]).toEqual([
    "src/main.rs was added; only flake.nix, nix/** may change",
    "nix/kept/a.nix is protected and was added",
    "nix/program is binary",
    "nix/link is a symbolic link that leaves the tree (../../secret)",
    "nix/link is a symbolic link that leaves the tree (/etc/passwd)",
    "added nix/link",
    "the patch changes 201 files, at most 200 are taken",
    expect.stringMatching(/^the patch has \d+ bytes, at most 1048576 are taken$/u),
  ]);
});

it("refuses what does not apply, or only somewhere else", async () => {
  const change = write("flake.nix", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");
  expect([
    await outcome(change, (patch) => patch.replace(" 4\n", " four\n")),
    await outcome(change, (patch) => patch.replace("@@ -2,7 +2,7 @@", "@@ -3,7 +3,7 @@")),
    await outcome(change, (patch) => patch.replaceAll("flake.nix", "../flake.nix")),
    await outcome(change, () => "not a patch\n"),
  ]).toEqual([
    "the patch does not apply: patch failed: flake.nix:2",
    expect.stringMatching(/^the patch does not apply exactly: Hunk #1 succeeded at 2 /u),
    expect.stringMatching(/^the patch does not apply: /u),
    'the patch does not apply: No valid patches in input (allow with "--allow-empty")',
  ]);
});

it("knows a submodule", () => {
  const changed: Patched["changed"] = [{ path: "nix/sub", status: "added", mode: "160000", binary: false }];
  expect(problemOf(changed, SCOPE, "crqs")).toBe("nix/sub is a submodule");
});
