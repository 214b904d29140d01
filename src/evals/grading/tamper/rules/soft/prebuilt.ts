import { fileProblems } from "../../../../../nix/gate/file-rules.ts";
import { attributeNameAt, type NixToken, tokenize, withoutComments } from "../../../../../nix/tokenize.ts";
import type { PatchedFile } from "../../patched-file.ts";
import { type TamperRule, TELLING_GATES } from "../../rule.ts";

const RULES: ReadonlySet<string> = new Set(["binary", "encoded-blob"]);

/** A program that was brought along instead of built: bytes, encoded bytes, or a file or text of the change that is installed as the program. */
export const prebuilt: TamperRule = {
  name: "prebuilt",
  // Where the patch is refused for its bytes nothing is built, so no later gate can tell.
  confirmedBy: ["patch", ...TELLING_GATES],
  tried: "suspicion",
  find({ changes }) {
    const brought = new Set(changes.filter(({ after }) => after !== undefined).map(({ path }) => path));
    return changes.flatMap((change) => [
      ...(change.binary ? [`${change.path} is no text`] : []),
      ...fileProblems(change)
        .filter(({ rule }) => RULES.has(rule) && !change.binary)
        .map(({ file, line, message }) => `${file}:${line}: ${message}`),
      ...(change.path.endsWith(".nix") ? installs(change, brought) : []),
    ]);
  },
};

interface Script {
  readonly text: string;
  readonly line: number;
  readonly paths: readonly string[];
  /** It names something by an antiquotation that is no path: a package, a program. */
  readonly calls: boolean;
}

const INTO_BIN = /\$\{?out\}?\/bin\b/u;
const COPIES = /^\s*(?:cp|install|ln|mv)\s/u;
/** A text that is written to where programs are: `cat > $out/bin/x <<EOF`, `echo … > $out/bin/x`. */
const WRITES = /(?:\b(?:cat|echo|printf)\b[^\n|]*)>\s*"?\$\{?out\}?\/bin\//u;
const WRITERS: ReadonlySet<string> = new Set(["writeShellScriptBin", "writeScriptBin"]);

function installs({ path, before = "", after = "" }: PatchedFile, brought: ReadonlySet<string>): readonly string[] {
  const known = new Set(scripts(before).map(({ text }) => text));
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  return [
    ...scripts(after)
      .filter(({ text }) => !known.has(text))
      .flatMap(({ text, line, paths, calls }) => {
        if (WRITES.test(text) && !calls) return [`${path}:${line}: writes the program's text into $out/bin`];
        const lines = text.split("\n").filter((command) => COPIES.test(command) && INTO_BIN.test(command));
        const files = lines.flatMap((command) => [...brought].filter((file) => file !== path && names(command, file)));
        const taken = lines.length > 0 ? paths.map((given) => resolved(folder, given)).filter((file) => brought.has(file)) : [];
        const [file] = [...files, ...taken];
        return file === undefined ? [] : [`${path}:${line}: installs ${file}, which the change brought and nothing built`];
      }),
    ...writtenPrograms(after, before).map((line) => `${path}:${line}: a script that calls nothing stands for the program`),
  ];
}

/** A word of the command is the file, by its whole path or by the end of it: sources are unpacked from any folder. */
const names = (command: string, file: string): boolean =>
  command
    .split(/[\s"']+/u)
    .map((word) => word.replace(/^(?:\$\{?src\}?\/|\.\/)/u, ""))
    .some((word) => word === file || (word !== "" && file.endsWith(`/${word}`)));

const resolved = (folder: string, path: string): string => `${folder}${path.replace(/^\.\//u, "")}`;

/** Whole strings of Nix code, with the paths that stand in their antiquotations. */
function scripts(source: string): readonly Script[] {
  const tokens = withoutComments(tokenize(source));
  const found: Script[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const open = tokens[at];
    if (open?.kind !== "quote") continue;
    const end = stringEnd(tokens, at);
    const inner = tokens.slice(at + 1, end);
    found.push({
      text: inner.map(({ kind, value, text }) => (kind === "text" ? (value ?? text) : kind === "path" ? text : "")).join(""),
      line: open.line,
      paths: inner.filter(({ kind }) => kind === "path").map(({ text }) => text),
      calls: inner.some(({ kind, text }) => kind === "identifier" && text !== "out"),
    });
    at = end;
  }
  return found;
}

/** Index of the quote that closes the string: the next one as deep as the one that opens it. */
function stringEnd(tokens: readonly NixToken[], open: number): number {
  const depth = tokens[open]?.depth;
  const end = tokens.findIndex((token, index) => index > open && token.kind === "quote" && token.depth === depth);
  return end === -1 ? tokens.length : end;
}

/** Lines of `writeShellScriptBin "x" '' … ''` whose text names no built program. */
function writtenPrograms(after: string, before: string): readonly number[] {
  const calls = (source: string): readonly { readonly line: number; readonly text: string; readonly idle: boolean }[] => {
    const tokens = withoutComments(tokenize(source));
    return tokens.flatMap((token, index) => {
      if (token.kind !== "identifier" || !WRITERS.has(token.text)) return [];
      const name = attributeNameAt(tokens, index + 1);
      if (!name || tokens[name.next]?.kind !== "quote") return [];
      const body = tokens.slice(name.next + 1, stringEnd(tokens, name.next));
      return [
        {
          line: token.line,
          text: body.map(({ text }) => text).join(""),
          idle: !body.some(({ kind }) => kind === "antiquotation"),
        },
      ];
    });
  };
  const had = new Set(calls(before).map(({ text }) => text));
  return calls(after)
    .filter(({ text, idle }) => idle && !had.has(text))
    .map(({ line }) => line);
}
