import type { NamedCode } from "./builder.ts";
import { bind, type Code, file, indent, list, set, string } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";

/** The Rust that builds, lints and stands in the shells. */

/** Name by which the code of a flake refers to a toolchain that is not nixpkgs' own. */
export const TOOLCHAIN = "rustToolchain";

/** Attributes of nixpkgs that such a toolchain takes the place of. */
const RUST_TOOLS: ReadonlySet<string> = new Set(["cargo", "rustc", "clippy", "rustfmt"]);

export const hasOwnToolchain = (plan: FlakePlan): boolean => plan.toolchain.from !== "nixpkgs";

/** fenix calls the newest nightly with every component `complete`. */
const FENIX_CHANNELS = { stable: "stable", beta: "beta", nightly: "complete" } as const;

/** rust-overlay reads the project's own toolchain file (its README, "fromRustupToolchainFile"); of fenix the channel is taken. */
export function toolchainBindings(plan: FlakePlan): readonly NamedCode[] {
  const { toolchain } = plan;
  switch (toolchain.from) {
    case "nixpkgs":
      return [];
    case "rust-overlay":
      return [{ name: TOOLCHAIN, code: `pkgs.rust-bin.fromRustupToolchainFile ${file(toolchain.file)}` }];
    case "fenix":
      return [
        {
          name: TOOLCHAIN,
          code: `fenix.packages.\${pkgs.stdenv.hostPlatform.system}.${FENIX_CHANNELS[toolchain.channel]}.toolchain`,
        },
      ];
  }
}

/** Tools of a shell or a check: those of the toolchain come out of it together. */
export function rustTools(plan: FlakePlan, attributes: readonly string[]): readonly Code[] {
  const named = (names: readonly string[]): readonly Code[] => names.map((name) => `pkgs.${name}`);
  if (!hasOwnToolchain(plan)) return named(attributes);
  const others = attributes.filter((name) => !RUST_TOOLS.has(name));
  return [...(others.length < attributes.length ? [TOOLCHAIN] : []), ...named(others)];
}

const needsOverlay = (plan: FlakePlan): boolean => plan.toolchain.from === "rust-overlay" || plan.msrv !== undefined;

/** The package set of `system`. */
export function packageSet(plan: FlakePlan): Code {
  if (!needsOverlay(plan)) return `nixpkgs.legacyPackages.\${system}`;
  return `import nixpkgs ${set(["inherit system;", bind("overlays", list(["rust-overlay.overlays.default"]))])}`;
}

/** `make system PKGS` on as many lines as it takes. */
export function forEachSystem(plan: FlakePlan): Code {
  const pkgs = packageSet(plan);
  if (!pkgs.includes("\n")) return `make: nixpkgs.lib.genAttrs systems (system: make system ${pkgs})`;
  return `make:\nnixpkgs.lib.genAttrs systems (\n${indent(`system:\nmake system (\n${indent(pkgs)}\n)`)}\n)`;
}

export const exactRelease = (release: string): Code => `pkgs.rust-bin.stable.${string(release)}.minimal`;
