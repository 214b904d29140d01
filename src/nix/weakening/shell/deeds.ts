import { programOf, SHELL_KEYWORDS, type ShellCommand, shellCommands } from "./words.ts";

/** What a script of a build does and insists on: commands whose failure ends it (bash with `set -e` and `pipefail`, as stdenv runs phases). */

export interface Deed {
  /** `compares` looks at a result (grep, diff, test); `runs` is any program that is no tool of the shell; `works` moves and writes files. */
  readonly kind: "compares" | "runs" | "works";
  readonly program: string;
  /** From the program on. */
  readonly words: readonly string[];
}

/** Commands that say or prepare something and prove nothing. */
const IDLE: ReadonlySet<string> = new Set(
  ": [ cd declare echo exit export false let local mkdir mktemp nproc printf pushd popd pwd read readonly return runHook set shift shopt sleep source . test touch true trap type umask unset wait [[".split(
    " ",
  ),
);
const COMPARES: ReadonlySet<string> = new Set(
  "[ [[ b2sum bcmp cksum cmp diff egrep fgrep grep md5sum rg sha1sum sha256sum test".split(" "),
);
const TOOLS: ReadonlySet<string> = new Set(
  "addToSearchPath awk basename cat chmod column cp cut date dirname du expr file find fold gunzip gzip head hostname id install installBin installManPage installShellCompletion ln ls makeBinaryWrapper makeWrapper mv patch patchShebangs printenv readlink realpath remove-references-to rm rmdir sed seq sort split stat strings stripHash strip substitute substituteAll substituteInPlace tac tail tar tee tr tree uname uniq unzip wc which wrapProgram xargs yes zip".split(
    " ",
  ),
);

/** Programs that only start what is behind them; the number of their own words that follow. */
const STARTERS: ReadonlyMap<string, number> = new Map([
  ["builtin", 0],
  ["command", 0],
  ["env", 0],
  ["eval", 0],
  ["exec", 0],
  ["faketime", 1],
  ["nice", 0],
  ["time", 0],
  ["timeout", 1],
  ["xvfb-run", 0],
]);
const SHELLS: ReadonlySet<string> = new Set(["bash", "dash", "sh"]);
const MOST_NESTED = 4;

/** In their order. What stands in a condition, behind an `exit`, in a function that nobody calls, or before `||` insists on nothing and is left out. */
export function deedsOf(script: string): readonly Deed[] {
  return readScript(withoutHereDocuments(script), 0).deeds;
}

/**
 * Runs of tests whose failure changes nothing: before `||` and something that succeeds, in a condition, behind `exit 0`, in the background. One whose
 * outcome a later command looks at (`exit $code`, `false`, `[ $code = 0 ]`, `wait $pid`) is heard, and so is one that runs only where another command
 * failed, or that is meant to fail. `set +e` and a trap are found by their own words.
 */
export function unheard(script: string): readonly Deed[] {
  return readScript(withoutHereDocuments(script), 0).unheard;
}

interface ReadScript {
  readonly deeds: readonly Deed[];
  readonly unheard: readonly Deed[];
}

