import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderFlake } from "../../../src/nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../../src/nix/recipes/plan.ts";
import { parseNix } from "./nix-command.ts";
import { greet, NIXPKGS, plain } from "./plans.ts";

const NAERSK = {
  name: "naersk",
  url: "github:org/naersk?ref=feature/CRQ-016-nixify",
  follows: { nixpkgs: "nixpkgs" },
  used: true,
};
const CRANE = { name: "crane", url: "github:ipetkov/crane", follows: {}, used: true };
const EXTRA = { name: "shared-ops", url: "github:org/shared-ops", follows: {}, used: false };

const workspace: FlakePlan = {
  ...plain,
  packages: [
    { ...greet, member: true },
    {
      attribute: "part",
      crate: "part",
      version: { manifest: "crates/part/Cargo.toml", table: "package", value: "1.0.0" },
      member: true,
      mainProgram: "part",
      programs: ["part", "other"],
    },
  ],
  defaultPackage: { all: "greet-all" },
  tests: [
    {
      attribute: "test",
      crate: "greet",
      version: { manifest: "Cargo.toml", table: "workspace", value: "1.0.0" },
      workspace: true,
    },
  ],
  nativeBuildInputs: [{ attribute: "pkg-config" }],
  buildInputs: [{ attribute: "openssl" }, { attribute: "alsa-lib", only: "linux" }],
  environment: { OPENSSL_NO_VENDOR: "1" },
};

