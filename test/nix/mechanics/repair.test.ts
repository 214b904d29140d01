import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { plainDiagnosis } from "../../../src/nix/diagnose/plain-diagnosis.ts";
import type { Diagnosis } from "../../../src/nix/diagnosis.ts";
import { FAKE_HASH } from "../../../src/nix/hash.ts";
import type { MechanicPlace, MechanicResult } from "../../../src/nix/mechanics/mechanic.ts";
import { repair } from "../../../src/nix/mechanics/repair.ts";
import { undoMechanics } from "../../../src/nix/mechanics/worktree-files.ts";
import { git } from "../../../src/system/git.ts";
import { NixPlace } from "../place.ts";

const place = new NixPlace();
const { nix } = place;
afterAll(() => place.close());

const IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
const DEFAULT = "packages.x86_64-linux.default";

async function worktree(name: string, files: Readonly<Record<string, string>>): Promise<MechanicPlace> {
  const directory = await place.flake(name, files);
  await git([...IDENTITY, "commit", "--quiet", "-m", "base"], { cwd: directory });
  return { nix, worktree: directory, knownHashes: new Set() };
}

const read = ({ worktree: directory }: MechanicPlace, path: string): string => readFileSync(join(directory, path), "utf8");

/** Builds, mends what a mechanic can, and builds again, as the build tool does. */
async function buildMending(
  at: MechanicPlace,
): Promise<{ readonly mended: readonly string[]; readonly left: string | undefined }> {
  const mended: string[] = [];
  for (let round = 0; round < 10; round++) {
    const built = await nix.build(at.worktree, [DEFAULT]);
    if (built.ok) return { mended, left: undefined };
    const repaired = await repair(built.diagnoses[0], at);
    if (!repaired) return { mended, left: `${built.diagnoses[0].kind}: ${built.diagnoses[0].message}` };
    mended.push(`${repaired.name}: ${repaired.detail}`);
  }
  return { mended, left: "no end" };
}

/** A fixed-output derivation of a static shell. */
const fetched = (name: string, content: string, hash: string): string =>
  `derivation { name = "${name}"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo ${content} > $out" ]; outputHash = ${hash}; outputHashMode = "flat"; outputHashAlgo = "sha256"; }`;

/** What nixpkgs' importCargoLock does, as far as hashes go. */
const IMPORT_CARGO_LOCK = `
  importCargoLock = { lockFile, outputHashes ? { } }:
    let
      wanted = [ { key = "left-1.0.0"; name = "left-aaaaaaa"; text = "left"; } { key = "right-2.0.0"; name = "right-bbbbbbb"; text = "right"; } ];
      stale = builtins.filter (key: !(builtins.elem key (map (w: w.key) wanted))) (builtins.attrNames outputHashes);
      checkout = w: builtins.derivation {
        inherit (w) name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${w.text} > $out" ];
        outputHashMode = "flat"; outputHashAlgo = null;
        outputHash = outputHashes.\${w.key} or (throw "No hash was found while vendoring the git dependency \${w.key}. You can add a hash through the \`outputHashes\` argument of \`importCargoLock\`.");
      };
    in
      if stale != [ ] then throw "A hash was specified for \${builtins.head stale}, but there is no corresponding git dependency."
      else derivation { name = "app-1.0"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${toString (map checkout wanted)} > $out" ]; };`;

const CARGO_LOCK = `version = 4

[[package]]
name = "left"
version = "1.0.0"
source = "git+https://example.org/o/left?rev=aaaaaaa#${"a".repeat(40)}"

[[package]]
name = "right"
version = "2.0.0"
source = "git+https://example.org/o/right#${"b".repeat(40)}"
`;

