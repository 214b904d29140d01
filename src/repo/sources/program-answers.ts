import type { ProgramAnswer } from "../facts.ts";
import { macroCalls, type RustToken } from "./rust-tokens.ts";

/**
 * What a program surely prints, read from its source: an acceptance criterion may only promise what the code shows. Two sources count:
 * a command line parser that was told the version (clap), and a hand-written branch on `--version` or `--help` next to a `print!`.
 */

export interface ProgramSource {
  readonly path: string;
  readonly tokens: readonly RustToken[];
}

export interface ProgramContext {
  readonly binary: string;
  readonly packageName: string;
  readonly version: string;
  readonly manifest: string;
  /** Names of the package's normal dependencies. */
  readonly dependencies: ReadonlySet<string>;
}

const STDOUT = new Set(["println", "print"]);

export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** `#[command(… version …)]` or `#[clap(… version …)]` without a value, on a `Parser`. */
function clapDerivesVersion(tokens: readonly RustToken[]): boolean {
  return tokens.some((token, index) => {
    if (token.text !== "#" || tokens[index + 1]?.text !== "[" || !["command", "clap"].includes(tokens[index + 2]?.text ?? ""))
      return false;
    for (let at = index + 3, depth = 0; at < tokens.length; at += 1) {
      const text = tokens[at]?.text;
      if (text === "(") depth += 1;
      if (text === ")") depth -= 1;
      if (depth === 0) return false;
      if (depth === 1 && text === "version" && [",", ")"].includes(tokens[at + 1]?.text ?? "")) return true;
    }
    return false;
  });
}

function handWritten(source: ProgramSource, context: ProgramContext, option: "--version" | "--help"): ProgramAnswer | undefined {
  if (!source.tokens.some((token) => token.kind === "string" && token.text === option)) return undefined;
  const prints = macroCalls(source.tokens, STDOUT);
  const answer = (stdout: string, line: number): ProgramAnswer => ({
    arguments: [option],
    stdout,
    source: `${source.path}:${line}`,
  });
  if (option === "--version") {
    const print = prints.find((call) =>
      call.arguments.some((token) => token.kind === "string" && token.text === "CARGO_PKG_VERSION"),
    );
    return print && answer(escapeRegExp(context.version), print.line);
  }
  const print = prints.find((call) => /^\s*usage:/iu.test(call.arguments[0]?.kind === "string" ? call.arguments[0].text : ""));
  return print && answer("[Uu][Ss][Aa][Gg][Ee]:", print.line);
}

/** Answers of one binary, from the files of its crate (its main file first). */
export function programAnswers(sources: readonly ProgramSource[], context: ProgramContext): readonly ProgramAnswer[] {
  if (context.dependencies.has("clap") || context.dependencies.has("structopt")) {
    const parser = sources.find((source) => clapDerivesVersion(source.tokens));
    // clap prints `NAME VERSION`; a literal `name = "…"` may change NAME, so only the version is promised.
    return parser ? [{ arguments: ["--version"], stdout: `^\\S+ ${escapeRegExp(context.version)}$`, source: parser.path }] : [];
  }
  return (["--version", "--help"] as const).flatMap((option) => {
    const found = sources.map((source) => handWritten(source, context, option)).find((answer) => answer !== undefined);
    return found ? [found] : [];
  });
}