function readScript(script: string, depth: number): ReadScript {
  const commands = shellCommands(script);
  const called = new Set(commands.map(({ words }) => programOf(words)[0]));
  const deeds: Deed[] = [];
  const passed: Deed[] = [];
  const state = {
    condition: 0,
    branch: 0,
    lenient: false,
    ended: false,
    group: 0,
    unusedFrom: undefined as number | undefined,
    rescue: undefined as number | undefined,
  };
  const functions = new Set<string>();
  commands.forEach((command, at) => {
    const { words, end } = command;
    for (const word of words) {
      if (word === "if" || word === "while" || word === "until" || word === "elif") state.condition += 1;
      else if (word === "then" || (word === "do" && state.condition > 0)) {
        state.condition -= 1;
        state.branch += 1;
      } else if (word === "fi" || (word === "done" && state.branch > 0)) state.branch = Math.max(0, state.branch - 1);
      else if (!SHELL_KEYWORDS.has(word)) break;
    }
    if (words[0] === "elif") state.branch = Math.max(0, state.branch - 1);
    const name = words[0] === "function" ? words[1] : words[0];
    if (words.length === 1 && name !== undefined && end === "(" && isEmpty(commands[at + 1]) && commands[at + 1]?.end === ")") {
      functions.add(name);
      if (commands.filter(({ words: [first] }) => first === name).length < 2) state.unusedFrom ??= state.group;
    }
    state.group += words.filter((word) => word === "{").length - words.filter((word) => word === "}").length;
    if (state.unusedFrom !== undefined && words.includes("}") && state.group <= state.unusedFrom) state.unusedFrom = undefined;
    const program = started(programOf(words));
    const [first] = program;
    if (first === "set" && program.some((word) => /^\+[a-z]*e/u.test(word))) state.lenient = true;
    if (first === "set" && program.some((word) => /^-[a-z]*e/u.test(word))) state.lenient = false;
    // Only an `exit` of the trap's own changes how the script ends (bash's manual, "trap").
    if (first === "trap" && /\b(?:ERR|EXIT|0)$/u.test(program.join(" ")) && /\bexit 0\b/u.test(program.join(" ")))
      state.lenient = true;
    const insists =
      !state.ended &&
      !state.lenient &&
      state.condition === 0 &&
      state.branch === 0 &&
      state.unusedFrom === undefined &&
      state.rescue === undefined &&
      !words.includes("!") &&
      !(first !== undefined && functions.has(first)) &&
      isInsistedOn(commands, at);
    if (insists) deeds.push(...deedsOfWords(words, program, depth));
    const isFree =
      state.branch > 0 ||
      state.lenient ||
      state.unusedFrom !== undefined ||
      state.rescue !== undefined ||
      (words.includes("!") && state.condition === 0);
    if (!insists && !isFree && runsTests(program) && !commands.slice(at + 1).some(looksBack))
      passed.push({ kind: "runs", program: baseName(first), words: [baseName(first), ...program.slice(1)] });
    // Behind `||`: done only where something failed.
    if (end === "||") state.rescue ??= state.group;
    else if (state.rescue !== undefined && state.group <= state.rescue && (end === "\n" || end === ";")) state.rescue = undefined;
    const isBare = state.condition === 0 && state.branch === 0 && state.unusedFrom === undefined && state.group <= 0;
    if ((first === "exit" || first === "return") && isBare && !/^(?:&&|\|\|)$/u.test(commands[at - 1]?.end ?? ""))
      state.ended = true;
  });
  return called.size === 0 ? { deeds: [], unheard: [] } : { deeds, unheard: passed };
}

/** Commands by which projects of several languages run their tests and lints. */
const TESTS =
  /^(?:cargo (?:\S+ )*(?:test|nextest|clippy|audit|deny)|pytest|py\.test|python3? -m (?:pytest|unittest)|go (?:test|vet)|(?:npm|pnpm|yarn|bun) (?:run )?test|ctest|tox|nox|meson test|ninja test|make (?:\S+ )*(?:check|test)|bats|vitest|jest)(?: |$)/u;

const runsTests = ([first, ...rest]: readonly string[]): boolean => TESTS.test([baseName(first), ...rest].join(" "));

/** Ends the script by what came before, or compares it. */
export function looksBack({ words }: ShellCommand): boolean {
  const [first, ...rest] = started(programOf(words));
  if (first === "exit" || first === "return") return rest[0] !== undefined && rest[0] !== "0";
  return first === "false" || ((first === "wait" || COMPARES.has(baseName(first))) && rest.some((word) => word.includes("$")));
}

const isEmpty = (command: ShellCommand | undefined): boolean => command !== undefined && command.words.length === 0;

/** Whether the script ends when the command at `from` fails. */
function isInsistedOn(commands: readonly ShellCommand[], from: number): boolean {
  for (let at = from; at < commands.length; at += 1) {
    const { end } = commands[at] ?? { end: "" };
    if (end === "&") return false;
    if (end === "||") return failsBehind(commands, at + 1);
    if (end === "&&" && onlyIdleBehind(commands, at + 1)) return false;
    if (end !== "|" && end !== "&&") return true;
  }
  return true;
}

