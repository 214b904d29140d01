import type { Import, Item, Module } from "../read/model.ts";
import type { LeftOutReason } from "../types.ts";
import { declaresModule, transcribers, transcriptOf } from "./macros.ts";
import type { Needs } from "./needs.ts";
import type { Resolver } from "./paths/resolver.ts";
import { SYSROOT } from "./paths/resolver.ts";

/** Reasons that keep an item out of a node whatever stands around it. */

const DERIVES: ReadonlySet<string> = new Set("Clone Copy Debug Default Eq PartialEq Ord PartialOrd Hash".split(" "));

/** Attributes of the language (the Rust reference, "Built-in attributes index") that change nothing about where an item may stand. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "allow expect warn deny forbid cfg cold derive deprecated doc inline must_use no_implicit_prelude non_exhaustive repr track_caller " +
    "macro_use macro_export path automatically_derived default target_feature instruction_set ignore should_panic no_inline proc_macro"
  ).split(" "),
);

const TOOLS: ReadonlySet<string> = new Set(["rustfmt", "clippy", "diagnostic", "miri", "rust_analyzer"]);

const LINKER: ReadonlySet<string> = new Set([
  "no_mangle",
  "export_name",
  "link",
  "link_name",
  "link_section",
  "used",
  "global_allocator",
  "panic_handler",
  "proc_macro",
  "proc_macro_derive",
  "proc_macro_attribute",
]);

const PLACE_MACROS: ReadonlySet<string> = new Set(["file", "line", "column", "module_path"]);
const BUILD_MACROS: ReadonlySet<string> = new Set(["include", "include_str", "include_bytes", "env", "option_env"]);

export function obstacle(item: Item, needs: Needs, unstable: readonly string[]): LeftOutReason | undefined {
  if (unstable.length > 0) return { kind: "unstable-feature", features: unstable };
  if (item.kind === "extern block") return { kind: "extern-block" };
  for (const { name, tokens } of item.attributes) {
    if (LINKER.has(name)) return { kind: "linker-symbol", attribute: name };
    if (name === "derive") {
      const foreign = tokens
        .join("")
        .split(",")
        .find((one) => one !== "" && !DERIVES.has(one.split("::").at(-1) ?? ""));
      if (foreign !== undefined) return { kind: "attribute-macro", name: foreign };
    } else if (!ATTRIBUTES.has(name) && !TOOLS.has(name.split("::")[0] ?? "")) return { kind: "attribute-macro", name };
  }
  const [crate] = needs.crates;
  if (crate !== undefined) return { kind: "external-crate", crate };
  const [unknown] = needs.unknownMacros;
  if (unknown !== undefined && item.kind !== "macro") return { kind: "unknown-macro", name: unknown };
  const built = [...needs.macroNames].find((name) => BUILD_MACROS.has(name));
  if (built !== undefined) return { kind: "build-environment", macro: built };
  const place = [...needs.macroNames].find((name) => PLACE_MACROS.has(name));
  if (place !== undefined) return { kind: "reads-own-place", macro: `${place}!` };
  if (needs.references.paths.some(({ segments }) => segments.at(-1) === "type_name" || segments.at(-1) === "type_name_of_val")) {
    return { kind: "reads-own-place", macro: "type_name" };
  }
  if (item.kind === "macro" && transcriptOf(transcribers(item), item.file.text).definesMacro)
    return { kind: "macro-defines-macro" };
  if ((item.kind === "macro" || item.kind === "macro call") && declaresModule(item.syntax, item.file.text))
    return { kind: "module-in-macro" };
  return undefined;
}

/** `use other::Trait;` that no item of the module names: it may be there for a method call, which shows no trait. */
export function silentTraits(module: Module, resolver: Resolver, words: ReadonlySet<string>): readonly Import[] {
  return module.imports.filter((one) => {
    if (one.kind === "extern crate") return false;
    const { crates } = resolver.target(one);
    if (![...crates].some((name) => !SYSROOT.has(name))) return false;
    return one.kind === "glob" || one.name === "_" || (/^[A-Z]/u.test(one.name) && !words.has(one.name));
  });
}
