import { z } from "zod";
import { nixString, nixStrings } from "../attribute-path.ts";
import type { AttributeFacts } from "../nix.ts";

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

const NEAR = 8;

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

/** Names that a person may have meant, nearest first: by edit distance, then those that contain the word. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const word = wanted.toLowerCase();
  const stem = word.replace(/^lib|-(?:sys|dev|devel)$|[^a-z0-9]/gu, "");
  const limit = Math.max(1, Math.floor(word.length / 4));
  const scored = names.flatMap((name) => {
    const candidate = name.toLowerCase();
    const distance = Math.abs(candidate.length - word.length) > limit ? Number.POSITIVE_INFINITY : editDistance(word, candidate);
    if (distance <= limit) return [{ name, score: distance }];
    if (stem.length >= 3 && candidate.includes(stem)) return [{ name, score: 10 + candidate.length }];
    return [];
  });
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, NEAR)
    .map(({ name }) => name);
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
