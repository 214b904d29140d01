import { z } from "zod";
import { formatAttributePath, nixString } from "../../../nix/attribute-path.ts";
import { BUILDER_BINDINGS, type BuilderFact, builderFact, nixValue } from "../judge/builders/builder-facts.ts";

/** How much the derivations of a flake test, from one evaluation: what no text of the change shows is seen here. */
export interface Strength {
  /** `checks.x86_64-linux.test` to what its builder does; packages too. Attributes that cannot be evaluated are left out. */
  readonly builders: Readonly<Record<string, BuilderFact>>;
}

const answer = z.object({ checks: z.array(builderFact), packages: z.array(builderFact) });

/** A Nix function of the flake's outputs whose value `readStrength` reads. Nothing is built. */
export function strengthExpression(system: string): string {
  return `outputs: let
  system = ${nixString(system)};
${BUILDER_BINDINGS}
  members = output:
    let set = orElse { } (let all = (outputs.\${output} or { }).\${system} or { }; in builtins.seq (builtins.attrNames all) all);
    in map (name: builderOf name set.\${name}) (builtins.attrNames set);
in builtins.listToAttrs (map (output: { name = output; value = members output; }) ${nixValue(["checks", "packages"])})`;
}

export function readStrength(value: unknown, system: string): Strength {
  const { checks, packages } = answer.parse(value);
  const of = (output: string, facts: readonly BuilderFact[]): readonly (readonly [string, BuilderFact])[] =>
    facts.filter((fact) => fact.derivation).map((fact) => [formatAttributePath([output, system, fact.name]), fact] as const);
  return { builders: Object.fromEntries([...of("checks", checks), ...of("packages", packages)]) };
}