describe("hashes", () => {
  test("of git dependencies: entries are put in, filled and, when stale, taken out", async () => {
    const at = await worktree("output-hashes", {
      "Cargo.lock": CARGO_LOCK,
      "flake.nix": `{
  outputs = { self }: let${IMPORT_CARGO_LOCK}
  in {
    packages.x86_64-linux.default = importCargoLock {
      lockFile = ./Cargo.lock;
    };
  };
}
`,
    });
    expect(await buildMending(at)).toEqual({
      mended: [
        "add-output-hash: flake.nix: outputHashes has a fake entry for left-1.0.0, which the next build fills",
        "add-output-hash: flake.nix: outputHashes has a fake entry for right-2.0.0, which the next build fills",
        expect.stringMatching(/^replace-hash: flake\.nix:\d+: \S+ of (?:left-aaaaaaa|right-bbbbbbb) is sha256-/u),
        expect.stringMatching(/^replace-hash: flake\.nix:\d+: \S+ of (?:left-aaaaaaa|right-bbbbbbb) is sha256-/u),
      ],
      left: undefined,
    });
    // printf 'left\\n' | sha256sum, and of right, in base 64
    expect(read(at, "flake.nix")).toContain(`      lockFile = ./Cargo.lock;
      outputHashes = {
        "right-2.0.0" = "sha256-Vcl4ArOX702g2OLs9Kj6M8H0dV2g6s7FTGLKy7z9lxM=";
        "left-1.0.0" = "sha256-FBVvLCC0W/ZlFFscVu2hKBDxa+PoUAcFCSjs1lVtKDo=";
      };
`);
    expect([...at.knownHashes].length).toBe(2);
    writeFileSync(join(at.worktree, "flake.nix"), read(at, "flake.nix").replace('"left-1.0.0" =', '"left-0.9.0" ='));
    expect(await buildMending(at)).toEqual({
      mended: [
        "remove-output-hash: flake.nix: the entry of left-0.9.0, which Cargo.lock does not hold, is gone from outputHashes",
        "add-output-hash: flake.nix: outputHashes has a fake entry for left-1.0.0, which the next build fills",
        expect.stringMatching(/^replace-hash: flake\.nix:\d+: left-1\.0\.0 of left-aaaaaaa is sha256-/u),
      ],
      left: undefined,
    });
  });

  test.each([
    ["a fake text", `"${FAKE_HASH}"`],
    ["an empty text", '""'],
    ["hex zeros", `"sha256:${"0".repeat(64)}"`],
    ["lib.fakeHash", "lib.fakeHash"],
  ])("%s is replaced by what Nix printed", async (name, hash) => {
    const at = await worktree(`fake ${name}`, {
      "flake.nix": `{ outputs = { self }: let lib.fakeHash = "${name === "lib.fakeHash" ? FAKE_HASH : "x"}"; in { ${DEFAULT} = ${fetched("data-1.0", "data", hash)}; }; }`,
    });
    const { mended, left } = await buildMending(at);
    expect({ mended: mended.length, left }).toEqual({ mended: 1, left: undefined });
  });

  test("the hash of a pinned source is not changed silently, one that this session wrote is", async () => {
    const wrong = '"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="';
    const text = `{ outputs = { self }: { ${DEFAULT} = ${fetched("data-1.0", "data", wrong)}; }; }`;
    const pinned = await worktree("pinned", { "flake.nix": text });
    expect(await buildMending(pinned)).toEqual({
      mended: [],
      left: expect.stringMatching(/^hash-mismatch: hash mismatch in data-1\.0/u),
    });
    // The address beside it changed: what it names is another file.
    const moved = await worktree("moved", { "flake.nix": text.replace("outputHash =", 'version = "1.0"; outputHash =') });
    writeFileSync(join(moved.worktree, "flake.nix"), read(moved, "flake.nix").replace('"1.0";', '"1.1-moved";'));
    expect(await buildMending(moved)).toMatchObject({ mended: [expect.stringMatching(/^replace-hash/u)], left: undefined });
    const fresh = await worktree("not pinned", { "flake.nix": "{ outputs = _: { }; }" });
    writeFileSync(join(fresh.worktree, "flake.nix"), text);
    expect(await buildMending(fresh)).toMatchObject({ mended: [expect.stringMatching(/^replace-hash/u)], left: undefined });
  });

  test("of several fake ones only the named derivation's is touched", async () => {
    const at = await worktree("several", {
      "flake.nix": `{
  outputs = { self }: let
    fetch = { name, url, hash }: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${name} > $out" ]; outputHash = hash; outputHashMode = "flat"; outputHashAlgo = null; };
    one = fetch { name = "one-1.0.tar.gz"; url = "https://example.org/one-1.0.tar.gz"; hash = "${FAKE_HASH}"; };
    two = fetch { hash = "${FAKE_HASH}"; name = "two-1.0.tar.gz"; url = "https://example.org/two-1.0.tar.gz"; };
  in { ${DEFAULT} = derivation { name = "both"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${one} \${two} > $out" ]; }; };
}`,
    });
    const { mended, left } = await buildMending(at);
    expect({ mended: mended.map((text) => text.replace(/ is sha256.*/u, "")).sort(), left }).toEqual({
      mended: ["replace-hash: flake.nix:4: hash of one-1.0.tar.gz", "replace-hash: flake.nix:5: hash of two-1.0.tar.gz"],
      left: undefined,
    });
  });

  test("two that the name cannot tell apart are left alone", async () => {
    const at = await worktree("ambiguous", {
      "flake.nix": `{ outputs = { self }: { a = { hash = "${FAKE_HASH}"; }; b = { hash = "${FAKE_HASH}"; }; ${DEFAULT} = ${fetched("x", "x", `(if true then "${FAKE_HASH}" else "")`)}; }; }`,
    });
    expect((await buildMending(at)).mended).toEqual([]);
  });
});

