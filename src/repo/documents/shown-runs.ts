import type { ShownRun } from "../facts.ts";
import { type DocumentLine, documentLines } from "./document-lines.ts";

/**
 * Runs of the project's own programs that a document shows together with what they print. "It builds" is not "it works", and a person has
 * written down here what working means. Only what a machine can repeat to the letter counts: plain words, a text or a tracked file as
 * input, an output that names no time, no place of one machine and no cargo, and that was not cut.
 */

export interface ShownRunContext {
  /** Names of programs that the project makes. */
  readonly programs: ReadonlySet<string>;
  /** The program that `cargo run` without `--bin` starts, if it is known. */
  readonly defaultProgram?: string;
  /** Files that are programs for an interpreter (`node cli.js`), with the name under which each is installed. */
  readonly files?: ReadonlyMap<string, string>;
  /** What `go run FOLDER` starts. */
  readonly folders?: ReadonlyMap<string, string>;
  /** Whether git tracks this file or folder, named from where the document's commands are typed: the repository's root. */
  readonly isTracked: (path: string) => boolean;
}

/** A run that prints more than this is a tour, not a promise. */
const MAX_LINES = 40;
const MAX_CHARACTERS = 4000;

/** Languages of fences that show commands after a prompt. */
const SESSION = new Set([
  "",
  "console",
  "shell-session",
  "shellsession",
  "sh-session",
  "terminal",
  "text",
  "txt",
  "sh",
  "bash",
  "shell",
]);

const PROMPT = /^\s*\$ (?<command>\S.*)$/;

/** Runs in the order of the document; one that is shown twice counts once, and one that is shown with two outputs not at all. */
export function shownRuns(
  document: { readonly source: string; readonly text: string },
  context: ShownRunContext,
): readonly ShownRun[] {
  const found = fencesOf(documentLines(document.text)).flatMap((lines) => runsOf(lines, document.source, context));
  return [...Map.groupBy(found, keyOf).values()].flatMap(([first, ...others]) =>
    first !== undefined && others.every(({ stdout }) => stdout === first.stdout) ? [first] : [],
  );
}

const keyOf = ({ program, arguments: words, stdin }: ShownRun): string => JSON.stringify([program, words, stdin ?? ""]);

/** Lines of each fence; the marks between two fences leave a gap in the numbers. */
function fencesOf(lines: readonly DocumentLine[]): readonly (readonly DocumentLine[])[] {
  const fences: DocumentLine[][] = [];
  let last: DocumentLine | undefined;
  for (const line of lines) {
    if (line.fence !== undefined && SESSION.has(line.fence)) {
      const goesOn = last?.fence === line.fence && last.number === line.number - 1;
      if (goesOn) fences.at(-1)?.push(line);
      else fences.push([line]);
    }
    last = line;
  }
  return fences;
}

function runsOf(lines: readonly DocumentLine[], source: string, context: ShownRunContext): readonly ShownRun[] {
  const prompts = lines.flatMap(({ text }, index) => (PROMPT.test(text) ? [index] : []));
  return prompts.flatMap((start, nth): ShownRun[] => {
    const line = lines[start];
    const command = line && PROMPT.exec(line.text)?.groups?.command;
    if (!line || command === undefined) return [];
    const run = runOf(command, context);
    const output = outputOf(lines.slice(start + 1, prompts[nth + 1] ?? lines.length).map(({ text }) => text));
    if (!run || output === undefined || speaksOfFailure(output, run.program)) return [];
    return [{ ...run, stdout: output, source, line: line.number, quote: line.text.trim() }];
  });
}

