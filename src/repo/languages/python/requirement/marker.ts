import { satisfies } from "./version.ts";

/** Markers of PEP 508: conditions on the interpreter and the platform under which a requirement holds. */

export type Environment = Readonly<Record<string, string>>;

const TOKEN = /\s*(?:(?<string>'[^']*'|"[^"]*")|(?<op>===|==|!=|<=|>=|~=|<|>|\(|\))|(?<word>[A-Za-z_][\w.]*))/y;
const MAX_TOKENS = 400;

type Token = { readonly kind: "string" | "op" | "word"; readonly text: string };
type Verdict = boolean | undefined;

/** undefined: it names what is not known here, or is no marker. */
export function evaluateMarker(marker: string, environment: Environment): Verdict {
  const tokens = tokensOf(marker);
  if (!tokens) return undefined;
  const reader = new MarkerReader(tokens, environment);
  const verdict = reader.either();
  return reader.atEnd() ? verdict : undefined;
}

function tokensOf(marker: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const text = marker.trimEnd();
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (!groups || tokens.length >= MAX_TOKENS) return undefined;
    if (groups.string !== undefined) tokens.push({ kind: "string", text: groups.string.slice(1, -1) });
    else if (groups.op !== undefined) tokens.push({ kind: "op", text: groups.op });
    else tokens.push({ kind: "word", text: groups.word ?? "" });
  }
  return tokens;
}

const VERSIONS = new Set(["python_version", "python_full_version", "implementation_version"]);

class MarkerReader {
  readonly #tokens: readonly Token[];
  readonly #environment: Environment;
  #at = 0;

  constructor(tokens: readonly Token[], environment: Environment) {
    this.#tokens = tokens;
    this.#environment = environment;
  }

  atEnd = (): boolean => this.#at >= this.#tokens.length;

  either(): Verdict {
    let verdict = this.#both();
    while (this.#take("or")) {
      const next = this.#both();
      verdict = verdict === true || next === true ? true : verdict === false && next === false ? false : undefined;
    }
    return verdict;
  }

  #both(): Verdict {
    let verdict = this.#single();
    while (this.#take("and")) {
      const next = this.#single();
      verdict = verdict === false || next === false ? false : verdict === true && next === true ? true : undefined;
    }
    return verdict;
  }

  #single(): Verdict {
    if (this.#take("(")) {
      const verdict = this.either();
      return this.#take(")") ? verdict : undefined;
    }
    const left = this.#next();
    const negated = this.#take("not");
    const op = this.#next()?.text;
    const right = this.#next();
    if (!left || !right || op === undefined) return undefined;
    return this.#compare(left, negated ? `not ${op}` : op, right);
  }

  #compare(left: Token, op: string, right: Token): Verdict {
    const [a, b] = [this.#value(left), this.#value(right)];
    if (a === undefined || b === undefined) return undefined;
    const variable = left.kind === "word" ? left.text : right.text;
    if (op === "in") return VERSIONS.has(variable) ? b.split(/[\s,]+/).includes(a) : b.includes(a);
    if (op === "not in") return VERSIONS.has(variable) ? !b.split(/[\s,]+/).includes(a) : !b.includes(a);
    if (VERSIONS.has(variable))
      return left.kind === "word" ? satisfies(a, `${op}${b}`) : satisfies(b, `${FLIPPED[op] ?? op}${a}`);
    if (op === "==" || op === "===") return a === b;
    return op === "!=" ? a !== b : undefined;
  }

  #value(token: Token): string | undefined {
    if (token.kind === "string") return token.text;
    return Object.hasOwn(this.#environment, token.text) ? this.#environment[token.text] : undefined;
  }

  #next(): Token | undefined {
    this.#at += 1;
    return this.#tokens[this.#at - 1];
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind === "string" || token?.text !== text) return false;
    this.#at += 1;
    return true;
  }
}

const FLIPPED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };
