import { enabledFeatures } from "../read/crate-attributes.ts";
import type { CrateSource } from "../types.ts";

/** Cargo.toml of a generated crate. Names and versions come from a Cargo.toml and keep to what its strings hold. */

const quoted = (text: string): string => JSON.stringify(text);

export function manifestText(
  source: CrateSource,
  name: string,
  target: { readonly kind: "lib" | "bin"; readonly path: string },
  depends: readonly string[],
  features: readonly string[],
): string {
  const lines = [
    "[package]",
    `name = ${quoted(name)}`,
    `version = ${quoted(source.version)}`,
    `edition = ${quoted(source.edition)}`,
    "publish = false",
    "",
    // Examples in doc comments were written for the crate as a whole.
    ...(target.kind === "lib"
      ? ["[lib]", `path = ${quoted(target.path)}`, "doctest = false"]
      : ["[[bin]]", `name = ${quoted(name)}`, `path = ${quoted(target.path)}`]),
  ];
  if (features.length > 0) {
    const all = new Set([...features, ...source.features.keys()]);
    all.delete("default");
    lines.push(
      "",
      "[features]",
      `default = [${features.map(quoted).join(", ")}]`,
      ...[...all].sort().map((one) => `${quoted(one)} = []`),
    );
  }
  if (depends.length > 0) lines.push("", "[dependencies]", ...depends.map((one) => `${one} = { path = ${quoted(`../${one}`)} }`));
  return `${lines.join("\n")}\n`;
}

/** Features that are on, where the text asks for any. */
export function featuresFor(source: CrateSource, text: string): readonly string[] {
  if (!/\bfeature\s*=/u.test(text)) return [];
  return [...enabledFeatures(source)].filter((one) => one !== "default").sort();
}
