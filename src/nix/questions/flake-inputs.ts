import { z } from "zod";
import { nixStrings } from "../attribute-path.ts";
import { formatFlakeReference, type InputAttributes } from "../flake-reference.ts";
import type { FlakeInputs, InputOverride, SourcePlace } from "../nix.ts";

/** Name under which the flake's folder stands on Nix's search path: the only folder that a restricted evaluation may read. */
export const FLAKE_ON_SEARCH_PATH = "crq-flake";

/** Overrides of overrides that are looked at: a recursive set has no end. */
const MAX_DEPTH = 8;

/**
 * What flake.nix declares, with the place of each attribute of an input (`unsafeGetAttrPos`), as JSON. Evaluated with --restrict-eval:
 * without it a hostile `inputs.url` reads files and variables of the host (nix-measured.md). Functions become text, since JSON has none.
 * Overrides of an input's own inputs are listed flat, by their path (`nixpkgs`, `naersk/nixpkgs`), as deep as they go.
 * @param folders of the flakes below the folder on the search path; `.` is that itself
 */
export const flakeInputsExpression = (folders: readonly string[]): string => `
let
  folder = toString <${FLAKE_ON_SEARCH_PATH}> + "/";
  inFolder = file:
    let n = builtins.stringLength folder; in
    if builtins.substring 0 n file == folder then builtins.substring n (-1) file else file;
  scalar = v: if builtins.isPath v then "path:" + toString v else if builtins.isString v || builtins.isBool v || builtins.isInt v then v else null;
  plain = v:
    if builtins.isFunction v then "<function>"
    else if builtins.isPath v then toString v
    else if builtins.isList v then map plain v
    else if builtins.isAttrs v then builtins.mapAttrs (_: plain) v
    else v;
  place = p: if p == null then null else { inherit (p) line column; file = inFolder p.file; };
  declared = v: {
    attributes = builtins.mapAttrs (_: scalar) (removeAttrs v [ "inputs" ]);
    places = builtins.mapAttrs (name: _: place (builtins.unsafeGetAttrPos name v)) (removeAttrs v [ "inputs" ]);
  };
  overrides = prefix: v: if builtins.length prefix == ${MAX_DEPTH} then [ ] else builtins.concatLists (map
    (name: [ (declared v.inputs.\${name} // { path = prefix ++ [ name ]; }) ] ++ overrides (prefix ++ [ name ]) v.inputs.\${name})
    (builtins.attrNames (v.inputs or { })));
  read = flake: {
  inputs = builtins.attrValues (builtins.mapAttrs (name: v: declared v // { inherit name; overrides = overrides [ ] v; }) (flake.inputs or { }));
  outputArguments = if builtins.isFunction (flake.outputs or null) then removeAttrs (builtins.functionArgs flake.outputs) [ "self" ] else { };
  nixConfig = plain (flake.nixConfig or { });
  };
in map (name: read (import (<${FLAKE_ON_SEARCH_PATH}> + "/\${name}/flake.nix"))) ${nixStrings(folders)}`;

const attributeValue = z.union([z.string(), z.boolean(), z.int(), z.null()]);

const declaredShape = {
  attributes: z.record(z.string(), attributeValue),
  places: z.record(z.string(), z.object({ line: z.int(), column: z.int(), file: z.string() }).nullable()),
};

const flakeSchema = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      ...declaredShape,
      overrides: z.array(z.object({ path: z.array(z.string()), ...declaredShape })),
    }),
  ),
  outputArguments: z.record(z.string(), z.boolean()),
  nixConfig: z.record(z.string(), z.unknown()),
});

/** The answer to flakeInputsExpression, in the order of its folders; an input written as an attribute set gets the url that means the same. */
export const readFlakeInputs = (answer: unknown): readonly FlakeInputs[] => z.array(flakeSchema).parse(answer).map(flakeInputs);

function flakeInputs({ inputs, outputArguments, nixConfig }: z.infer<typeof flakeSchema>): FlakeInputs {
  return {
    inputs: inputs.map(({ name, overrides, ...declared }) => ({
      name,
      ...readDeclared(declared),
      overrides: Object.fromEntries(overrides.map(({ path, ...override }) => [path.join("/"), readDeclared(override)])),
    })),
    outputArguments,
    nixConfig,
  };
}

function readDeclared({ attributes, places }: Pick<z.infer<typeof flakeSchema>["inputs"][number], "attributes" | "places">) {
  const { flake, follows, ...rest } = attributes;
  const reference: InputAttributes = {};
  for (const [key, value] of Object.entries(rest)) if (value !== null) reference[key] = value;
  // With a type the url is an attribute like the others (type = "git"), without one it is the whole reference.
  const written =
    typeof reference.type === "string"
      ? formatFlakeReference(reference)
      : typeof reference.url === "string"
        ? reference.url
        : undefined;
  const known: Record<string, SourcePlace> = {};
  for (const [key, place] of Object.entries(places)) if (place) known[key] = place;
  const { url: position } = known;
  return {
    ...(written !== undefined && { url: written }),
    ...(typeof flake === "boolean" && { flake }),
    ...(typeof follows === "string" && { follows }),
    ...(reference.type === undefined && written !== undefined && position && { position }),
    ...(typeof reference.type === "string" && { attributes: reference }),
    places: known,
  } satisfies InputOverride;
}
