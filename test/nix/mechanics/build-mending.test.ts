import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildMending, type MendingEvent } from "../../../src/nix/mechanics/build-mending.ts";
import type { MechanicPlace } from "../../../src/nix/mechanics/mechanic.ts";
import { git } from "../../../src/system/git.ts";
import { NixPlace } from "../place.ts";

const place = new NixPlace();
const nix = place.newNix(["tool"]);
afterAll(() => place.close());

const DEFAULT = "packages.x86_64-linux.default";

async function worktree(name: string, files: Readonly<Record<string, string>>): Promise<MechanicPlace> {
  const directory = await place.flake(name, files);
  await git(["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "base"], { cwd: directory });
  return { nix, worktree: directory, knownHashes: new Set(), refuted: new Set() };
}

const read = ({ worktree: directory }: MechanicPlace, path = "flake.nix"): string => readFileSync(join(directory, path), "utf8");

/** A package set of the few names that a test needs; its builder asks for OpenSSL as openssl-sys does. */
const PACKAGES = `
      sh = name: script: more: derivation ({ inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" script ]; } // more);
      pkgs = {
        openssl_1_1 = throw "'openssl_1_1' has been renamed to/replaced by 'zlib'";
        zlib = sh "zlib" "echo > $out" { };
        openssl = sh "openssl" "echo > $out" { };
        pkg-config = sh "pkg-config" "echo > $out" { };
        rustPlatform.buildRustPackage = { pname, nativeBuildInputs ? [ ], buildInputs ? [ ], OPENSSL_NO_VENDOR ? "" }: sh "\${pname}-1.0" ''
          case "$inputs" in
            *-openssl*) echo built > $out ;;
            *) echo 'error: failed to run custom build command for \`openssl-sys v0.9.1\`'
               echo 'Could not find directory of OpenSSL installation'
               exit 101 ;;
          esac
        '' { inputs = nativeBuildInputs ++ buildInputs; };
      };`;

const flake = (builtArguments: string): string => `{
  outputs = { self }:
    let${PACKAGES}
    in
    {
      ${DEFAULT} = pkgs.rustPlatform.buildRustPackage {
        pname = "tool";
${builtArguments}
      };
    };
}
`;

async function mend(at: MechanicPlace): Promise<{
  readonly events: readonly string[];
  readonly left: string | undefined;
  readonly mended: readonly string[];
}> {
  const events: string[] = [];
  const { result, mended } = await buildMending(at, DEFAULT, { onEvent: (event) => events.push(told(event)) });
  return {
    events,
    left: result.ok ? undefined : `${result.diagnoses[0].kind}: ${result.diagnoses[0].message}`,
    mended: mended.map(({ done }) => done.name),
  };
}

function told(event: MendingEvent): string {
  switch (event.kind) {
    case "build":
      return event.ok ? "built" : `failed: ${event.cause?.kind}`;
    case "mended":
      return `${event.done.name}: ${event.done.detail}`;
    case "undone":
      return `undone, because ${event.because.message}`;
  }
}

describe("a build that mends", () => {
  test("a variable, a renamed attribute and a library, one after the other", async () => {
    const at = await worktree("chain", {
      "flake.nix": flake("        nativeBuildInputs = [ pkg-config ];\n        buildInputs = [ pkgs.openssl_1_1 ];"),
    });
    expect(await mend(at)).toEqual({
      events: [
        "failed: attribute",
        "bind-variable: flake.nix: pkg-config is an attribute of pkgs",
        "failed: attribute",
        "rename-attribute: flake.nix: pkgs.openssl_1_1 is called pkgs.zlib",
        "failed: native-library",
        "add-native-inputs: flake.nix: pkg-config, openssl among the build's inputs (openssl-sys needs it)",
        "built",
      ],
      left: undefined,
      mended: ["bind-variable", "rename-attribute", "add-native-inputs"],
    });
    expect(read(at)).toBe(
      flake(
        '        nativeBuildInputs = [ pkgs.pkg-config ];\n        buildInputs = [ pkgs.zlib pkgs.openssl ];\n        OPENSSL_NO_VENDOR = "1";',
      ),
    );
  });

  test("edits after which the flake does not evaluate are undone together, and not tried again", async () => {
    const text = flake("        nativeBuildInputs = [ pkg-config ];\n        buildInputs = [ cmake ];");
    const at = await worktree("undone", { "flake.nix": text });
    const first = await mend(at);
    expect(first).toEqual({
      events: [
        "failed: attribute",
        "bind-variable: flake.nix: pkg-config is an attribute of pkgs",
        "failed: attribute",
        "bind-variable: flake.nix: cmake is an attribute of pkgs",
        "failed: attribute",
        "undone, because attribute 'cmake' missing",
      ],
      left: "attribute: undefined variable 'pkg-config'",
      mended: [],
    });
    expect(read(at)).toBe(text);
    expect(await mend(at)).toEqual({ ...first, events: ["failed: attribute"] });
  });

  test("a generated file, a weakened check and a second file that fits are left alone", async () => {
    const generated = await worktree("generated", {
      "flake.nix": `{ outputs = { self }: { ${DEFAULT} = import ./made.nix; }; }`,
      "made.nix": "# @generated by a tool\nlet pkgs = { cmake = 1; }; in cmake\n",
    });
    expect((await mend(generated)).events).toEqual(["failed: attribute"]);
    const two = await worktree("two", {
      "flake.nix": flake(""),
      "other.nix": "{ pkgs }: pkgs.rustPlatform.buildRustPackage { }\n",
    });
    expect((await mend(two)).events).toEqual(["failed: native-library"]);
  });

  test("what a mechanic was told to leave in a file that is not tracked stays invisible to it", async () => {
    const at = await worktree("outside", { "flake.nix": flake("") });
    writeFileSync(join(at.worktree, "notes.nix"), "{ pkgs }: pkgs.rustPlatform.buildRustPackage { }\n");
    expect((await mend(at)).mended).toEqual(["add-native-inputs"]);
    expect(read(at, "notes.nix")).toBe("{ pkgs }: pkgs.rustPlatform.buildRustPackage { }\n");
  });

  test("vendored crates of another Cargo.lock that the store still has are fetched again, and their hash is what Nix prints", async () => {
    // What fetches is a shell here; that its script changed with Cargo.lock stands for crates that changed.
    const text = (hash: string): string =>
      `{
  outputs = { self }: {
    ${DEFAULT} = rec {
      cargoDeps = derivation { name = "tool-vendor"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${builtins.readFile ./Cargo.lock} > $out" ]; outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = cargoHash; };
      cargoHash = "\${hash}";
      inherit (derivation { name = "tool"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${cargoDeps} > $out" ]; }) type outPath drvPath name outputName all out;
    };
  };
}
`.replace("${hash}", hash);
    const at = await worktree("stale", { "flake.nix": text(""), "Cargo.lock": "one" });
    expect((await mend(at)).mended).toEqual(["replace-hash"]);
    await git(["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "-am", "hash"], { cwd: at.worktree });
    const later: MechanicPlace = { ...at, knownHashes: new Set() };
    expect((await mend(later)).events).toEqual(["built"]);
    writeFileSync(join(at.worktree, "Cargo.lock"), "two");
    const { events, left } = await mend(later);
    expect({ events, left }).toEqual({
      events: [
        "failed: hash-mismatch",
        expect.stringMatching(/^replace-hash: flake\.nix:5: cargoHash of tool-vendor is sha256-/u),
        "built",
      ],
      left: undefined,
    });
  });
});
