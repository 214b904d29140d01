import type { Draw } from "./random.ts";

/** Flakes that build, as people write them: one style an entry, with hashes left open where a style has some. */

export interface FlakeParts {
  readonly name: string;
  readonly version: string;
  readonly about: string;
  readonly lock: string;
  readonly needs: { readonly native: readonly string[]; readonly libraries: readonly string[] };
}

type Files = Readonly<Record<string, string>>;

/** Where a hash is to stand that only a build tells. */
export const OPEN_HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

const NIXPKGS = "github:NixOS/nixpkgs/nixos-26.05";

const inputsOf = ({ needs }: FlakeParts, prefix: string, indent: string): string => {
  const line = (name: string, list: readonly string[]): string =>
    list.length === 0 ? "" : `\n${indent}${name} = [ ${list.map((one) => `${prefix}${one}`).join(" ")} ];`;
  return line("nativeBuildInputs", needs.native) + line("buildInputs", needs.libraries);
};

const lockOnly = (parts: FlakeParts): Files => ({
  "flake.nix": `{
  description = "${parts.about}";

  inputs.nixpkgs.url = "${NIXPKGS}";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = forEachSystem (
        system:
        let
          pkgs = nixpkgs.legacyPackages.\${system};
        in
        {
          default = pkgs.rustPlatform.buildRustPackage {
            pname = "${parts.name}";
            version = "${parts.version}";
            src = ./.;
            cargoLock.lockFile = ./Cargo.lock;${inputsOf(parts, "pkgs.", "            ")}
            meta.mainProgram = "${parts.name}";
          };
        }
      );

      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.\${system}.mkShell {
          inputsFrom = [ self.packages.\${system}.default ];
        };
      });
    };
}
`,
});

const cargoHash = (parts: FlakeParts): Files => ({
  "flake.nix": `{
  description = "${parts.about}";

  inputs = {
    nixpkgs.url = "${NIXPKGS}";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = import nixpkgs { inherit system; };
      in
      {
        packages.default = pkgs.rustPlatform.buildRustPackage rec {
          pname = "${parts.name}";
          version = "${parts.version}";
          src = pkgs.lib.cleanSource ./.;
          cargoHash = "${OPEN_HASH}";${inputsOf(parts, "pkgs.", "          ")}
        };

        devShells.default = pkgs.mkShell { packages = with pkgs; [ cargo rustc ]; };
      });
}
`,
});

const packageFile = (parts: FlakeParts): Files => {
  const wanted = ["lib", "rustPlatform", ...parts.needs.native, ...parts.needs.libraries];
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "${NIXPKGS}";

  outputs = { self, nixpkgs, ... }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.\${system};
    in
    {
      packages.\${system}.default = pkgs.callPackage ./nix/package.nix { };
      checks.\${system}.build = self.packages.\${system}.default;
    };
}
`,
    "nix/package.nix": `{ ${wanted.join(", ")} }:

rustPlatform.buildRustPackage {
  pname = "${parts.name}";
  version = "${parts.version}";
  src = lib.cleanSource ../.;
  cargoLock = {
    lockFile = ../Cargo.lock;
  };${inputsOf(parts, "", "  ")}
}
`,
  };
};

const naerskUtils = (parts: FlakeParts): Files => ({
  "flake.nix": `{
  inputs = {
    flake-utils.url = "github:numtide/flake-utils";
    naersk.url = "github:nix-community/naersk";
    naersk.inputs.nixpkgs.follows = "nixpkgs";
    nixpkgs.url = "${NIXPKGS}";
  };

  outputs = { self, flake-utils, naersk, nixpkgs }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = (import nixpkgs) { inherit system; };
        naersk' = pkgs.callPackage naersk { };
      in
      {
        packages.default = naersk'.buildPackage {
          src = ./.;${inputsOf(parts, "pkgs.", "          ")}
        };
        devShells.default = pkgs.mkShell { nativeBuildInputs = with pkgs; [ rustc cargo ]; };
      });
}
`,
});

const naerskPlain = (parts: FlakeParts): Files => ({
  "flake.nix": `{
  description = "${parts.about}";

  inputs.nixpkgs.url = "${NIXPKGS}";
  inputs.naersk = {
    url = "github:nix-community/naersk";
    inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    {
      self,
      nixpkgs,
      naersk,
    }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      naersk-lib = pkgs.callPackage naersk { };
    in
    {
      packages.x86_64-linux.default = naersk-lib.buildPackage {
        pname = "${parts.name}";
        version = "${parts.version}";
        src = ./.;${inputsOf(parts, "pkgs.", "        ")}
        doCheck = true;
      };
    };
}
`,
});

const cranePlain = (parts: FlakeParts): Files => ({
  "flake.nix": `{
  description = "${parts.about}";

  inputs = {
    nixpkgs.url = "${NIXPKGS}";
    crane.url = "github:ipetkov/crane";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, crane, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.\${system};
        craneLib = crane.mkLib pkgs;
        commonArgs = {
          pname = "${parts.name}";
          version = "${parts.version}";
          src = ./.;
          strictDeps = true;${inputsOf(parts, "pkgs.", "          ")}
        };
        cargoArtifacts = craneLib.buildDepsOnly commonArgs;
      in
      {
        packages.default = craneLib.buildPackage (commonArgs // { inherit cargoArtifacts; });
        checks.clippy = craneLib.cargoClippy (commonArgs // { inherit cargoArtifacts; });
      });
}
`,
});

export const STYLES = {
  "buildRustPackage with the lock file": { builder: "buildRustPackage", files: lockOnly },
  "buildRustPackage with cargoHash": { builder: "buildRustPackage", files: cargoHash },
  "buildRustPackage in a file of its own": { builder: "buildRustPackage", files: packageFile },
  "naersk over flake-utils": { builder: "naersk", files: naerskUtils },
  "naersk alone": { builder: "naersk", files: naerskPlain },
  "crane with shared arguments": { builder: "crane", files: cranePlain },
} as const satisfies Readonly<Record<string, { readonly builder: string; readonly files: (parts: FlakeParts) => Files }>>;

export type Style = keyof typeof STYLES;

export const drawStyle = (draw: Draw, styles: readonly [Style, ...Style[]]): Style => draw.pick(styles);
