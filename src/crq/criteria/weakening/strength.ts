import { z } from "zod";
import { formatAttributePath, nixString } from "../../../nix/attribute-path.ts";
import { BUILDER_BINDINGS, type BuilderFact, builderFact, nixValue } from "../judge/builders/builder-facts.ts";
import { GUARD_BINDINGS, type GuardFact, guardFact } from "./guards/guard-facts.ts";

/** How much the derivations of a flake test, from one evaluation: what no text of the change shows is seen here. */
export interface Strength {
  /** `checks.x86_64-linux.test` to what its builder does; packages too. Attributes that cannot be evaluated are left out. */
  readonly builders: Readonly<Record<string, BuilderFact>>;
  /** The same derivations, and development shells: what a person wrote into them. */
  readonly guards: Readonly<Record<string, GuardFact>>;
  /** Whether something of these outputs could not be evaluated. */
  readonly partial: boolean;
  /** `overlays.default`, `apps.x86_64-linux.tally`: what the flake offers besides, by name only. */
  readonly offers: readonly string[];
  /** Names of the programs and packages that the derivations of its outputs give themselves. */
  readonly programs: readonly string[];
  /** `x86_64-linux`: systems that it offers packages, checks or shells for. */
  readonly systems: readonly string[];
}

const BUILT = ["checks", "packages", "devShells"] as const;
/** Outputs of a system that are no derivations of a build. */
const OF_SYSTEM = ["apps", "devShells", "formatter"];
const OTHERS = [
  "overlays",
  "overlay",
  "nixosModules",
  "nixosModule",
  "nixosConfigurations",
  "darwinModules",
  "homeModules",
  "homeManagerModules",
  "templates",
  "lib",
  "hydraJobs",
  "bundlers",
];

const member = z.object({ builder: builderFact, guard: guardFact });
const members = z.array(member);
const names = z.array(z.string());
const answer = z.object({
  checks: members,
  packages: members,
  devShells: members,
  offers: names,
  programs: names,
  systems: names,
});

/** A Nix function of the flake's outputs whose value `readStrength` reads. Nothing is built. */
export function strengthExpression(system: string): string {
  return `outputs: let
  system = ${nixString(system)};
${BUILDER_BINDINGS}
${GUARD_BINDINGS}
  namesIn = value: orElse [ ] (let all = if builtins.isAttrs value && (value.type or null) != "derivation" then builtins.attrNames value else [ ]; in builtins.deepSeq all all);
  members = output:
    let set = orElse { } (let all = (outputs.\${output} or { }).\${system} or { }; in builtins.seq (builtins.attrNames all) all);
    in map (name: { builder = builderOf name set.\${name}; guard = guardOf name set.\${name}; }) (builtins.attrNames set);
in builtins.listToAttrs (map (output: { name = output; value = members output; }) ${nixValue(BUILT)}) // {
  offers =
    builtins.concatMap (output: map (name: "\${output}.\${system}.\${name}") (namesIn ((outputs.\${output} or { }).\${system} or { }))) ${nixValue(OF_SYSTEM)}
    ++ builtins.concatMap (output:
      if !(outputs ? \${output}) then [ ]
      else let inner = namesIn (orElse { } outputs.\${output}); in if inner == [ ] then [ output ] else map (name: "\${output}.\${name}") inner) ${nixValue(OTHERS)};
  programs = builtins.concatMap (output:
    let set = orElse { } (let all = (outputs.\${output} or { }).\${system} or { }; in builtins.seq (builtins.attrNames all) all);
    in builtins.concatMap (name:
      orElse [ ] (let own = map plain (builtins.filter builtins.isString [ (set.\${name}.pname or null) (set.\${name}.name or null) (set.\${name}.meta.mainProgram or null) ]); in builtins.deepSeq own own)) (builtins.attrNames set)) ${nixValue(BUILT)};
  systems = builtins.concatMap (output: namesIn (orElse { } (outputs.\${output} or { }))) ${nixValue([...BUILT])};
}`;
}

export function readStrength(value: unknown, system: string): Strength {
  const read = answer.parse(value);
  const all = BUILT.flatMap((output) => read[output].map((one) => ({ ...one, output })));
  const paths = all
    .filter(({ builder }) => builder.derivation)
    .map(({ output, builder, guard }) => ({ output, builder, guard, path: formatAttributePath([output, system, builder.name]) }));
  return {
    builders: Object.fromEntries(
      paths.filter(({ output }) => output !== "devShells").map(({ path, builder }) => [path, builder] as const),
    ),
    guards: Object.fromEntries(paths.map(({ path, guard }) => [path, guard] as const)),
    partial: all.some(({ builder }) => !builder.derivation),
    offers: read.offers,
    programs: [...new Set(read.programs)],
    systems: [...new Set(read.systems)],
  };
}
