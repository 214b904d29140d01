import { distanceTo } from "../../agent/text/nearest.ts";

/** The allowed name that was probably meant: at most two edits away (one for names of up to four letters), else undefined. */
export function nearest(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const limit = name.length <= 4 ? 1 : 2;
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of allowed) {
    const edits = distanceTo(name.toLowerCase().replaceAll("_", "-"), candidate.toLowerCase());
    if (edits <= limit && (best === undefined || edits < best.edits)) best = { name: candidate, edits };
  }
  return best?.name;
}

/** `allowed: a, b, c`, with the probable one first: `did you mean "a"? Allowed: …`. */
export function allowedNames(name: string, allowed: readonly string[]): string {
  const meant = nearest(name, allowed);
  return `${meant === undefined ? "" : `did you mean \`${meant}\`? `}allowed: ${allowed.join(", ")}`;
}
