import type { Draw } from "./random.ts";

/** Flakes that somebody began and left half finished; each fails to evaluate in its own way. */

export interface BrokenFlake {
  readonly fault: string;
  readonly text: string;
}

interface Parts {
  readonly name: string;
  readonly version: string;
  readonly about: string;
}

const NIXPKGS = "github:NixOS/nixpkgs/nixos-26.05";

const head = (about: string, inputs: string): string => `{
  description = "${about}";

  inputs = {
    nixpkgs.url = "${NIXPKGS}";${inputs}
  };
`;

/** buildRustPackage over one system, with places for faults. */
const single = (
  { name, version, about }: Parts,
  { platform = "pkgs.rustPlatform", end = ";", variable = "pkgs" }: { platform?: string; end?: string; variable?: string },
): string =>
  `${head(about, "")}
  outputs = { self, nixpkgs }:
    let
      system = "x86_64-linux";
      ${variable} = nixpkgs.legacyPackages.\${system};
    in
    {
      packages.\${system}.default = ${platform}.buildRustPackage {
        pname = "${name}";
        version = "${version}"${end}
        src = ./.;
        cargoLock.lockFile = ./Cargo.lock;
      };
    };
}
`;

const everySystem = ({ name, version, about }: Parts, attribute: string): string => `${head(about, "")}
  outputs =
    { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      eachSystem = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = eachSystem (
        system:
        let
          pkgs = nixpkgs.legacyPackages.\${system};
        in
        {
          ${name} = pkgs.rustPlatform.buildRustPackage {
            pname = "${name}";
            version = "${version}";
            src = ./.;
            cargoLock.lockFile = ./Cargo.lock;
            nativeBuildInputs = [ ${attribute} ];
          };
          default = self.packages.\${system}.${name};
        }
      );
    };
}
`;

const withNaersk = ({ name, about }: Parts): string => `${head(
  about,
  `
    naersk.url = "github:nix-community/naersk";
    naersk.inputs.nixpkgs.follows = "nixpkgs";`,
)}
  outputs = { self, nixpkgs, naersk }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      builder = pkgs.callPackage naersk { };
    in
    {
      packages.x86_64-linux.${name} = bulider.buildPackage {
        src = ./.;
      };
    };
}
`;

const FAULTS: readonly [(parts: Parts) => BrokenFlake, ...((parts: Parts) => BrokenFlake)[]] = [
  (parts) => ({ fault: "a misspelt attribute", text: single(parts, { platform: "pkgs.rustPlatfrom" }) }),
  (parts) => ({ fault: "an undefined variable", text: single(parts, { variable: "packages" }) }),
  (parts) => ({ fault: "a missing semicolon", text: single(parts, { end: "" }) }),
  (parts) => ({ fault: "an attribute that nixpkgs does not have", text: everySystem(parts, "pkgs.pkgconf-config") }),
  (parts) => ({ fault: "a variable in a list that nobody binds", text: everySystem(parts, "pkg-config") }),
  (parts) => ({
    fault: "a string that never ends",
    text: single(parts, {}).replace("src = ./.;", "src = ./.;\n        postInstall = '''\n          true\n        ''';"),
  }),
  (parts) => ({ fault: "a misspelt variable beside naersk", text: withNaersk(parts) }),
];

export const drawBrokenFlake = (draw: Draw, parts: Parts): BrokenFlake => draw.pick(FAULTS)(parts);
export const everyBrokenFlake = (parts: Parts): readonly BrokenFlake[] => FAULTS.map((fault) => fault(parts));
