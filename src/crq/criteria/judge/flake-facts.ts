import { z } from "zod";
import { BUILDER_BINDINGS, builderFact, nixValue } from "./builders/builder-facts.ts";

/** One evaluation that answers, for every attribute that checks name, whether it exists and what it is; and what the builders of checks do. */

export interface WantedAttribute {
  /** As the check names it, with the system filled in. */
  readonly path: string;
  readonly names: readonly string[];
  /** Whether it will be built here, so that its derivation is wanted too. */
  readonly build: boolean;
}

/** What one evaluation is to answer. */
export interface WantedFacts {
  readonly attributes: readonly WantedAttribute[];
  /** Whether the builders of the checks are to be looked at. */
  readonly checks: boolean;
}

const attributeFact = z.object({
  exists: z.boolean(),
  /** `derivation`, `app`, a name of builtins.typeOf, or `error` when its value cannot be had. */
  type: z.string().exactOptional(),
  /** Only where it was asked for and evaluates. */
  drvPath: z.string().nullable().exactOptional(),
});
/** With its derivation, where it evaluates. */
const checkFact = builderFact.extend({ drvPath: z.string().nullable() });
export type CheckFact = z.infer<typeof checkFact>;

export type AttributeFact = z.infer<typeof attributeFact>;

const flakeFacts = z.object({
  topLevel: z.array(z.string()),
  attributes: z.record(z.string(), attributeFact),
  /** The checks of this machine's system; null: not asked for, or the set cannot be evaluated. */
  checks: z.array(checkFact).nullable(),
});
export type FlakeFacts = z.infer<typeof flakeFacts>;

export function parseFacts(value: unknown): FlakeFacts {
  return flakeFacts.parse(value);
}

/** A Nix function of the flake's outputs whose value `parseFacts` reads. Nothing is built; a value that throws is an `error`, not a failure. */
export function factsExpression({ attributes, checks }: WantedFacts, system: string): string {
  return `outputs: let
  wanted = ${nixValue(attributes)};
  system = ${nixValue(system)};
  look = value: names:
    if names == [ ] then { found = true; inherit value; }
    else if builtins.isAttrs value && builtins.hasAttr (builtins.head names) value
    then look (builtins.getAttr (builtins.head names) value) (builtins.tail names)
    else { found = false; };
${BUILDER_BINDINGS}
  # One that is made by hand refers to no derivation.
  drvOf = path: if builtins.hasContext path then builtins.unsafeDiscardStringContext path else null;
  drvPathOf = value: orElse null (if value ? drvPath then drvOf value.drvPath else null);
  fact = { names, build, ... }:
    let
      hit = builtins.tryEval (let h = look outputs names; in builtins.seq h.found h);
    in
      if !hit.success then { exists = true; type = "error"; }
      else if !hit.value.found then { exists = false; }
      else { exists = true; type = orElse "error" (typeOf hit.value.value); }
        // (if build then { drvPath = drvPathOf hit.value.value; } else { });
  checks = if ${checks ? "false" : "true"} then null else orElse null (let all = outputs.checks.\${system} or { }; in builtins.seq (builtins.attrNames all) all);
in {
  topLevel = builtins.attrNames outputs;
  attributes = builtins.listToAttrs (map (w: { name = w.path; value = fact w; }) wanted);
  checks = if checks == null then null else map (name: builderOf name checks.\${name} // { drvPath = drvPathOf checks.\${name}; }) (builtins.attrNames checks);
}`;
}
