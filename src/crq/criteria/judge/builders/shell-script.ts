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

const KEYWORDS: ReadonlySet<string> = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "{",
  "}",
  "!",
  "while",
  "until",
]);

/** Comment, quoted text, separators of commands, or a plain run of other characters. */
const TOKEN =
  /(?<comment>(?<![^\s;&|(){}])#[^\n]*)|(?<quoted>'[^']*'|"(?:[^"\\]|\\[\s\S])*")|(?<separator>\n|;|&&|\|\||\||&(?!>)|\(|\))|(?<blank>[^\S\n]+)|(?<plain>\\[\s\S]|(?:[^\s;&|()#'"\\]|&>|(?<=\S)#)+)|(?<other>[\s\S])/gu;

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

function commandsOf(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (const token of script.matchAll(TOKEN)) {
    const { quoted, plain, other, separator, blank } = token.groups ?? {};
    if (quoted !== undefined) word = (word ?? "") + quoted.slice(1, -1);
    else if (plain !== undefined || other !== undefined) word = (word ?? "") + (plain ?? other ?? "").replace(/^\\/, "");
    else if (blank !== undefined) endWord();
    else if (separator !== undefined) {
      endWord();
      commands.push(words);
      words = [];
    }
  }
  endWord();
  commands.push(words);
  return commands.filter((command) => command.length > 0);
}

/** The words of a command without the keywords, assignments and redirections before its program. */
function programOf(words: readonly string[]): readonly string[] {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (isBareRedirection(word)) at += 1;
    else if (!KEYWORDS.has(word) && !isAssignment(word) && !isRedirection(word)) return words.slice(at);
  }
  return [];
}

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

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*\+?=/.test(word);
/** `>file`, `2>&1`, `<file`. */
const isRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)/.test(word);
/** `>` with its file in the next word. */
const isBareRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)$/.test(word);