/** What an output must not hold: cut places, times, places of one machine, words of cargo, words of npm that ask its registry, control bytes. */
const UNREPEATABLE: readonly RegExp[] = [
  /…|(?:^|\s)\.\.\.\s*$|^\s*\[\.\.\.\]|^\s*#/mu,
  /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}:\d{2}\b|\b\d+(?:\.\d+)?\s?(?:ns|[µu]s|ms|s|secs?|seconds?|minutes?)\b/u,
  /(?:^|[\s"'(=])(?:~|\/(?:home|Users|tmp|usr|nix|var|root|etc|opt)\b|[A-Z]:\\)/u,
  /^\s*(?:Compiling|Finished|Running|Updating|Downloading|warning:|error(?:\[E\d+\])?:|thread '|note:)/mu,
  /^\s*(?:npm (?:warn|error|notice|ERR|http)\b|found \d+ vulnerabilit|\d+ packages? (?:is|are) looking for funding)/imu,
  /localhost|\b127\.0\.0\.1\b|\bpid\b/iu,
  /[\u0000-\u0008\u000b-\u001f\u007f\u009b]/u,
];

/** `PROGRAM: what went wrong` is how programs of the Unix kind complain, on standard error. */
const speaksOfFailure = (output: string, program: string): boolean => output.startsWith(`${program}: `);

function outputOf(lines: readonly string[]): string | undefined {
  const text = lines.join("\n").trimEnd();
  if (text === "" || lines.length > MAX_LINES || text.length > MAX_CHARACTERS) return undefined;
  return UNREPEATABLE.some((pattern) => pattern.test(text)) ? undefined : text;
}

type Run = Pick<ShownRun, "program" | "arguments" | "stdin" | "inTree">;

/** `PROGRAM WORDS`, with `echo TEXT |` or `printf TEXT |` before it or ` < FILE` never: a criterion's input is a text. */
function runOf(command: string, context: ShownRunContext): Run | undefined {
  const pipe = /^(?:echo|printf)\s/.test(command) ? command.lastIndexOf("|") : -1;
  const stdin = pipe < 0 ? undefined : fed(command.slice(0, pipe));
  if (pipe >= 0 && stdin === undefined) return undefined;
  const words = plainWords(command.slice(pipe + 1));
  const called = words && calledProgram(words, context);
  if (!called || isAboutItself(called.arguments)) return undefined;
  const places = called.arguments.map((word) => placeOf(word, context));
  if (places.includes("unknown")) return undefined;
  return { ...called, ...(stdin !== undefined && { stdin }), ...(places.includes("tracked") && { inTree: true }) };
}

/** Help is rewritten more often than its documents, and a version is promised by the sources already. */
const isAboutItself = (words: readonly string[]): boolean => words.some((word) => /^(?:-h|-V|--help|--version|help)$/.test(word));

/** Words without anything that a shell would read: they mean the same without one. */
function plainWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const token = /\s*(?:(?<word>(?!#)(?:'[^']*'|"[^"\\$`]*"|[^\s'"\\$`|&;<>(){}*?[\]~!])+)(?=\s|$)|(?<comment>#.*)|$)/gy;
  while (token.lastIndex < text.length) {
    const groups = token.exec(text)?.groups;
    if (!groups) return undefined;
    if (groups.word !== undefined) words.push(groups.word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return words.length > 0 ? words : undefined;
}

/** What `echo` or `printf` hands on. */
function fed(feeder: string): string | undefined {
  const [name, ...rest] = plainWords(feeder.replace(/\\n/g, "\u0001")) ?? [];
  if (rest.some((word) => /^-|%/.test(word)) || rest.length === 0) return undefined;
  if (name === "echo") return rest.some((word) => word.includes("\u0001")) ? undefined : `${rest.join(" ")}\n`;
  return name === "printf" && rest.length === 1 ? rest[0]?.replaceAll("\u0001", "\n") : undefined;
}

function calledProgram(
  words: readonly string[],
  { programs, defaultProgram, files, folders }: ShownRunContext,
): Pick<Run, "program" | "arguments"> | undefined {
  const [first = "", ...rest] = words;
  const byFile = files?.get((first === "node" ? (rest[0] ?? "") : first).replace(/^\.\//, ""));
  if (byFile !== undefined) return { program: byFile, arguments: first === "node" ? rest.slice(1) : rest };
  if (first === "npx" && programs.has(rest[0] ?? "")) return { program: rest[0] ?? "", arguments: rest.slice(1) };
  // Tools of Python that start an installed program in the project's environment.
  if (/^(?:uv|poetry|pipenv|hatch)$/.test(first) && rest[0] === "run" && programs.has(rest[1] ?? ""))
    return { program: rest[1] ?? "", arguments: rest.slice(2) };
  const name = /^(?:\.\/)?(?:target\/(?:debug|release)\/|build\/|bin\/|result\/bin\/)?(?<name>[\w.-]+)$/.exec(first)?.groups
    ?.name;
  if (name !== undefined && programs.has(name)) return { program: name, arguments: rest };
  if (first === "cargo" && rest[0] === "run") return calledByCargo(rest.slice(1), programs, defaultProgram);
  if (first === "go" && rest[0] === "run") return calledByGo(rest.slice(1), folders);
  if (first === "nix" && rest[0] === "run") return calledByNix(rest.slice(1), programs, defaultProgram);
  return undefined;
}

function calledByCargo(
  words: readonly string[],
  programs: ReadonlySet<string>,
  defaultProgram: string | undefined,
): Pick<Run, "program" | "arguments"> | undefined {
  const separator = words.indexOf("--");
  const own = separator < 0 ? words : words.slice(0, separator);
  let program = defaultProgram;
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at] ?? "";
    if (/^(?:-q|--quiet|-r|--release|--locked|--offline)$/.test(word)) continue;
    if (word !== "--bin") return undefined;
    at += 1;
    program = own[at];
  }
  if (program === undefined || !programs.has(program)) return undefined;
  return { program, arguments: separator < 0 ? [] : words.slice(separator + 1) };
}

/** `go run . WORDS`, `go run ./cmd/NAME WORDS`. */
function calledByGo(
  [place, ...words]: readonly string[],
  folders: ShownRunContext["folders"],
): Pick<Run, "program" | "arguments"> | undefined {
  const folder =
    place === undefined || !/^\.(?:\/|$)/.test(place) ? undefined : place.replace(/^\.\//, "").replace(/\/$/, "") || ".";
  const program = folder === undefined ? undefined : folders?.get(folder);
  return program === undefined ? undefined : { program, arguments: words };
}

function calledByNix(
  words: readonly string[],
  programs: ReadonlySet<string>,
  defaultProgram: string | undefined,
): Pick<Run, "program" | "arguments"> | undefined {
  const separator = words.indexOf("--");
  const own = separator < 0 ? words : words.slice(0, separator);
  const program = own.length === 0 || own[0] === "." ? defaultProgram : /^\.#(?<name>[\w-]+)$/.exec(own[0] ?? "")?.groups?.name;
  if (program === undefined || own.length > 1 || !programs.has(program)) return undefined;
  return { program, arguments: separator < 0 ? [] : words.slice(separator + 1) };
}

/** A word that looks like a file must be one that the repository holds, or nobody could repeat the run. */
function placeOf(word: string, { isTracked }: ShownRunContext): "none" | "tracked" | "unknown" {
  const value = /^--?[\w-]+=(?<value>.+)$/.exec(word)?.groups?.value ?? word;
  if (value !== "." && value !== ".." && isTracked(value.replace(/^\.\//, "").replace(/\/$/, ""))) return "tracked";
  const looksLikeFile =
    value.startsWith("/") || value.includes("/") || /^[\w-]+\.[A-Za-z][A-Za-z0-9]{0,4}$/.test(value) || /^\.{1,2}$/.test(value);
  return looksLikeFile ? "unknown" : "none";
}
