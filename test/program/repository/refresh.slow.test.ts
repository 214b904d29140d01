import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, type Files, type Place, place, show } from "../place.ts";
import { noNix, SYSTEM } from "../samples.ts";
import { BY_LOCK, flakeOf, greeter, lockOf, MAIN, manifestOf, NAME } from "./greeters.ts";

/** A Rust project whose maintainer changes Cargo.toml and knows no Nix. */

const FAKE = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const SRI = /sha256-[A-Za-z0-9+/]{43}=/u;
const USES_ITOA = MAIN.replace("fn main() {", "fn main() {\n    let _ = itoa::Buffer::new().format(1);");
const ATTRIBUTE = `packages.${SYSTEM}.default`;

/** The project in step: what `refresh --yes` itself wrote, committed. */
async function inStep(at: Place, files: Files): Promise<string> {
  const repo = await at.repository(files, NAME);
  const first = await at.json(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
  expect(first.document, first.about).toMatchObject({ exit: 0 });
  await commitAll(repo, "in step");
  const check = await at.json(["refresh", "--repo", repo, "--world", at.world, "--check"]);
  expect(check.document, check.about).toMatchObject({
    exit: 0,
    data: { outcome: { kind: "in-step" }, changes: [], built: [ATTRIBUTE] },
  });
  return repo;
}

describe.skipIf(noNix !== undefined)("refresh of a Rust project", { timeout: 900_000 }, () => {
  it("after a crate was added: Cargo.lock by cargo, cargoHash as Nix prints it although the old crates are in the store, and a build", async () => {
    const at = await place();
    const repo = await inStep(at, greeter({ dependencies: ["itoa"], main: USES_ITOA, cargo: `cargoHash = "${FAKE}";` }));
    const old = SRI.exec(await readFile(join(repo, "flake.nix"), "utf8"))?.[0] ?? "";
    await writeFile(join(repo, "Cargo.toml"), manifestOf(["itoa", "hex"]));
    const before = await fingerprint(repo);
    const check = await at.json(["refresh", "--repo", repo, "--world", at.world, "--check"]);
    expect(check.document, check.about).toMatchObject({ ok: false, exit: 1, data: { written: [] } });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const done = await at.json(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
    const flake = await readFile(join(repo, "flake.nix"), "utf8");
    const fresh = SRI.exec(flake)?.[0] ?? "";
    expect(fresh).not.toBe(old);
    expect(done.document, done.about).toMatchObject({
      ok: true,
      exit: 0,
      data: {
        outcome: { kind: "planned" },
        changes: [
          { step: "cargo-lock", what: "Cargo.lock: hex", after: "0.4.3", why: "the manifests ask for it" },
          {
            step: "hashes",
            what: "flake.nix:17 cargoHash",
            before: old,
            after: fresh,
            why: `Nix printed it for ${NAME}-1.0.0-vendor-staging`,
          },
        ],
        open: [],
        written: ["Cargo.lock", "flake.nix"],
        built: [ATTRIBUTE],
      },
    });
    expect(await readFile(join(repo, "Cargo.lock"), "utf8")).toBe(lockOf(["hex", "itoa"]));
    expect(difference(before, await fingerprint(repo), false)).toEqual({
      added: [],
      changed: ["/Cargo.lock", "/flake.nix"],
      removed: [],
    });

    // Back to the first crates: their path is in the store, and so is that of the second ones, which a stale hash would be satisfied by.
    await writeFile(join(repo, "Cargo.toml"), manifestOf(["itoa"]));
    const back = await at.json(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
    expect(back.document, back.about).toMatchObject({
      exit: 0,
      data: {
        changes: [
          { what: "Cargo.lock: hex", before: "0.4.3", why: "nothing asks for it any more" },
          { what: "flake.nix:17 cargoHash", before: fresh, after: old },
        ],
      },
    });
    expect(await readFile(join(repo, "flake.nix"), "utf8")).toBe(await show(repo, "HEAD:flake.nix"));
  });

  it("after a version bump: the lock file's entry follows, and a flake that goes by it needs no hash", async () => {
    const at = await place();
    const repo = await inStep(at, greeter({ dependencies: ["itoa"], main: USES_ITOA, cargo: BY_LOCK }));
    await writeFile(join(repo, "Cargo.toml"), manifestOf(["itoa"], "1.1.0"));
    const done = await at.json(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        changes: [{ step: "cargo-lock", what: `Cargo.lock: ${NAME}`, before: "1.0.0", after: "1.1.0" }],
        written: ["Cargo.lock"],
      },
    });
    expect(await readFile(join(repo, "Cargo.lock"), "utf8")).toBe(lockOf(["itoa"], "1.1.0"));
  });

  it("moves the toolchain file and the msrv of the flake after rust-version, and makes a Cargo.lock that is missing", async () => {
    const at = await place();
    const { "Cargo.lock": _, ...files } = greeter({
      manifest: manifestOf([], "1.0.0", 'rust-version = "1.74"\n'),
      flake: flakeOf(BY_LOCK).replace("    let\n", '    let\n      msrv = "1.60.0";\n'),
    });
    const repo = await at.repository({ ...files, "rust-toolchain.toml": '[toolchain]\nchannel = "1.60.0" # for now\n' }, NAME);
    const done = await at.json(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        changes: [
          { what: "flake.lock: nixpkgs" },
          { what: "Cargo.lock", after: "1 package", why: "a Nix build needs it" },
          {
            step: "toolchain",
            what: "rust-toolchain.toml: channel",
            before: "1.60.0",
            after: "1.74.0",
            why: `rust-version of ${NAME} is 1.74`,
          },
          {
            step: "toolchain",
            what: "flake.nix:9 msrv",
            before: "1.60.0",
            after: "1.74.0",
            why: `rust-version of ${NAME} is 1.74`,
          },
        ],
        open: [],
      },
    });
    expect(await readFile(join(repo, "rust-toolchain.toml"), "utf8")).toBe('[toolchain]\nchannel = "1.74.0" # for now\n');
    expect(await readFile(join(repo, "flake.nix"), "utf8")).toBe(
      files["flake.nix"]?.toString().replace('msrv = "1.60.0"', 'msrv = "1.74.0"'),
    );
  });
});
