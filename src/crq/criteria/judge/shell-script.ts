/**
 * Whether a shell script does nothing that could fail for a reason of the project's: the guard against checks that are only
 * `touch $out`. It errs on the side of "does something": only words that are certainly idle count, and a command substitution never does.
 */

const IDLE_WORDS: ReadonlySet<string> = new Set([
  ":",
  "[",
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
  "test",
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
  if (/`|\$\(|<\(|>\(/.test(script)) return false;
  return commandsOf(script).every((words) => isIdleCommand(words));
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

function isIdleCommand(words: readonly string[]): boolean {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (isBareRedirection(word)) at += 1;
    else if (!KEYWORDS.has(word) && !isAssignment(word) && !isRedirection(word))
      return IDLE_WORDS.has(word.split("/").at(-1) ?? word);
  }
  return true;
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*\+?=/.test(word);
/** `>file`, `2>&1`, `<file`. */
const isRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)/.test(word);
/** `>` with its file in the next word. */
const isBareRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)$/.test(word);
