import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { type Place, place, writeFiles } from "../place.ts";
import { noNix, SYSTEM } from "../samples.ts";
import { buildsWhatChanged } from "./building.ts";

/** `crq-agent lattice` as a person runs it: real Nix, real git, and the world that comes with the program. */

const CONFIG = `[nix]\nsystems = ["${SYSTEM}"]\n`;
const CRATE = {
  "Cargo.toml": '[package]\nname = "sums"\nversion = "0.2.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "sums"\nversion = "0.2.0"\n',
  "src/main.rs": `mod add;

pub const START: u64 = 40;

pub fn total() -> u64 {
    add::add(START, 2)
}

fn main() {
    println!("total {}", total());
}
`,
  "src/add.rs": `pub fn add(a: u64, b: u64) -> u64 {
    a + b
}

#[test]
fn adds() {
    assert_eq!(add(1, 1), 2);
}
`,
};
const SHOUT = '{ pkgs, nodes, ... }:\npkgs.runCommand "shout" { } "tr a-z A-Z < ${nodes.config}/config.toml > $out"\n';

const lattice = (at: Place, repo: string, ...args: readonly string[]) =>
  at.json(["lattice", ...args, "--repo", repo, ...(args[0] === "show" ? [] : ["--world", at.world])]);

describe.skipIf(noNix !== undefined)("a lattice", () => {
  it("begins with the seed's config.toml, takes the items of a crate and nodes of one's own, and its root hands all of it on", async () => {
    const at = await place();
    const repo = await at.repository({
      "crq-agent.toml": CONFIG,
      ...CRATE,
      "seed.toml": 'word = "it\'s ${a}"\n',
      "shout.nix": SHOUT,
    });
    const made = await at.json(
      ["lattice", "init", "lattice", "--config", "seed.toml", "--crate", ".", "--repo", repo, "--world", at.world],
      { cwd: repo },
    );
    expect(made.document, made.about).toMatchObject({
      schema: "crq-agent/lattice-init/1",
      exit: 0,
      data: { leftOut: [{ item: "add::adds", file: "src/add.rs", line: 6 }] },
    });
    const added = await lattice(at, repo, "add", "shout", "--depends", "config", "--expression", join(repo, "shout.nix"));
    expect(added.document, added.about).toMatchObject({
      exit: 0,
      data: { node: { name: "shout", kind: "nix", depends: ["config"] } },
    });
    const checked = await lattice(at, repo, "check");
    expect(checked.document, checked.about).toMatchObject({ exit: 0, diagnostics: [], data: { unavailable: null } });
    const built = await lattice(at, repo, "build");
    expect(built.document, built.about).toMatchObject({ exit: 0, data: { nixRuns: 2 } });

    // What Nix alone says, in a checkout where git tracks the files.
    await git(["add", "--all"], { cwd: repo });
    const nodes = await lattice(at, repo, "show");
    expect(nodes.document.data).toMatchObject({
      nodes: [
        { name: "config", kind: "config", depends: [] },
        { name: "sums-add-add", kind: "crate", depends: [] },
        { name: "sums-start", kind: "crate", depends: [] },
        { name: "sums-total", kind: "crate" },
        { name: "sums-main", kind: "crate" },
        { name: "sums", kind: "crate" },
        { name: "shout", kind: "nix", depends: ["config"] },
      ],
    });
    expect(await readFile(join(repo, "lattice/config/config.toml"), "utf8")).toBe('word = "it\'s ${a}"\n');
  });

  it("is refused where something is missing, stale, unplanned, a stub, or not written yet, and mended where the tools made it", async () => {
    const at = await place();
    const repo = await at.repository({ "crq-agent.toml": CONFIG });
    expect((await lattice(at, repo, "init", "lattice")).document.exit).toBe(0);
    const before = await fingerprint(repo);
    const again = await lattice(at, repo, "init", "lattice");
    expect(again.document.diagnostics).toMatchObject([
      { message: expect.stringMatching(/exists already.*Nothing was written/u) },
    ]);
    const lost = await lattice(at, repo, "add", "a", "--depends", "nobody");
    expect(lost.document.diagnostics).toMatchObject([
      { message: expect.stringMatching(/"a" depends on "nobody", which does not exist/u) },
    ]);
    expect([again.document.exit, lost.document.exit, difference(before, await fingerprint(repo))]).toEqual([2, 2, SAME]);

    await lattice(at, repo, "add", "later", "--depends", "config");
    await lattice(at, repo, "add", "stub", "--depends", "config");
    const lat = join(repo, "lattice");
    await writeFile(join(lat, "nodes/stub/node.nix"), '{ pkgs, ... }:\npkgs.runCommand "stub" { } "touch $out"\n');
    await writeFile(join(lat, "config/flake.nix"), `${await readFile(join(lat, "config/flake.nix"), "utf8")}# edited\n`);
    await writeFile(join(lat, "flake.nix"), "{ outputs = { self }: { }; }\n");
    await writeFiles(lat, { "nodes/extra/flake.nix": "{ outputs = { self }: { }; }\n" });
    await git(["add", "--all"], { cwd: repo });
    const found = await lattice(at, repo, "check");
    expect(
      found.document.diagnostics.map((each) =>
        each instanceof Object && "rule" in each && "file" in each ? `${each.rule} ${each.file}` : each,
      ),
      found.about,
    ).toEqual([
      "lattice/stale-flake lattice/config/flake.nix",
      "lattice/stale-flake lattice/flake.nix",
      "lattice/unplanned-node lattice/nodes/extra/flake.nix",
      "lattice/evaluation lattice/nodes/later/node.nix",
      "lattice/stub lattice/nodes/stub/flake.nix",
    ]);
    expect(found.document.exit).toBe(1);
    const own = await lattice(at, repo, "check", "--fix");
    expect(own.document, own.about).toMatchObject({
      exit: 2,
      diagnostics: [{ message: expect.stringMatching(/lattice\/flake\.nix: was not made from lattice\.toml/u) }],
    });

    await rm(join(lat, "flake.nix"));
    await rm(join(lat, "nodes/extra"), { recursive: true });
    await writeFile(join(lat, "nodes/later/node.nix"), SHOUT);
    await writeFile(join(lat, "nodes/stub/node.nix"), SHOUT.replace('"shout"', '"whisper"').replace("a-z A-Z", "A-Z a-z"));
    const lock = await readFile(join(lat, "config/flake.lock"), "utf8");
    await writeFile(join(lat, "config/flake.lock"), lock.replace(/"rev": "[0-9a-f]+"/u, `"rev": "${"1".repeat(40)}"`));
    const mended = await lattice(at, repo, "check", "--fix");
    expect(mended.document, mended.about).toMatchObject({
      exit: 0,
      data: { written: ["lattice/flake.nix", "lattice/config/flake.nix", "lattice/config/flake.lock"] },
    });
    expect(await readFile(join(lat, "config/flake.lock"), "utf8")).toBe(lock);
  });

  it('obeys the project\'s policy: paths between its nodes only where local = "lattice" allows them', async () => {
    const at = await place();
    const policy = `${CONFIG}nixpkgs = "github:NixOS/nixpkgs/nixos-26.05"\n[policy.inputs]\norg = "NixOS"\nref = '^nixos-\\d+\\.\\d+$'\n`;
    const repo = await at.repository({ "crq-agent.toml": policy });
    const before = await fingerprint(repo);
    const refused = await lattice(at, repo, "init", "lattice");
    expect(refused.document, refused.about).toMatchObject({
      exit: 1,
      diagnostics: [
        { message: expect.stringMatching(/local path to a node of the same lattice.*Let a person write local = "lattice"/u) },
      ],
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    await writeFile(join(repo, "crq-agent.toml"), policy.replace("org =", 'local = "lattice"\norg ='));
    const allowed = await lattice(at, repo, "init", "lattice");
    expect(allowed.document, allowed.about).toMatchObject({ exit: 0 });
    const checked = await lattice(at, repo, "check");
    expect(checked.document, checked.about).toMatchObject({ exit: 0, diagnostics: [] });
  });

  it("builds again the node that changed and what takes it, and nothing else", async () => {
    await buildsWhatChanged(12, "n1", { checkAgain: true });
  });
});
