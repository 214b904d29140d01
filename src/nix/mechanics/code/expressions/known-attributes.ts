import { BUILD_PROGRAMS, LINK_LIBRARIES, PKG_CONFIG_MODULES } from "../../../../repo/sources/library-names.ts";
import { NATIVE_LIBRARIES } from "../../../../repo/sources/native-libraries.ts";

/** Attributes of nixpkgs that flakes of Rust projects use. */
export const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(
  [
    "rustPlatform buildRustPackage bindgenHook mkShell mkShellNoCC callPackage legacyPackages stdenv mkDerivation hostPlatform isLinux isDarwin lib genAttrs optionals cleanSource fileset cargo rustc clippy rustfmt rust-analyzer pkg-config git runCommand writeShellApplication makeWrapper nixfmt buildPackage".split(
      " ",
    ),
    ...NATIVE_LIBRARIES.map((row) => [...row.nativeBuildInputs, ...row.buildInputs]),
    Object.values(PKG_CONFIG_MODULES),
    Object.values(LINK_LIBRARIES),
    Object.values(BUILD_PROGRAMS),
  ].flat(),
);
