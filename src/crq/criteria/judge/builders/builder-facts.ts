import { z } from "zod";
import { nixString } from "../../../../nix/attribute-path.ts";

/** What a derivation's builder does, as the evaluator shows it; nothing is built. */

const nullable = z.string().nullable();

/** null: not set. */
export const builderFact = z.object({
  name: z.string(),
  derivation: z.boolean(),
  builder: nullable,
  arguments: z.array(z.string()),
  buildCommand: nullable,
  /** Whether the command names the output of a derivation: it then waits for that build, whatever else it does. */
  needsBuilds: z.boolean(),
  source: z.boolean(),
  /** Phases that are written out, by name. */
  phases: z.record(z.string(), nullable),
  /** Phases that are switched off (`dontBuild`, or `doCheck` not set). */
  off: z.array(z.string()),
  /** Attributes that are handed over as a file (`passAsFile`): `text` for writeText, `paths` for symlinkJoin. */
  asFile: z.array(z.string()),
  /** The same that are lists without an item. */
  emptyLists: z.array(z.string()),
  /** Words that choose which tests run, of all attributes that hold such. */
  testFlags: z.array(z.string()),
});
export type BuilderFact = z.infer<typeof builderFact>;

export const PHASES = ["configurePhase", "buildPhase", "checkPhase", "installPhase", "installCheckPhase"] as const;

/** Attributes by which buildRustPackage, crane, naersk and stdenv choose tests. */
const TEST_FLAGS = [
  "checkFlags",
  "checkFlagsArray",
  "checkTarget",
  "cargoCheckFlags",
  "cargoTestFlags",
  "cargoTestOptions",
  "cargoTestExtraArgs",
  "cargoNextestExtraArgs",
  "cargo_test_options",
  "disabledTests",
  "dontCargoCheck",
  "installCheckFlags",
  "pytestFlags",
] as const;

/** A value as a Nix expression, by way of JSON. */
export const nixValue = (value: unknown): string => `(builtins.fromJSON ${nixString(JSON.stringify(value))})`;

/** Nix bindings `typeOf`, `orElse` and `builderOf NAME VALUE`, whose value is a BuilderFact; a part that throws counts as not set. */
export const BUILDER_BINDINGS = `  phaseNames = ${nixValue(PHASES)};
  typeOf = value:
    if builtins.isAttrs value && (value.type or null) == "derivation" then "derivation"
    else if builtins.isAttrs value && (value.type or null) == "app" then "app"
    else builtins.typeOf value;
  orElse = default: value: let tried = builtins.tryEval value; in if tried.success then tried.value else default;
  text = value:
    orElse null (if value == null then null else builtins.unsafeDiscardStringContext (toString value));
  plain = value: let t = builtins.unsafeDiscardStringContext (toString value); in builtins.seq t t;
  texts = value: orElse [ ] (let all = map plain (if builtins.isList value then value else [ value ]); in builtins.deepSeq all all);
  isOff = attrs: phase:
    if phase == "buildPhase" then toString (attrs.dontBuild or "") != ""
    else if phase == "configurePhase" then toString (attrs.dontConfigure or "") != ""
    else if phase == "installPhase" then toString (attrs.dontInstall or "") != ""
    else if phase == "checkPhase" then toString (attrs.doCheck or "") == ""
    else toString (attrs.doInstallCheck or "") == "";
  needsBuilds = value:
    orElse true (builtins.any (one: one ? outputs) (builtins.attrValues (builtins.getContext (toString value))));
  builderOf = name: value:
    let
      derivation = orElse "error" (typeOf value) == "derivation";
      attrs = if derivation then orElse { } (value.drvAttrs or { }) else { };
      asFile = texts (attrs.passAsFile or [ ]);
    in {
      inherit name derivation asFile;
      builder = text (attrs.builder or null);
      arguments = texts (attrs.args or [ ]);
      buildCommand = text (attrs.buildCommand or null);
      needsBuilds = needsBuilds (attrs.buildCommand or (attrs.args or ""));
      source = attrs ? src || attrs ? srcs;
      phases = builtins.listToAttrs (map (phase: { name = phase; value = text attrs.\${phase}; }) (builtins.filter (phase: attrs ? \${phase}) phaseNames));
      off = builtins.filter (phase: orElse false (isOff attrs phase)) phaseNames;
      emptyLists = builtins.filter (key: orElse false (attrs ? \${key} && attrs.\${key} == [ ])) asFile;
      testFlags = builtins.concatMap (key: map (word: "\${key}: \${word}") (texts attrs.\${key})) (builtins.filter (key: attrs ? \${key}) ${nixValue(TEST_FLAGS)});
    };`;
