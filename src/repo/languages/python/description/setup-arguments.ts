/** The arguments of `setup()` in a setup.py, read as text: strings, lists and tables of them, and names that are bound to such before. */

export type Literal = string | readonly Literal[] | ReadonlyMap<string, Literal> | undefined;

export interface Argument {
  /** undefined: an expression that is no plain value. */
  readonly value: Literal;
  readonly line: number;
}

const TOKEN =
  /(?<blank>[\s\\]+|#[^\n]*)|(?<prefix>[rRuUbBfF]{0,2})(?<string>"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?<word>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<sign>[\s\S])/y;
const MAX_TOKENS = 20_000;

interface Token {
  readonly kind: "string" | "word" | "number" | "sign";
  readonly text: string;
  readonly line: number;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  while (pattern.lastIndex < text.length && tokens.length < MAX_TOKENS) {
    const found = pattern.exec(text);
    const groups = found?.groups;
    if (!found || !groups) break;
    if (groups.string !== undefined) {
      const quotes = /^("""|'''|"|')/.exec(groups.string)?.[0] ?? "";
      const body = groups.string.slice(quotes.length, -quotes.length);
      const isPlain = !/[fFbB]/.test(groups.prefix ?? "");
      // What an escape stands for matters to no name or version.
      tokens.push(isPlain ? { kind: "string", text: body, line } : { kind: "sign", text: "f", line });
    } else if (groups.word !== undefined) tokens.push({ kind: "word", text: groups.word, line });
    else if (groups.number !== undefined) tokens.push({ kind: "number", text: groups.number, line });
    else if (groups.sign !== undefined) tokens.push({ kind: "sign", text: groups.sign, line });
    line += found[0].split("\n").length - 1;
  }
  return tokens;
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Reads the arguments of the first call of `setup` in a file. */
export class SetupReader {
  readonly #tokens: readonly Token[];
  /** Strings and lists that the file binds to a name before. */
  readonly #bound = new Map<string, Literal>();
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /** undefined: no call of setup was found. */
  arguments(): ReadonlyMap<string, Argument> | undefined {
    for (this.#at = 0; this.#at < this.#tokens.length; ) {
      const [token, next, after] = this.#tokens.slice(this.#at, this.#at + 3);
      const before = this.#tokens[this.#at - 1];
      if (token?.kind === "word" && token.text === "setup" && next?.text === "(" && before?.text !== "def") {
        this.#at += 2;
        return this.#call();
      }
      if (token?.kind === "word" && next?.text === "=" && after && after.text !== "=" && before?.line !== token.line) {
        this.#at += 2;
        const start = this.#at;
        const value = this.#literal();
        const end = this.#tokens[this.#at];
        const isWhole = end === undefined || end.line > (this.#tokens[this.#at - 1]?.line ?? 0);
        // A name that is bound twice holds what only running the file would tell.
        this.#bound.set(token.text, isWhole && !this.#bound.has(token.text) ? value : undefined);
        if (this.#at === start) this.#at += 1;
      } else this.#at += 1;
    }
    return undefined;
  }

  #call(): ReadonlyMap<string, Argument> {
    const found = new Map<string, Argument>();
    while (this.#at < this.#tokens.length) {
      const [name, equals] = this.#tokens.slice(this.#at, this.#at + 2);
      if (name?.text === ")") return found;
      if (name?.kind === "word" && equals?.text === "=") {
        this.#at += 2;
        const value = this.#literal();
        const isWhole = [",", ")"].includes(this.#tokens[this.#at]?.text ?? "");
        found.set(name.text, { value: isWhole ? value : undefined, line: name.line });
      } else if (name?.text === "*") found.set("**", { value: undefined, line: name.line });
      this.#skip();
    }
    return found;
  }

  /** To behind the comma that ends this argument, or to the bracket that ends the call. */
  #skip(): void {
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== "sign") continue;
      if (Object.hasOwn(CLOSING, token.text)) depth += 1;
      else if (depth === 0 && token.text === ")") return;
      else if (Object.values(CLOSING).includes(token.text)) depth -= 1;
      else if (depth === 0 && token.text === ",") {
        this.#at += 1;
        return;
      }
    }
  }

  #literal(depth = 0): Literal {
    const token = this.#tokens[this.#at];
    if (!token || depth > 8) return undefined;
    if (token.kind === "string") {
      let text = "";
      for (; this.#tokens[this.#at]?.kind === "string"; this.#at += 1) text += this.#tokens[this.#at]?.text ?? "";
      return text;
    }
    if (token.kind === "word") {
      this.#at += 1;
      return this.#bound.get(token.text);
    }
    if (token.kind !== "sign" || !Object.hasOwn(CLOSING, token.text)) return undefined;
    this.#at += 1;
    return token.text === "{" ? this.#table(depth) : this.#row(CLOSING[token.text] ?? "", depth);
  }

  #row(closing: string, depth: number): Literal {
    const values: Literal[] = [];
    let isPlain = true;
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (token?.text === closing && token.kind === "sign") {
        this.#at += 1;
        return isPlain ? values : undefined;
      }
      const value = this.#literal(depth + 1);
      values.push(value);
      const next = this.#tokens[this.#at];
      if (value === undefined || ![",", closing].includes(next?.text ?? "")) isPlain = false;
      if (next?.text === ",") this.#at += 1;
      else if (next?.text !== closing) this.#over(closing);
    }
    return undefined;
  }

  #table(depth: number): Literal {
    const table = new Map<string, Literal>();
    while (this.#at < this.#tokens.length) {
      if (this.#tokens[this.#at]?.text === "}") {
        this.#at += 1;
        return table;
      }
      const name = this.#literal(depth + 1);
      if (typeof name !== "string" || this.#tokens[this.#at]?.text !== ":") {
        this.#over("}");
        continue;
      }
      this.#at += 1;
      const value = this.#literal(depth + 1);
      table.set(name, value);
      if (this.#tokens[this.#at]?.text === ",") this.#at += 1;
      else if (this.#tokens[this.#at]?.text !== "}") {
        table.set(name, undefined);
        this.#over("}");
      }
    }
    return undefined;
  }

  /** Over an expression, to behind its comma or to the bracket that ends its list. */
  #over(closing: string): void {
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== "sign") continue;
      if (depth === 0 && token.text === closing) return;
      if (Object.hasOwn(CLOSING, token.text)) depth += 1;
      else if (Object.values(CLOSING).includes(token.text)) depth -= 1;
      else if (depth === 0 && token.text === ",") {
        this.#at += 1;
        return;
      }
    }
  }
}
