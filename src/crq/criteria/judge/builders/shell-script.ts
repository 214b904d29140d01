import { deedsOf, looksBack } from "../../../../nix/weakening/shell/deeds.ts";
import { programOf, shellCommands } from "../../../../nix/weakening/shell/words.ts";

/**
 * Whether a shell script does nothing that could fail for a reason of the project's: the guard against checks that are only
 * `touch $out`. It errs on the side of "does something": only words that are certainly idle count, and a command substitution never does.
 */

const IDLE_WORDS: ReadonlySet<string> = new Set([
  ":",
  "cd",
  "echo",
  "exit",
  "export",
  "false",
  "mkdir",
  "printf",
  "pwd",
  "return",
  "runHook",
  "set",
  "shopt",
  "sleep",
  "touch",
  "true",
  "unset",
]);

/** true when every command of the script is certainly idle; an empty script is. */
export function isIdle(script: string): boolean {
  return everyCommand(script, isIdleProgram, 0);
}

/** true when the script, besides idle words, only copies files as they are, each named in full: it fails for nothing but a missing file. */
export function onlyCopies(script: string): boolean {
  return everyCommand(
    script,
    (words, depth) => isIdleProgram(words, depth) || (COPIES.has(baseName(words[0])) && words.every(isPlain)),
    0,
  );
}

/** true when the script ends with 0 whatever its programs say: `tally || { true; }`, `if tally; then :; fi`, `set +e; tally; true`. In doubt it is not. */
export function endsWell(script: string): boolean {
  const commands = shellCommands(script).filter(({ words }) => words.length > 0);
  const last = programOf(commands.at(-1)?.words ?? []).join(" ");
  if (/\b(?:case|for|until|while)\b/.test(script) || commands.some(looksBack) || commands.at(-1)?.words.includes("!") === true)
    return false;
  return deedsOf(script).length === 0 && isIdle(last);
}

const COPIES: ReadonlySet<string> = new Set(["cat", "chmod", "cp", "install", "ln"]);

/** No variable but the output's: another one could hold a build. */
const isPlain = (word: string): boolean => !/\$(?!\{?out\b)/.test(word);

type Judge = (words: readonly string[], depth: number) => boolean;

function everyCommand(script: string, judge: Judge, depth: number): boolean {
  if (/`|\$\(|<\(|>\(/.test(script)) return false;
  return commandsOf(script).every((words) => {
    const program = programOf(words);
    return program.length === 0 || judge(program, depth);
  });
}

const commandsOf = (script: string): readonly (readonly string[])[] =>
  shellCommands(script).flatMap(({ words }) => (words.length > 0 ? [words] : []));

/** Programs that only start what is behind them. */
const STARTERS: ReadonlySet<string> = new Set(["builtin", "command", "env", "eval", "exec", "nice", "time"]);
const SHELLS: ReadonlySet<string> = new Set(["bash", "dash", "sh"]);
const MOST_NESTED = 5;

function isIdleProgram(words: readonly string[], depth: number): boolean {
  const [word = "", ...rest] = words;
  const name = baseName(word);
  if (TESTS.has(name)) return isConstantTest(rest);
  if (IDLE_WORDS.has(name)) return true;
  if (depth >= MOST_NESTED) return false;
  if (SHELLS.has(name)) {
    const at = rest.findIndex((argument) => /^-[a-z]*c$/.test(argument));
    return at >= 0 && everyCommand(rest[at + 1] ?? "", isIdleProgram, depth + 1);
  }
  if (!STARTERS.has(name)) return false;
  const behind = programOf(rest.slice(rest.findIndex((argument) => !argument.startsWith("-"))));
  return rest.length > 0 && everyCommand(behind.join(" "), isIdleProgram, depth + 1);
}

const baseName = (word = ""): string => word.split("/").at(-1) ?? word;

const TESTS: ReadonlySet<string> = new Set(["[", "[[", "test"]);

/** A condition about a file is about the project: `test -x ${greet}/bin/greet`. */
const isConstantTest = (words: readonly string[]): boolean =>
  !words.some((word) => word.includes("/") || /^-(?:[a-hprsuwxGLNOS]|ef|nt|ot)$/.test(word));
