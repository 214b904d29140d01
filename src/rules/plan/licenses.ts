/** SPDX identifiers and their names below `lib.licenses` of nixpkgs (`lib/licenses.nix`); only those that are sure. */
export const LICENSES: Readonly<Record<string, string>> = {
  "0BSD": "bsd0",
  "AGPL-3.0-only": "agpl3Only",
  "AGPL-3.0-or-later": "agpl3Plus",
  "Apache-2.0": "asl20",
  "BSD-2-Clause": "bsd2",
  "BSD-3-Clause": "bsd3",
  "BSL-1.0": "boost",
  "CC0-1.0": "cc0",
  "GPL-2.0-only": "gpl2Only",
  "GPL-2.0-or-later": "gpl2Plus",
  "GPL-3.0-only": "gpl3Only",
  "GPL-3.0-or-later": "gpl3Plus",
  ISC: "isc",
  "LGPL-2.1-only": "lgpl21Only",
  "LGPL-2.1-or-later": "lgpl21Plus",
  "LGPL-3.0-only": "lgpl3Only",
  "LGPL-3.0-or-later": "lgpl3Plus",
  MIT: "mit",
  "MIT-0": "mit0",
  "MPL-2.0": "mpl20",
  Unlicense: "unlicense",
  Zlib: "zlib",
};

/**
 * The licences of a manifest's SPDX expression: one, or a plain choice of several (`MIT OR Apache-2.0`, and the `/` that Cargo once took for
 * it). What joins licences otherwise, or names one that is not in the table, gives none: a wrong licence is worse than no licence.
 */
export function licensesOf(expression: string | undefined): readonly string[] | undefined {
  if (expression === undefined) return undefined;
  const names = expression
    .trim()
    .replace(/^\((.*)\)$/, "$1")
    .split(/\s+OR\s+|\s*\/\s*/);
  const found = names.map((name) => (Object.hasOwn(LICENSES, name) ? LICENSES[name] : undefined));
  return found.every((name) => name !== undefined) ? found : undefined;
}
