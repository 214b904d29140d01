/** Words by which cargo and the test programs run fewer tests (The Cargo Book, "cargo test"; libtest's and nextest's own help). */

/** Each takes something away where it is new. */
const NARROW: ReadonlySet<string> = new Set([
  "--bin",
  "--bins",
  "--doc",
  "--exact",
  "--example",
  "--exclude",
  "--lib",
  "--list",
  "--no-default-features",
  "--no-run",
  "--package",
  "--partition",
  "--skip",
  "--test",
  "--filter-expr",
  "--filterset",
  "-E",
  "-p",
]);

/** Each takes something away where it is gone. */
const WIDE: ReadonlySet<string> = new Set([
  "--all",
  "--all-features",
  "--all-targets",
  "--features",
  "--ignored",
  "--include-ignored",
  "--workspace",
  "-D",
  "-F",
  "-Dwarnings",
  "--deny",
]);

const TAKES_VALUE =
  /^(?:--(?:bench|bin|color|config|deny|example|exclude|features|filter-expr|filterset|format|jobs|logfile|manifest-path|message-format|package|partition|profile|shuffle-seed|skip|target|target-dir|test|test-threads|report-time)|-[pFjZEDWA])$/u;

/** One entry for each word that makes `is` do less than `was`. The first word of either, and a subcommand, name the program. */
export function narrowerWords(was: readonly string[], is: readonly string[]): readonly string[] {
  const [before, now] = [options(was), options(is)];
  const has = (list: readonly Option[], { name, value }: Option): boolean =>
    list.some((other) => other.name === name && (value === undefined || other.value === value));
  const wider = now.some(({ name }) => name === "--workspace" || name === "--all" || name === "--all-features");
  return [
    ...now.filter((option) => isNarrow(option) && !has(before, option)).map(shown),
    ...before
      .filter((option) => WIDE.has(option.name) && !has(now, option) && !(wider && option.name !== "-D"))
      .map((option) => `without ${shown(option)}`),
  ];
}

interface Option {
  /** A word of its own is a filter of names. */
  readonly name: string;
  readonly value: string | undefined;
}

const FILTER = "filter";

const isNarrow = ({ name, value = "" }: Option): boolean => NARROW.has(name) || (name === FILTER && value !== "");

const shown = ({ name, value }: Option): string =>
  name === FILTER ? `only tests named ${value}` : value === undefined ? name : `${name} ${value}`;

function options(words: readonly string[]): readonly Option[] {
  const found: Option[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const [, name, joined] = /^(--[\w-]+)=(.*)$/u.exec(word) ?? [];
    if (name !== undefined) found.push({ name, value: joined });
    else if (TAKES_VALUE.test(word)) {
      at += 1;
      found.push({ name: word, value: words[at] });
    } else if (word.startsWith("-")) found.push({ name: word, value: undefined });
    else if (!/[$<>=/]|^\d/u.test(word) && !COMMAND.test(word)) found.push({ name: FILTER, value: word });
  }
  return found;
}

/** Words that name the program and what it shall do. */
const COMMAND = /^(?:cargo\w*|test|nextest|run|build|clippy|fmt|doc|check|bench|PROGRAM)?$/u;
