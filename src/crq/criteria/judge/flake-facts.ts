import { z } from "zod";
import { nixString } from "../../../nix/attribute-path.ts";

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
export type AttributeFact = z.infer<typeof attributeFact>;

const nullable = z.string().nullable();

/** What is known of the builder of one check; null: not set. */
const builderFact = z.object({
  name: z.string(),
  derivation: z.boolean(),
  builder: nullable,
  arguments: z.array(z.string()),
  buildCommand: nullable,
  source: z.boolean(),
  /** Phases that are written out, by name. */
  phases: z.record(z.string(), nullable),
  /** Phases that are switched off (`dontBuild`, or `doCheck` not set). */
  off: z.array(z.string()),
});
export type BuilderFact = z.infer<typeof builderFact>;

const flakeFacts = z.object({
  topLevel: z.array(z.string()),
  attributes: z.record(z.string(), attributeFact),
  /** The checks of this machine's system; null: not asked for, or the set cannot be evaluated. */
  checks: z.array(builderFact).nullable(),
});
export type FlakeFacts = z.infer<typeof flakeFacts>;

/** A value as a Nix expression, by way of JSON. */
const nixValue = (value: unknown): string => `(builtins.fromJSON ${nixString(JSON.stringify(value))})`;

export function parseFacts(value: unknown): FlakeFacts {
  return flakeFacts.parse(value);
}

export const PHASES = ["configurePhase", "buildPhase", "checkPhase", "installPhase", "installCheckPhase"] as const;

/** A Nix function of the flake's outputs whose value `parseFacts` reads. Nothing is built; a value that throws is an `error`, not a failure. */
export function factsExpression({ attributes, checks }: WantedFacts, system: string): string {
  return `outputs: let
  wanted = ${nixValue(attributes)};
  system = ${nixValue(system)};
  phaseNames = ${nixValue(PHASES)};
  look = value: names:
    if names == [ ] then { found = true; inherit value; }
    else if builtins.isAttrs value && builtins.hasAttr (builtins.head names) value
    then look (builtins.getAttr (builtins.head names) value) (builtins.tail names)
    else { found = false; };
  typeOf = value:
    if builtins.isAttrs value && (value.type or null) == "derivation" then "derivation"
    else if builtins.isAttrs value && (value.type or null) == "app" then "app"
    else builtins.typeOf value;
  orElse = default: value: let tried = builtins.tryEval value; in if tried.success then tried.value else default;
  fact = { names, build, ... }:
    let
      hit = builtins.tryEval (let h = look outputs names; in builtins.seq h.found h);
    in
      if !hit.success then { exists = true; type = "error"; }
      else if !hit.value.found then { exists = false; }
      else { exists = true; type = orElse "error" (typeOf hit.value.value); }
        // (if build then { drvPath = orElse null (builtins.unsafeDiscardStringContext hit.value.value.drvPath); } else { });
  text = value:
    orElse null (if value == null then null else builtins.unsafeDiscardStringContext (toString value));
  texts = value: orElse [ ] (map (item: builtins.unsafeDiscardStringContext (toString item)) value);
  isOff = attrs: phase:
    if phase == "buildPhase" then toString (attrs.dontBuild or "") != ""
    else if phase == "configurePhase" then toString (attrs.dontConfigure or "") != ""
    else if phase == "installPhase" then toString (attrs.dontInstall or "") != ""
    else if phase == "checkPhase" then toString (attrs.doCheck or "") == ""
    else toString (attrs.doInstallCheck or "") == "";
  builderOf = name: value:
    let
      derivation = orElse "error" (typeOf value) == "derivation";
      attrs = if derivation then orElse { } (value.drvAttrs or { }) else { };
    in {
      inherit name derivation;
      builder = text (attrs.builder or null);
      arguments = texts (attrs.args or [ ]);
      buildCommand = text (attrs.buildCommand or null);
      source = attrs ? src || attrs ? srcs;
      phases = builtins.listToAttrs (map (phase: { name = phase; value = text attrs.\${phase}; }) (builtins.filter (phase: attrs ? \${phase}) phaseNames));
      off = builtins.filter (phase: orElse false (isOff attrs phase)) phaseNames;
    };
  checks = if ${checks ? "false" : "true"} then null else orElse null (let all = outputs.checks.\${system} or { }; in builtins.seq (builtins.attrNames all) all);
in {
  topLevel = builtins.attrNames outputs;
  attributes = builtins.listToAttrs (map (w: { name = w.path; value = fact w; }) wanted);
  checks = if checks == null then null else map (name: builderOf name checks.\${name}) (builtins.attrNames checks);
}`;
}
