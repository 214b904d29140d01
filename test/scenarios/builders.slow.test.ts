import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { type Place, place } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { closure, lockFile } from "../rules/generated/crates.ts";

/** Each builder through the real command: a sentence names it, and the flake that comes out is proven by the criteria. */

const crates = closure(["hex"]);
const FORMATTED = `fn main() {
    let words: String = std::env::args().skip(1).collect();
    println!("{}", hex::encode(words));
}

#[cfg(test)]
mod tests {
    #[test]
    fn encodes() {
        assert_eq!(hex::encode("a"), "61");
    }
}
`;
const FILES: Readonly<Record<string, string>> = {
  "Cargo.toml": `[package]
name = "spell"
version = "0.4.0"
edition = "2021"
rust-version = "1.70"
description = "Spells words in hexadecimal"
license = "MIT OR Apache-2.0"
repository = "https://example.org/spell"

[dependencies]
hex = "${crates[0]?.version}"
`,
  "Cargo.lock": lockFile([{ name: "spell", version: "0.4.0", dependencies: ["hex"] }], crates, 4),
  "rust-toolchain.toml": '[toolchain]\nchannel = "stable"\n',
  "src/main.rs": FORMATTED,
};

async function repository(at: Place, files: Readonly<Record<string, string>>): Promise<string> {
  const repo = join(at.folder, "spell");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repo, path)), { recursive: true });
    await writeFile(join(repo, path), text);
  }
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
  await git(["add", "--all"], { cwd: repo });
  await git(["-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "--quiet", "-m", "first"], { cwd: repo });
  return repo;
}

async function applied(at: Place, repo: string, task: string): Promise<string> {
  const done = await at.json(["apply", "--task", task, "--yes", "--repo", repo, "--world", at.world]);
  expect(done.document, done.about).toMatchObject({
    ok: true,
    exit: 0,
    data: { outcome: { kind: "done" }, report: { gate: { ok: true } }, usage: { usd: 0 } },
  });
  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  return git(["show", `${branch}:flake.nix`], { cwd: repo });
}

describe.skipIf(noNix !== undefined)("a flake by the builder that the sentence names", () => {
  it("buildRustPackage with one hash over the crates, on the project's own toolchain", async () => {
    const at = await place();
    const flake = await applied(at, await repository(at, FILES), "nixify this with buildRustPackage and cargoHash");
    expect(flake).toMatch(/cargoHash = "sha256-[A-Za-z0-9+/]{43}=";/);
    expect(flake).toContain("rustToolchain = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;");
    expect(flake).toContain('msrv = pkgs.mkShell {\n            packages = [ pkgs.rust-bin.stable."1.70.0".minimal ];');
    expect(flake).toContain('homepage = "https://example.org/spell";');
    expect([...flake.matchAll(/^ {10}(clippy|fmt|doc) =/gm)].map(([, name]) => name)).toEqual(["clippy", "fmt", "doc"]);
  });
});
