/**
 * A derivation as the store has it. The text of a `.drv` file is what Nix builds, whatever the attribute set says that an evaluation gave;
 * its form is the same in all versions (NixOS/nix, doc: "Derivation ATerm format"). Pure.
 */

export interface DerivationFile {
  /** Output name to store path; "" where it is known only after the build. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Derivations whose outputs it needs. */
  readonly inputDerivations: readonly string[];
  /** Store paths that it needs as they are. */
  readonly inputSources: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

type Term = string | readonly Term[];

/** undefined where the text is no such file. */
export function parseDerivationFile(text: string): DerivationFile | undefined {
  const name = /^Derive(?=\()/.exec(text);
  if (!name) return undefined;
  const reader = new TermReader(text, name[0].length);
  const term = reader.read();
  if (!Array.isArray(term) || !reader.atEnd) return undefined;
  const [outputs, inputs, sources, system, builder, args, env] = term as readonly (Term | undefined)[];
  if (typeof system !== "string" || typeof builder !== "string") return undefined;
  return {
    outputs: pairs(outputs),
    inputDerivations: list(inputs).flatMap((input) => (typeof input === "string" ? [] : texts(input.slice(0, 1)))),
    inputSources: texts(sources),
    system,
    builder,
    args: texts(args),
    env: pairs(env),
  };
}

const list = (term: Term | undefined): readonly Term[] => (term === undefined || typeof term === "string" ? [] : term);
const texts = (term: Term | undefined): readonly string[] => list(term).filter((each) => typeof each === "string");
const pairs = (term: Term | undefined): ReadonlyMap<string, string> =>
  new Map(
    list(term).flatMap((entry) => {
      const [name, value] = texts(entry);
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
/** A list, a tuple, or a text in quotes; a derivation is six deep at most. */
const MOST_NESTED = 8;

class TermReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#at = from;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** undefined where the text goes on in no known way. */
  read(depth = 0): Term | undefined {
    const first = this.#text[this.#at];
    this.#at += 1;
    if (first === '"') return this.#readText();
    if ((first !== "[" && first !== "(") || depth > MOST_NESTED) return undefined;
    const end = first === "[" ? "]" : ")";
    const items: Term[] = [];
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return items;
    }
    for (;;) {
      const item = this.read(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      const next = this.#text[this.#at];
      this.#at += 1;
      if (next === end) return items;
      if (next !== ",") return undefined;
    }
  }

  #readText(): string | undefined {
    const plain = /[^"\\]*/y;
    let read = "";
    for (;;) {
      plain.lastIndex = this.#at;
      read += plain.exec(this.#text)?.[0] ?? "";
      this.#at = plain.lastIndex;
      const stop = this.#text[this.#at];
      this.#at += 1;
      if (stop === '"') return read;
      const escaped = this.#text[this.#at];
      if (stop === undefined || escaped === undefined) return undefined;
      this.#at += 1;
      read += ESCAPES.get(escaped) ?? escaped;
    }
  }
}