describe("files and locks", () => {
  const untracked = (path: string): Diagnosis => plainDiagnosis("eval", { kind: "untracked-file", path }, path, "");
  const cargoLock: Diagnosis = plainDiagnosis("build", { kind: "cargo-lock", problem: "missing" }, "no Cargo.lock", "");

  test("an untracked file is tracked without its content; what is ignored or missing is not", async () => {
    const at = await worktree("track", { ".gitignore": "*.log\n", "flake.nix": "{ outputs = _: { }; }" });
    for (const name of ["it's new.nix", "x.log"]) writeFileSync(join(at.worktree, name), "1");
    expect(await repair(untracked("it's new.nix"), at)).toEqual({
      name: "track-files",
      detail: "git tracks it's new.nix now (intent to add)",
      edits: [],
      staged: ["it's new.nix"],
    });
    expect(await repair(untracked("x.log"), at)).toBeUndefined();
    expect(await repair(untracked("nowhere.nix"), at)).toBeUndefined();
    expect(await repair(untracked("it's new.nix"), at)).toBeUndefined();
    expect(await git(["diff", "--cached", "--stat"], { cwd: at.worktree })).toBe("");
  });

  test("a missing Cargo.lock is tracked where it is there, and made only where a person allowed it", async () => {
    const at = await worktree("cargo-lock", { "Cargo.toml": "[package]\n" });
    expect(await repair(cargoLock, at)).toBeUndefined();
    const allowed: MechanicPlace = {
      ...at,
      generateLockFile: async () => {
        writeFileSync(join(at.worktree, "Cargo.lock"), "version = 4\n");
        return { ok: true };
      },
    };
    const made = await repair(cargoLock, allowed);
    expect(made).toEqual({
      name: "make-cargo-lock",
      detail: "cargo made Cargo.lock",
      edits: [{ path: "Cargo.lock", before: undefined, after: "version = 4\n" }],
      staged: ["Cargo.lock"],
    });
    if (made) await undoMechanics(at.worktree, [made]);
    expect(existsSync(join(at.worktree, "Cargo.lock"))).toBe(false);
    writeFileSync(join(at.worktree, "Cargo.lock"), "version = 4\n");
    expect(await repair(cargoLock, at)).toMatchObject({ name: "track-files", staged: ["Cargo.lock"] });
  });

  test("the lock is written, and all of it is undone", async () => {
    const library = await worktree("library", { "flake.nix": "{ outputs = _: { value = 1; }; }" });
    const at = await worktree("lock", {
      "flake.nix": `{ inputs.a.url = "git+file://${encodeURI(library.worktree)}"; outputs = { self, a }: { inherit (a) value; }; }`,
    });
    const failed = await nix.evaluate(at.worktree, "value");
    const written: MechanicResult | undefined = failed.ok ? undefined : await repair(failed.diagnoses[0], at);
    expect(written).toMatchObject({ name: "write-lock", detail: "flake.lock is written: a added", staged: ["flake.lock"] });
    expect(await nix.evaluate(at.worktree, "value")).toMatchObject({ ok: true, value: 1 });
    if (written) await undoMechanics(at.worktree, [written]);
    expect(await git(["status", "--porcelain"], { cwd: at.worktree })).toBe("");
  });

  test("a link is not followed", async () => {
    const at = await worktree("links", { "flake.nix": `{ a = "${FAKE_HASH}"; }` });
    const outside = join(place.root, "outside.nix");
    writeFileSync(outside, `{ hash = "${FAKE_HASH}"; }`);
    await git(["rm", "--quiet", "flake.nix"], { cwd: at.worktree });
    symlinkSync(outside, join(at.worktree, "flake.nix"));
    await git(["add", "flake.nix"], { cwd: at.worktree });
    const mismatch: Diagnosis = {
      ...plainDiagnosis(
        "fetch",
        { kind: "hash-mismatch", specified: FAKE_HASH, got: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
        "",
        "",
      ),
      derivation: { name: "x", owner: "fetch" },
    };
    expect(await repair(mismatch, at)).toBeUndefined();
    expect(readFileSync(outside, "utf8")).toBe(`{ hash = "${FAKE_HASH}"; }`);
  });
});

test("what needs a decision has no mechanic", async () => {
  const at = await worktree("none", { "flake.nix": "{ }" });
  expect(await repair(plainDiagnosis("build", { kind: "compile-error" }, "x", ""), at)).toBeUndefined();
});
