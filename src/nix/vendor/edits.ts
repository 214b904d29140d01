import { applyEdits, type Edit } from "../../crq/write/edits.ts";
import { parseFlakeReference } from "../flake-reference.ts";
import type { InputOverride, SourcePlace } from "../nix.ts";
import { string } from "../recipes/nix-syntax.ts";
import { type LiteralBinding, literalAt } from "./literal.ts";

/** The edits of flake.nix that give one input another source: its literal, and nothing around it. */

export type Edited = { readonly source: string; readonly line: number; readonly column: number } | { readonly problem: string };

/** The only file that is edited: Nix takes no inputs of a flake from another one. */
const FLAKE = "flake.nix";

/** @param declared the input, or override, as the evaluation gave it for this source */
export function withSource(source: string, declared: InputOverride, url: string): Edited {
  if (declared.attributes !== undefined) return withAttributes(source, declared, url);
  const binding = bindingOf(source, declared.position, declared.url ?? "", "url");
  if ("problem" in binding) return binding;
  return edited(source, [replaceLiteral(binding, url)], declared.position);
}

/** `type = "github"; owner = …; repo = …`: owner and ref get the fork's, and a revision makes way for the ref. */
function withAttributes(source: string, { attributes = {}, places = {} }: InputOverride, url: string): Edited {
  const to = parseFlakeReference(url);
  if (to?.owner === undefined || to.ref === undefined) return { problem: `${url} names no owner and ref` };
  const literal = (name: string): LiteralBinding | { readonly problem: string } =>
    bindingOf(source, places[name], String(attributes[name] ?? ""), name);
  const owner = literal("owner");
  if ("problem" in owner) return owner;
  const edits = [replaceLiteral(owner, to.owner)];
  if (attributes.ref !== undefined) {
    const ref = literal("ref");
    if ("problem" in ref) return ref;
    edits.push(replaceLiteral(ref, to.ref));
    if (attributes.rev !== undefined) return { problem: "it names both a ref and a revision, which Nix refuses" };
  } else if (attributes.rev !== undefined) {
    const rev = literal("rev");
    if ("problem" in rev) return rev;
    edits.push({ ...rev.name, text: "ref" }, replaceLiteral(rev, to.ref));
  } else {
    edits.push({
      start: owner.end,
      end: owner.end,
      text: `${gapBefore(source, owner.start)}${owner.prefix}ref = ${string(to.ref)};`,
    });
  }
  return edited(source, edits, places.owner);
}

function bindingOf(
  source: string,
  place: SourcePlace | undefined,
  value: string,
  name: string,
): LiteralBinding | { readonly problem: string } {
  if (!place) return { problem: `its ${name} is computed, so there is no literal to replace` };
  const at = `${place.file}:${place.line}:${place.column}`;
  if (place.file !== FLAKE) return { problem: `its ${name} stands in another file (${at})` };
  const binding = literalAt(source, place);
  if (!binding) return { problem: `its ${name} is not a literal (${at}): it is computed, inherited or holds an antiquotation` };
  return binding.value === value ? binding : { problem: `its ${name} is not a literal (${at}): it evaluates to something else` };
}

/** The quotes stay what they are; an address without quotes gets some, since not every reference can be written without. */
function replaceLiteral({ literal, quotes }: LiteralBinding, value: string): Edit {
  const plain = quotes === "''" && /^[\w:/?=&.%+~@,-]*$/u.test(value);
  return { ...literal, text: plain ? `''${value}''` : string(value) };
}

/** A new binding stands as its neighbour does: on a line of its own with the same indentation, or behind a blank. */
function gapBefore(source: string, start: number): string {
  const line = Math.max(source.lastIndexOf("\n", start - 1), source.lastIndexOf("\r", start - 1)) + 1;
  const indentation = source.slice(line, start);
  if (line === 0 || !/^[\t ]*$/u.test(indentation)) return " ";
  const end = source.slice(0, line).endsWith("\r\n") ? "\r\n" : source.slice(line - 1, line);
  return `${end}${indentation}`;
}

function edited(source: string, edits: readonly Edit[], place: SourcePlace | undefined): Edited {
  const start = Math.min(...edits.map((edit) => edit.start));
  const line = place?.line ?? 1;
  const begin = Math.max(source.lastIndexOf("\n", start - 1), source.lastIndexOf("\r", start - 1)) + 1;
  return { source: applyEdits(source, edits), line, column: start - begin + 1 };
}
