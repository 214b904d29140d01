import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place, show, writeFiles } from "../place.ts";
import { NOTE_PROJECT, noNix, noteFlake, SYSTEM } from "../samples.ts";

/** Repairs that need no model, of flakes without inputs: each builds in a moment. The Rust ones are in repair.slow.test.ts. */

const ATTRIBUTE = `packages.${SYSTEM}.note`;

/** A fixed-output derivation whose builder writes what the note says. */
const PINNED = `{
  outputs =
    { self }:
    {
      packages.${SYSTEM}.note = derivation {
        name = "note-vendor";
        system = "${SYSTEM}";
        builder = "/bin/sh";
        args = [ "-c" "printf hallo > $out" ];
        outputHashMode = "flat";
        outputHashAlgo = "sha256";
        outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
      };
    };
}
`;
const HALLO = `sha256-${createHash("sha256").update("hallo").digest("base64")}`;

describe.skipIf(noNix !== undefined)("repair", () => {
  it("puts the hash that Nix printed, proves the build, and hands over a branch and nothing else", async () => {
    const at = await place();
    const repo = await at.repository({ "flake.nix": PINNED });
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(done.document, done.about).toMatchObject({
      schema: "crq-agent/repair/1",
      ok: true,
      exit: 0,
      data: {
        outcome: { kind: "done" },
        attributes: [ATTRIBUTE],
        diagnosis: { kind: "hash-mismatch", got: HALLO, derivation: { name: "note-vendor" } },
        remaining: null,
        repairs: [
          {
            by: "mechanic",
            name: "replace-hash",
            detail: `flake.nix:12: outputHash of note-vendor is ${HALLO}, as Nix printed it`,
            paths: ["flake.nix"],
          },
        ],
        handOver: { form: "branch", branch: "fix/build-of-note" },
        crq: null,
        builds: 1,
        turns: 0,
        usage: { input: 0, output: 0 },
      },
    });
    const { added, ...others } = difference(before, await fingerprint(repo), false);
    expect({ ...others, added: added.filter((path) => !path.startsWith("/.git/objects/")) }).toEqual({
      added: ["/.git/logs/refs/heads/fix/build-of-note", "/.git/refs/heads/fix/build-of-note"],
      changed: [],
      removed: [],
    });
    expect(await show(repo, "fix/build-of-note:flake.nix")).toBe(PINNED.replace(/sha256-A+=/u, HALLO));
    expect(await git(["log", "-1", "--format=%B", "fix/build-of-note"], { cwd: repo })).toMatch(
      /^Repair the build of note\n\nIt failed with hash-mismatch: [\s\S]*\n\nAssisted-by: crq-agent@[\d.]+\n/u,
    );

    await git(["merge", "--quiet", "fix/build-of-note"], { cwd: repo });
    const merged = await fingerprint(repo);
    const again = await at.run(["repair", "note", "--repo", repo, "--world", at.world, "--quiet"]);
    expect([again.exit, again.stdout]).toEqual([0, `Nothing to repair: ${ATTRIBUTE} builds\n`]);
    expect(difference(merged, await fingerprint(repo), false)).toEqual(SAME);
  });

  it("asks the model that was named from the start where rules are to stay out, and tells it what the person knows", async () => {
    const at = await place();
    const wrong = noteFlake("hello").replace(/hello/u, "$" + "{greeting}");
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": wrong });
    const script = join(at.folder, "script.json");
    const edits = [{ path: "flake.nix", replace: { old: "$" + "{greeting}", new: "hello" } }];
    await writeFile(
      script,
      JSON.stringify({
        schema: "crq-script/1",
        reply: [
          {
            call: [{ tool: "propose_edit", arguments: { edits } }],
            expect: { contains: ["The person's own words: the greeting is hello"], absent: ["worked on it first"] },
          },
          { text: "It greets again." },
        ],
      }),
    );
    const words = ["--task", "the greeting is hello"];
    const model = ["--model", `scripted:${script}`];
    const done = await at.json(["repair", "note", "--repo", repo, "--world", at.world, ...words, ...model, "--without-rules"]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 2 } });
    const nobody = await at.run(["repair", "--repo", repo, "--world", at.world, "--without-rules"]);
    expect([nobody.exit, nobody.stderr]).toEqual([2, expect.stringContaining("name a model with --model")]);
  });

  it("tells the model what was mended before it was asked", async () => {
    const at = await place();
    const broken = `      packages.${SYSTEM}.shout = derivation {
        name = "shout";
        system = "${SYSTEM}";
        builder = "/bin/sh";
        args = [ "-c" "read -r line < \${./note.txt}; false" ];
      };
    };
}
`;
    const repo = await at.repository({ "flake.nix": PINNED.replace("    };\n}\n", broken), "note.txt": "hello\n" });
    const script = join(at.folder, "script.json");
    const edits = [{ path: "flake.nix", replace: { old: "; false", new: "; echo shout: $line > $out" } }];
    await writeFile(
      script,
      JSON.stringify({
        schema: "crq-script/1",
        reply: [
          {
            call: [{ tool: "propose_edit", arguments: { edits } }],
            expect: {
              contains: [
                "Done for you already, in the worktree and after the criteria were looked at: replace-hash: flake.nix:12: outputHash of note-vendor",
              ],
            },
          },
          { text: "It shouts." },
        ],
      }),
    );
    const done = await at.json([
      "repair",
      "--repo",
      repo,
      "--world",
      at.world,
      "--model",
      `scripted:${script}`,
      "--without-rules",
    ]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: { outcome: { kind: "done" }, turns: 2, repairs: [{ name: "replace-hash" }, { name: "propose_edit" }] },
    });
  });

  it("takes over the file that the flake names and git does not track, and asks before it overrules an ignore rule", async () => {
    const at = await place();
    const { "note.txt": note = "", ...tracked } = NOTE_PROJECT;
    const repo = await at.repository({ ...tracked, ".gitignore": "*.log\n" });
    await writeFile(join(repo, "note.txt"), note);
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--patch", join(at.folder, "out.patch")]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        diagnosis: { kind: "untracked-file", path: "note.txt" },
        repairs: [{ by: "mechanic", name: "track-files", paths: ["note.txt"] }],
        handOver: { form: "patch", path: join(at.folder, "out.patch") },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    await rm(join(repo, "note.txt"));
    await git(["apply", "--index", join(at.folder, "out.patch")], { cwd: repo });
    expect(await git(["diff", "--cached", "--name-only"], { cwd: repo })).toBe("note.txt\n");

    await git(["reset", "--quiet", "--hard"], { cwd: repo });
    await writeFile(join(repo, ".gitignore"), "# kept out\nnote.*\n");
    await commitAll(repo, "ignore notes");
    await writeFile(join(repo, "note.txt"), note);
    const asks = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(asks.document, asks.about).toMatchObject({
      ok: false,
      exit: 5,
      data: {
        outcome: {
          kind: "question",
          detail: expect.stringMatching(/^note\.txt lies in .*\(\.gitignore:2: note\.\*\); .* --yes /u),
        },
        handOver: { form: "nothing" },
      },
    });
    const allowed = await at.json(["repair", "--repo", repo, "--world", at.world, "--yes", "--branch", "mine"]);
    expect(allowed.document, allowed.about).toMatchObject({ exit: 0, data: { handOver: { form: "branch", branch: "mine" } } });
    expect(await show(repo, "mine:note.txt")).toBe(note);
  });

  it("repairs what is broken of several packages in a folder without git, and lets the others stay as they are", async () => {
    const at = await place();
    const folder = join(at.folder, "no git");
    const good =
      noteFlake("hello")
        .match(/packages[\s\S]*?\};\n/u)?.[0]
        .replace(".note =", ".good =") ?? "";
    await writeFiles(folder, {
      "note.txt": "good\n",
      "flake.nix": PINNED.replace(/^ {6}packages/mu, `      ${good}      packages`),
    });
    expect((await at.run(["repair", "--repo", folder, "--world", at.world, "-q"])).exit).toBe(5);
    const done = await at.json(["repair", "--repo", folder, "--world", at.world, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        attributes: [`packages.${SYSTEM}.good`, ATTRIBUTE],
        broken: [ATTRIBUTE],
        handOver: { form: "files", paths: ["flake.nix"] },
      },
    });
    expect(await readFile(join(folder, "flake.nix"), "utf8")).toContain(`outputHash = "${HALLO}"`);
  });

  it("says the class and the next move of what no rule mends, with the exit code of a surrender, and changes no byte", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": noteFlake("hello", ["echo no such luck >&2; exit 3"]) });
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: { kind: "gave-up" },
        attributes: [ATTRIBUTE],
        diagnosis: { kind: "unknown", derivation: { name: "note" } },
        remaining: { kind: "unknown", next: expect.any(String) },
        repairs: [],
        proof: { ok: false },
        handOver: { form: "nothing" },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    expect((await at.run(["repair", "--repo", repo, "--world", at.world, "-q"])).stdout).toMatch(/^Broken: .*\n {2}unknown: /mu);
  });

  it("has an answer to what is no repair: no flake, no such set of outputs, a path that is none", async () => {
    const at = await place();
    const bare = await at.repository({ "README.md": "# bare\n" }, "bare");
    const note = await at.repository(NOTE_PROJECT, "note");
    const said = async (repo: string, ...args: string[]) => {
      const { exit, stderr } = await at.run(["repair", ...args, "--repo", repo, "--world", at.world, "-q"]);
      return [exit, stderr];
    };
    expect([await said(bare), await said(note, "checks"), await said(note, 'a."b')]).toEqual([
      [
        2,
        `crq-agent: ${bare}: has no flake.nix in its root, so there is nothing to repair; to give it one: crq-agent draft "nixify this Rust project" [no-flake]\n`,
      ],
      [
        2,
        `crq-agent: the flake has no checks for ${SYSTEM}; name an attribute, or leave it out for the whole flake [unknown-attribute]\n`,
      ],
      [
        2,
        `crq-agent: 'a."b' is no attribute path; give a name such as default, checks or packages.${SYSTEM}.default [unknown-attribute]\n`,
      ],
    ]);
  });
});
