import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { commitAll, type Files, type Place, place, show } from "./place.ts";
import { noNix } from "./samples.ts";

/** crate2nix over the life of a project: a native library, then a dependency that Cargo.nix does not know of. */

const manifest = (dependencies: string): string =>
  `[package]\nname = "sealer"\nversion = "0.4.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}`;
const locked = (...names: readonly string[]): string =>
  lockFile([{ name: "sealer", version: "0.4.0", dependencies: names }], closure(names), 4);
const main = (statement: string): string => `fn main() {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("sealer {}", env!("CARGO_PKG_VERSION"));
        return;
    }
    ${statement}
}
`;

const SEALER: Files = {
  "Cargo.toml": manifest('openssl-sys = "0.9"\n'),
  "Cargo.lock": locked("openssl-sys"),
  "src/main.rs": main('println!("{:x}", unsafe { openssl_sys::OpenSSL_version_num() });'),
  "README.md": "# sealer\n\nSeals letters.\n",
  ".gitignore": "/target\n",
};

async function applied(at: Place, repo: string, wish: string): Promise<string> {
  const done = await at.json(["apply", "--task", wish, "--repo", repo, "--world", at.world, "--yes"]);
  expect(done.document, done.about).toMatchObject({ ok: true, exit: 0, data: { outcome: { kind: "done" } } });
  const branches = await git(["for-each-ref", "--sort=-creatordate", "--format=%(refname:short)", "refs/heads/feature"], {
    cwd: repo,
  });
  return branches.split("\n")[0] ?? "";
}

describe.skipIf(noNix !== undefined)("crate2nix over the life of a project", () => {
  it("gives a crate its native library, and later only writes Cargo.nix anew", async () => {
    const at = await place();
    const repo = await at.repository(SEALER, "sealer");
    const first = await applied(at, repo, "nixify this project with crate2nix");
    const flake = await show(repo, `${first}:flake.nix`);
    expect(flake).toMatch(
      /openssl-sys = _: \{\s+nativeBuildInputs = \[ pkgs\.pkg-config \];\s+buildInputs = \[ pkgs\.openssl \];/u,
    );

    await git(["merge", "--quiet", "--ff-only", first], { cwd: repo });
    await writeFile(join(repo, "Cargo.toml"), manifest('hex = "0.4"\nopenssl-sys = "0.9"\n'));
    await writeFile(join(repo, "Cargo.lock"), locked("hex", "openssl-sys"));
    await writeFile(join(repo, "src/main.rs"), main('println!("{}", hex::encode("!"));'));
    const moved = await commitAll(repo, "print in hex");
    const second = await applied(at, repo, "repair the flake: nix build fails since the last commit");
    const changed = await git(["diff", "--name-only", moved, second, "--", ":!crqs"], { cwd: repo });
    expect(changed).toBe("Cargo.nix\n");
    expect(await show(repo, `${second}:Cargo.nix`)).toContain('crateName = "hex";');
    expect(
      (await at.journal()).filter((event) => event.type === "mechanic").map((event) => "name" in event && event.name),
    ).toEqual(["generate-cargo-nix"]);
  }, 600_000);
});