describe("renderFlake", () => {
  it("writes the flake of a plain crate as a person would", () => {
    expect(renderFlake(plain)).toBe(`{
  description = "Greets people";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  };

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.\${system});

      cargoToml = builtins.fromTOML (builtins.readFile ./Cargo.toml);
    in
    {
      packages = forEachSystem (
        system: pkgs: {
          default = self.packages.\${system}.greet;

          greet = pkgs.rustPlatform.buildRustPackage {
            pname = "greet";
            version = cargoToml.package.version;
            src = ./.;
            cargoLock.lockFile = ./Cargo.lock;
            meta = {
              description = "Greets people";
              mainProgram = "greet";
            };
          };
        }
      );

      checks = forEachSystem (
        system: pkgs: {
          inherit (self.packages.\${system}) greet;
        }
      );

      devShells = forEachSystem (
        system: pkgs: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.\${system}.greet ];
            packages = [
              pkgs.cargo
              pkgs.rustc
              pkgs.clippy
              pkgs.rustfmt
            ];
          };
        }
      );
    };
}
`);
  });

  it("declares naersk with its follows and takes inputs it does not use in by dots", () => {
    const text = renderFlake({ ...plain, builder: "naersk", inputs: [NIXPKGS, NAERSK, EXTRA] });
    expect(text).toContain(`  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

    naersk = {
      url = "github:org/naersk?ref=feature/CRQ-016-nixify";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    shared-ops.url = "github:org/shared-ops";
  };`);
    expect(text).toContain("    {\n      self,\n      nixpkgs,\n      naersk,\n      ...\n    }:");
    expect(text).toContain(`          greet = naersk-lib.buildPackage {
            name = "greet";
            version = cargoToml.package.version;
            src = ./.;
            doCheck = true;
`);
  });

  it("tells naersk where the manifest is when the source is wider than the Cargo project", () => {
    const text = renderFlake({ ...plain, builder: "naersk", inputs: [NIXPKGS, NAERSK], cargoRoot: "app" });
    expect(text).toContain(`            src = ./.;
            root = ./app;
            singleStep = true;
            cargoBuildOptions = options: options ++ [ "--manifest-path" "app/Cargo.toml" ];
            cargoTestOptions = options: options ++ [ "--manifest-path" "app/Cargo.toml" ];
`);
  });

  it("lints the tests and every member with naersk too, which takes no options for clippy but the build's", () => {
    const lints = [{ attribute: "clippy", tool: "clippy" }] as const;
    const text = renderFlake({ ...plain, builder: "naersk", inputs: [NIXPKGS, NAERSK], lints, cargoRoot: "app" });
    expect(text).toMatch(
      /cargoBuildOptions = options: options \+\+ \[\s+"--manifest-path"\s+"app\/Cargo\.toml"\s+"--workspace"\s+"--all-targets"\s+\];\s+cargoClippyOptions = _: \[ \];\s+mode = "clippy";/u,
    );
  });

  it("builds each program of a workspace alone, from shared arguments", () => {
    expect(renderFlake(workspace)).toContain(`          part = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "part";
              version = (readToml ./crates/part/Cargo.toml).package.version;
              cargoBuildFlags = [
                "--package"
                "part"
              ];
              cargoTestFlags = [
                "--package"
                "part"
              ];
              meta.mainProgram = "part";
            }
          );
`);
  });

  it("binds once what packages and checks share", () => {
    const text = renderFlake(workspace);
    expect(text).toContain(`      rust = pkgs: rec {
        common = {
          src = ./.;
          cargoLock.lockFile = ./Cargo.lock;
`);
    expect(text.match(/inherit \(rust pkgs\) common;/g)).toHaveLength(2);
  });

  it("adds a library that one platform has there only", () => {
    expect(renderFlake(workspace)).toContain(`          buildInputs =
            [ pkgs.openssl ]
            ++ lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.alsa-lib ];`);
  });

  it("gives each planned app its program, and says which nix run runs", () => {
    const apps = [
      { attribute: "part", package: "part", program: "part", description: "A part" },
      { attribute: "other", package: "part", program: "other" },
    ];
    expect(renderFlake({ ...workspace, apps, defaultApp: "part" })).toContain(`      apps = forEachSystem (
        system: pkgs: {
          default = self.apps.\${system}.part;

          part = {
            type = "app";
            program = "\${self.packages.\${system}.part}/bin/part";
            meta.description = "A part";
          };

          other = {
            type = "app";
            program = "\${self.packages.\${system}.part}/bin/other";
          };
        }
      );`);
  });

  const builders = ["buildRustPackage", "naersk", "crane"] as const;
  const shapes: readonly (readonly [string, FlakePlan])[] = builders.flatMap((builder) =>
    (["genAttrs", "flake-utils"] as const).flatMap((eachSystem) =>
      (
        [
          ["a crate", plain],
          ["a workspace", workspace],
          ["a library", { ...workspace, packages: [], defaultPackage: undefined }],
        ] as const
      ).map(([name, plan]): readonly [string, FlakePlan] => [
        `${name} with ${builder} and ${eachSystem}`,
        {
          ...plan,
          builder,
          eachSystem,
          inputs: [
            NIXPKGS,
            ...(builder === "naersk" ? [NAERSK] : []),
            ...(builder === "crane" ? [CRANE] : []),
            ...(eachSystem === "flake-utils"
              ? [{ name: "flake-utils", url: "github:org/flake-utils", follows: {}, used: true }]
              : []),
          ],
          lints: [
            { attribute: "clippy", tool: "clippy" },
            { attribute: "fmt", tool: "fmt" },
            { attribute: "doc", tool: "doc" },
          ],
          aliases: plan.packages.length > 0 ? { program: "greet" } : {},
          testHome: true,
          formatter: "nixfmt",
          vendoring: { mode: "cargoLock", gitDependencies: true },
          singleStep: true,
        },
      ]),
    ),
  );

  it.each(shapes)("writes %s so that Nix parses it and finds every variable", async (_, plan) => {
    await parseNix(renderFlake(plan));
  });

  it("stays Nix whatever the names, descriptions and addresses are", async () => {
    const text = fc
      .array(fc.constantFrom("'", "''", "${", "$", '"', "\\", "\n", "a b", "é", "in"))
      .map((parts) => parts.join(""));
    const plans = fc.sample(
      fc.tuple(text, text, text, text).map(
        ([name, description, url, folder]): FlakePlan => ({
          ...workspace,
          description,
          cargoRoot: `x${folder}`,
          inputs: [
            { ...NIXPKGS, url },
            { ...EXTRA, name: `i${name}`, used: false },
          ],
          packages: workspace.packages.map((pkg, index) => ({
            ...pkg,
            attribute: `${index}${name}`,
            crate: name,
            description,
            mainProgram: name,
            version: { manifest: `${folder}/Cargo.toml`, table: "package", value: "1.0.0" },
          })),
        }),
      ),
      { numRuns: 60, seed: 11 },
    );
    await parseNix(`[\n${plans.map((plan) => `(${renderFlake(plan)})`).join("\n")}\n]`);
  });
});
