import { attributesOf, cfgHolds } from "../../read/attributes.ts";
import type { Syntax } from "../../read/grammar.ts";
import type { Path } from "../../read/model.ts";
import type { Reference, References } from "./references.ts";
import { bound, type Scope } from "./scopes.ts";
import { wordsOf } from "./words.ts";

/** What was found so far in the text of one item. */
export class Names {
  readonly text: string;
  readonly features: ReadonlySet<string>;
  readonly globs: Reference[] = [];
  readonly macros = new Map<string, Path>();
  readonly open: Path[] = [];
  readonly calls = new Set<string>();
  /** Names that a `use` in a body gives. */
  readonly aliases = new Map<string, Path>();
  /** Macros of a body's own. */
  readonly ownMacros = new Set<string>();
  readonly #paths = new Map<string, Reference>();

  constructor(text: string, features: ReadonlySet<string>) {
    this.text = text;
    this.features = features;
  }

  /** `#[cfg(feature = "off")]` before a field, a statement, an arm. */
  off(attribute: Syntax): boolean {
    return attributesOf(attribute, this.text, (tokens) => cfgHolds(tokens, this.features)).some(
      ({ name, tokens }) => name === "cfg" && cfgHolds(tokens, this.features) === "no",
    );
  }

  of(node: Syntax): string {
    return this.text.slice(node.start, node.end).replace(/^r#/u, "");
  }

  add(path: Path | undefined, scope: Scope | undefined, kind: "use" | "pattern" | "plain" = "plain"): void {
    const [first] = path?.segments ?? [];
    if (!path || first === undefined || first === "Self" || first === "_") return;
    if (!path.absolute && kind !== "use" && bound(scope, first, path.segments.length > 1)) return;
    const key = `${kind} ${path.absolute ? "::" : ""}${path.segments.join("::")}`;
    if (!this.#paths.has(key)) this.#paths.set(key, { ...path, use: kind === "use", pattern: kind === "pattern" });
  }

  found(root: Syntax): References {
    const { words, calls, impls } = wordsOf(root, (node) => this.of(node));
    for (const { absolute, segments, use } of [...this.#paths.values()]) {
      const [first = "", ...rest] = segments;
      const alias = absolute || use ? undefined : this.aliases.get(first);
      if (alias && rest.length > 0) this.add({ ...alias, segments: [...alias.segments, ...rest] }, undefined, "use");
    }
    return {
      paths: [...this.#paths.values()],
      globs: this.globs,
      open: this.open,
      macros: [...this.macros.values()].filter(({ segments }) => segments.length > 1 || !this.ownMacros.has(segments[0] ?? "")),
      words,
      calls: new Set([...this.calls, ...calls]),
      impls,
    };
  }
}
