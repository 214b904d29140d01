import { z } from "zod";
import { formatFlakeReference, type InputAttributes } from "../flake-reference.ts";
import type { FlakeInputs } from "../nix.ts";

/** Name under which the flake's folder stands on Nix's search path: the only folder that a restricted evaluation may read. */
export const FLAKE_ON_SEARCH_PATH = "crq-flake";

/**
 * What flake.nix declares, with the place of each url (`unsafeGetAttrPos`), as JSON. Evaluated with --restrict-eval: without it a hostile
 * `inputs.url` reads files and variables of the host (nix-measured.md). Functions become text, since JSON has none.
 */
export const FLAKE_INPUTS_EXPRESSION = `
let
  flake = import <${FLAKE_ON_SEARCH_PATH}/flake.nix>;
  scalar = v: if builtins.isPath v then "path:" + toString v else if builtins.isString v || builtins.isBool v || builtins.isInt v then v else null;
  plain = v:
    if builtins.isFunction v then "<function>"
    else if builtins.isPath v then toString v
    else if builtins.isList v then map plain v
    else if builtins.isAttrs v then builtins.mapAttrs (_: plain) v
    else v;
  place = p: if p == null then null else { inherit (p) line column; };
  override = v: if builtins.isAttrs v then v.follows or (scalar (v.url or null)) else null;
  input = name: v: {
    inherit name;
    attributes = builtins.mapAttrs (_: scalar) (removeAttrs v [ "inputs" ]);
    position = place (builtins.unsafeGetAttrPos "url" v);
    overrides = builtins.mapAttrs (_: override) (v.inputs or { });
  };
in {
  inputs = builtins.attrValues (builtins.mapAttrs input (flake.inputs or { }));
  outputArguments = if builtins.isFunction (flake.outputs or null) then removeAttrs (builtins.functionArgs flake.outputs) [ "self" ] else { };
  nixConfig = plain (flake.nixConfig or { });
}`;

const attributeValue = z.union([z.string(), z.boolean(), z.int(), z.null()]);

const answerSchema = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      attributes: z.record(z.string(), attributeValue),
      position: z.object({ line: z.int(), column: z.int() }).nullable(),
      overrides: z.record(z.string(), z.string().nullable()),
    }),
  ),
  outputArguments: z.record(z.string(), z.boolean()),
  nixConfig: z.record(z.string(), z.unknown()),
});

/** The answer to FLAKE_INPUTS_EXPRESSION; an input written as an attribute set gets the url that means the same, and no position. */
export function readFlakeInputs(answer: unknown): FlakeInputs {
  const { inputs, outputArguments, nixConfig } = answerSchema.parse(answer);
  return {
    inputs: inputs.map(({ name, attributes, position, overrides }) => {
      const { url, flake, follows, ...rest } = attributes;
      const reference: InputAttributes = {};
      for (const [key, value] of Object.entries(rest)) if (value !== null) reference[key] = value;
      const written =
        typeof url === "string" ? url : typeof reference.type === "string" ? formatFlakeReference(reference) : undefined;
      return {
        name,
        ...(written !== undefined && { url: written }),
        ...(typeof flake === "boolean" && { flake }),
        ...(typeof follows === "string" && { follows }),
        overrides: Object.fromEntries(
          Object.entries(overrides).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
        ),
        ...(typeof url === "string" && position && { position }),
      };
    }),
    outputArguments,
    nixConfig,
  };
}
