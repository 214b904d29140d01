/** Attribute paths as people write them (`packages.x86_64-linux."a.b"`) and as Nix text. */

/** Parts of a path; undefined when a quote is not closed or a part is empty. */
export function parseAttributePath(text: string): readonly string[] | undefined {
  if (text === "") return [];
  const parts: string[] = [];
  const part = /(?:"((?:[^"\\]|\\.)*)"|([^".]+))(\.|$)/suy;
  let closed = false;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    parts.push(match[1] === undefined ? (match[2] ?? "") : match[1].replace(/\\(.)/gsu, "$1"));
    closed = match[3] === "";
    if (closed) break;
  }
  return closed ? parts : undefined;
}

/** A Nix string literal. */
export const nixString = (text: string): string => `"${text.replace(/[\\"]/gu, "\\$&").replaceAll("${", "\\${")}"`;

/** A list literal of strings. */
export const nixStrings = (texts: readonly string[]): string => `[ ${texts.map(nixString).join(" ")} ]`;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_'-]*$/u;

/** Parts as an attribute path that Nix and people read. */
export const formatAttributePath = (parts: readonly string[]): string =>
  parts.map((part) => (IDENTIFIER.test(part) ? part : nixString(part))).join(".");

/** Fragment of an installable that names exactly this path of the flake's outputs; Nix decodes percent signs in it. */
export const exactFragment = (attribute: string): string => `#.${encodeURIComponent(attribute)}`;
