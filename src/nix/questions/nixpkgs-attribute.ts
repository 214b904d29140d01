import { z } from "zod";
import { nixString, nixStrings } from "../attribute-path.ts";
import type { AttributeFacts } from "../nix.ts";
import { nearNames } from "./near-names.ts";

/** Asks a locked nixpkgs about one attribute path; where it does not exist, the names of the deepest set that does are the answer. */
export const attributeExpression = (reference: string, system: string, path: readonly string[]): string => `
let
  go = set: path:
    if path == [ ] then { found = true; value = set; }
    else if builtins.isAttrs set && builtins.hasAttr (builtins.head path) set then go (builtins.getAttr (builtins.head path) set) (builtins.tail path)
    else { found = false; names = if builtins.isAttrs set then builtins.attrNames set else [ ]; wanted = builtins.head path; };
  text = v: if builtins.isString v then v else null;
  answer = go (builtins.getFlake ${nixString(reference)}).legacyPackages.\${${nixString(system)}} ${nixStrings(path)};
in
  if answer.found then
    let v = answer.value; set = builtins.isAttrs v; in {
      exists = true;
      derivation = set && (v.type or null) == "derivation";
      name = if set then text (v.pname or v.name or null) else null;
      version = if set then text (v.version or null) else null;
    }
  else { exists = false; inherit (answer) names wanted; }`;

const answerSchema = z.discriminatedUnion("exists", [
  z.object({ exists: z.literal(true), derivation: z.boolean(), name: z.string().nullable(), version: z.string().nullable() }),
  z.object({ exists: z.literal(false), names: z.array(z.string()), wanted: z.string() }),
]);

/** The answer to attributeExpression as facts. */
export function readAttributeFacts(attribute: string, answer: unknown): AttributeFacts {
  const facts = answerSchema.parse(answer);
  if (!facts.exists) return { attribute, exists: false, derivation: false, near: nearNames(facts.wanted, facts.names) };
  return {
    attribute,
    exists: true,
    derivation: facts.derivation,
    ...(facts.name !== null && { name: facts.name }),
    ...(facts.version !== null && { version: facts.version }),
    near: [],
  };
}