/** What follows `||`, to the end of its line or group, fails itself: `|| exit 1`, `|| { cat log; false; }`. */
function failsBehind(commands: readonly ShellCommand[], from: number): boolean {
  let group = 0;
  for (let at = from; at < commands.length; at += 1) {
    const { words, end } = commands[at] ?? { words: [], end: "" };
    group += words.filter((word) => word === "{").length + (end === "(" ? 1 : 0);
    const [first, code] = programOf(words);
    if (first === "false" || ((first === "exit" || first === "return") && code !== undefined && code !== "0")) return true;
    // Without a number it is the status of the command before it: of the one that failed, where nothing came between.
    if (at === from && (first === "exit" || first === "return") && code === undefined) return true;
    group -= words.filter((word) => word === "}").length + (end === ")" ? 1 : 0);
    if (group <= 0 && (end === "\n" || end === ";" || end === "")) return false;
  }
  return false;
}

/** The rest of a chain of `&&` only says something, and more commands follow it, so that `set -e` lets the chain's failure pass. */
function onlyIdleBehind(commands: readonly ShellCommand[], from: number): boolean {
  for (let at = from; at < commands.length; at += 1) {
    const { words, end } = commands[at] ?? { words: [], end: "" };
    const [first] = programOf(words);
    if (first === undefined || !IDLE.has(first) || first === "exit" || words.some((word) => /\$\{?out\b/u.test(word)))
      return false;
    if (end === "&&") continue;
    return (end === "\n" || end === ";") && commands.slice(at + 1).some(({ words: more }) => programOf(more).length > 0);
  }
  return false;
}

function started(program: readonly string[]): readonly string[] {
  let words = program;
  for (let step = 0; step < MOST_NESTED; step += 1) {
    const more = STARTERS.get(baseName(words[0]));
    if (more === undefined) return words;
    const rest = words.slice(1);
    const first = rest.findIndex((word) => !word.startsWith("-"));
    words = first < 0 ? [] : programOf(rest.slice(first + more));
  }
  return words;
}

function deedsOfWords(words: readonly string[], program: readonly string[], depth: number): readonly Deed[] {
  const inner =
    depth >= MOST_NESTED ? [] : words.flatMap((word) => substitutions(word).flatMap((text) => readScript(text, depth + 1).deeds));
  const [word = "", ...rest] = program;
  const name = baseName(word);
  if (word === "" || word.startsWith("#")) return inner;
  if (SHELLS.has(name) && depth < MOST_NESTED) {
    const at = rest.findIndex((argument) => /^-[a-z]*c$/u.test(argument));
    if (at >= 0) return [...inner, ...readScript(rest[at + 1] ?? "", depth + 1).deeds];
  }
  // A test of constants proves nothing; `!` before it was looked at.
  if (COMPARES.has(name)) {
    const isConstant = (name === "test" || name.startsWith("[")) && !rest.some((argument) => /[$/`]|^-[a-z]$/u.test(argument));
    return isConstant ? inner : [...inner, { kind: "compares", program: name, words: [name, ...rest] }];
  }
  if (IDLE.has(name) || /^(?:for|case|esac|in|select|function|\)|;;|done|do)$/u.test(name)) return inner;
  return [...inner, { kind: TOOLS.has(name) ? "works" : "runs", program: name, words: [name, ...rest] }];
}

/** Insides of `$(…)` and backticks in a quoted word; unquoted ones are commands of their own already. */
const substitutions = (word: string): readonly string[] =>
  [...word.matchAll(/\$\(((?:[^()]|\([^()]*\))*)\)|`([^`]*)`/gu)].map(([, one, other]) => one ?? other ?? "");

const baseName = (word = ""): string => word.split("/").at(-1) ?? word;

/** Text that is fed to a command is none. */
function withoutHereDocuments(script: string): string {
  return script.replace(/(<<-?\s*(["']?)(\w+)\2[^\n]*\n)[\s\S]*?\n[ \t]*\3(?=\s|$)/gu, (_, head: string) =>
    head.replace(/<<-?\s*["']?\w+["']?/u, ""),
  );
}
