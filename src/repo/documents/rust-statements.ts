import type { Extractor } from "./statement.ts";

/** What documents say of the Rust that a project needs, under the keys that the manifests' own statements have. */

const RELEASE = "(?<value>1\\.\\d+(?:\\.\\d+)?)";

const stating =
  (key: string, pattern: RegExp, claim: (value: string) => string): Extractor =>
  (line) => {
    const match = line.fence === undefined ? pattern.exec(line.text) : null;
    const value = match?.groups?.value ?? match?.groups?.other;
    return match && value !== undefined ? [{ claim: claim(value), at: match.index, key, value }] : [];
  };

const least = stating(
  "rust.version",
  new RegExp(
    `\\b(?:MSRV|minimum (?:supported )?Rust(?: version)?|requires? Rust|needs? Rust|Rust (?:>=|≥)|rust-version)[^\\d\\n]{0,20}${RELEASE}`,
    "i",
  ),
  (value) => `the oldest supported Rust is ${value}`,
);

const toolchain = stating(
  "rust.toolchain",
  new RegExp(
    `\\b(?:pinned to Rust|pins? Rust(?: to)?|Rust toolchain(?: is| version)?:?)\\s+\`?${RELEASE}|\\bRust ${RELEASE.replace("value", "other")} toolchain`,
    "i",
  ),
  (value) => `the Rust toolchain is ${value}`,
);

const edition = stating(
  "rust.edition",
  /\bRust (?:edition )?(?<value>2015|2018|2021|2024)\b(?! edition of)|\b(?:edition) (?<other>2015|2018|2021|2024) of Rust\b/i,
  (value) => `the project is written in Rust ${value}`,
);

export const rustStatements: readonly Extractor[] = [least, toolchain, edition];
