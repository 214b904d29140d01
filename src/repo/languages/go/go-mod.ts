/** go.mod, read by the grammar of https://go.dev/ref/mod#go-mod-file: directives of one line each, alone or in blocks of brackets. */

export interface GoMod {
  readonly module?: { readonly path: string; readonly line: number };
  /** Of the `go` directive: `1.22`, `1.24.1`. */
  readonly go?: { readonly version: string; readonly line: number };
  readonly requires: readonly GoRequire[];
  readonly replaces: readonly GoReplace[];
}

export interface GoRequire {
  readonly path: string;
  readonly version: string;
  readonly line: number;
  /** go writes the comment where no package of the module itself imports it. */
  readonly indirect: boolean;
}

export interface GoReplace {
  readonly path: string;
  /** A folder (starts with `./`, `../` or `/`) or another module. */
  readonly by: string;
  readonly line: number;
}

const WORD = /"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`()]+|[()]/gy;

/** Reads what it understands; go itself complains about the rest. */
export function readGoMod(text: string): GoMod {
  let module: GoMod["module"];
  let go: GoMod["go"];
  const requires: GoRequire[] = [];
  const replaces: GoReplace[] = [];
  let block: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const { words, comment } = wordsOf(raw);
    if (words.length === 0) continue;
    if (words[0] === ")") {
      block = undefined;
      continue;
    }
    if (block === undefined && words[1] === "(") {
      block = words[0];
      continue;
    }
    const [verb, ...rest] = block === undefined ? words : [block, ...words];
    const [first, second] = rest;
    if (first === undefined) continue;
    if (verb === "module") module ??= { path: first, line };
    else if (verb === "go") go ??= { version: first, line };
    else if (verb === "require" && second !== undefined)
      requires.push({ path: first, version: second, line, indirect: /^\s*indirect\b/.test(comment) });
    else if (verb === "replace") {
      const by = rest[rest.indexOf("=>") + 1];
      if (rest.includes("=>") && by !== undefined) replaces.push({ path: first, by, line });
    }
  }
  return { ...(module && { module }), ...(go && { go }), requires, replaces };
}

function wordsOf(raw: string): { readonly words: readonly string[]; readonly comment: string } {
  const words: string[] = [];
  let at = 0;
  while (at < raw.length) {
    if (/\s/.test(raw[at] ?? "")) {
      at += 1;
      continue;
    }
    if (raw.startsWith("//", at)) return { words, comment: raw.slice(at + 2) };
    WORD.lastIndex = at;
    const [word] = WORD.exec(raw) ?? [];
    if (word === undefined) break;
    at = WORD.lastIndex;
    // A comment may follow a word without a blank.
    const comment = /^["`]/.test(word) ? -1 : word.indexOf("//");
    if (comment > 0 && !word.includes("://")) {
      words.push(word.slice(0, comment));
      return { words, comment: `${word.slice(comment + 2)}${raw.slice(at)}` };
    }
    words.push(word.replace(/^["`]|["`]$/g, ""));
  }
  return { words, comment: "" };
}

/** `PATH VERSION` and `PATH VERSION/go.mod` of each line of go.sum. */
export const goSumEntries = (text: string): ReadonlySet<string> =>
  new Set(
    text.split(/\r?\n/).flatMap((line) => {
      const [path, version, hash] = line.trim().split(/\s+/);
      return path !== undefined && version !== undefined && hash?.startsWith("h1:") ? [`${path} ${version}`] : [];
    }),
  );

/** The name that `go install` gives a program of this folder. `/v2` at the end of a module's path is its major version. */
export function programName(modulePath: string, folder: string): string {
  const full = folder === "." ? modulePath : `${modulePath}/${folder}`;
  const parts = full.split("/");
  const last = parts.at(-1) ?? "";
  return /^v[2-9]\d*$|^v1\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last;
}
