import type { Position } from "../../diagnosis.ts";
import { allMatches, type Evidence, firstMatch, type LineMatch, type Recogniser } from "../finding.ts";
import { linkerWords } from "./linker.ts";

/** What the compiler and the tests say of the program itself. Texts of rustc, clippy, rustfmt, libtest, nextest. */

const ARROW = /^\s*--> ([^\s:]+(?: [^\s:]+)*):(\d+):(\d+)/u;

/** The `--> FILE:LINE:COLUMN` that belongs to a line. */
function arrowAfter(evidence: Evidence, at: number): Position | undefined {
  for (const line of evidence.lines.slice(at + 1, at + 6)) {
    const [, file, row, column] = line.match(ARROW) ?? [];
    if (file !== undefined) return { file: sourcePath(file), line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** A path as it is in the repository: without the build folder or the source's store path, `src/../x` shortened. */
export function sourcePath(path: string): string {
  const parts: string[] = [];
  for (const part of path
    .replace(/^\/build\/(?:source|[^/]*-source)\/|^\/nix\/store\/[a-z0-9]{32}-[^/]*source\//u, "")
    .replace(/^\/build\/(?=[^/]+\/)/u, "")
    .split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** A file that the source filter dropped. */
export const sourceFilter: Recogniser = (evidence) => {
  const read = firstMatch(evidence, /couldn't read [`'"]?([^`'"\n]+?)[`'"]?: (?:No such file|entity not found)/u);
  const sqlx = read
    ? undefined
    : firstMatch(
        evidence,
        /(?:set `?DATABASE_URL`? to use query macros|no cached data for this query|`?SQLX_OFFLINE=true`? but there is no cached data)/u,
      );
  const proto =
    (read ?? sqlx)
      ? undefined
      : (firstMatch(evidence, /Could not make proto path relative: ([^:]+):/u) ??
        firstMatch(evidence, /^(?:.*protoc failed: )?([^\s:]+\.proto): (?:File not found|No such file)/u));
  const macro =
    (read ?? sqlx ?? proto)
      ? undefined
      : firstMatch(
          evidence,
          /(?:file|path|directory|folder|template) [`'"]([^`'"]+)[`'"] (?:does not exist|not found|could not be (?:found|read))/u,
        );
  const compiled = (read ?? sqlx ?? proto ?? macro) ? undefined : missingCSource(evidence);
  const hit = read ?? sqlx ?? proto ?? macro ?? compiled;
  if (!hit) return undefined;
  // Beside a source in C lie its headers, and no compiler names them all.
  const path = sqlx ? ".sqlx" : sourcePath(compiled ? folderOf(hit.match[1] ?? "") : (hit.match[1] ?? ""));
  if (macro && (path.startsWith("/") || !/\.[a-z0-9]+$/iu.test(path))) return undefined;
  const position = arrowAfter(evidence, hit.at);
  return {
    facts: { kind: "source-filter", path },
    message: sqlx ? "sqlx finds neither a database nor its saved queries" : `'${path}' is not in the source that Nix builds`,
    next: sqlx
      ? 'Keep the .sqlx folder in src and set SQLX_OFFLINE = "true"; if there is none, a person must run cargo sqlx prepare.'
      : `Keep '${path}' in src: lib.fileset.toSource with lib.fileset.unions of the cargo sources and that path (cleanCargoSource drops everything that is not Rust); if git does not track it, add it.`,
    at: hit.at,
    ...(position && { position }),
  };
};

/** A source in C of the project itself that its build script compiles: by a path inside the repository. */
const missingCSource = (evidence: Evidence): LineMatch | undefined =>
  evidence.derivation?.owner === "nixpkgs"
    ? undefined
    : (firstMatch(evidence, /fatal error: ([\w.-]+(?:\/[\w.-]+)*\.(?:c|cc|cpp|cxx|S)): No such file or directory/u) ??
      firstMatch(evidence, /error: no such file or directory: '([\w.-]+(?:\/[\w.-]+)*\.(?:c|cc|cpp|cxx|S))'/u));

const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path);

/** `mod x;` without its file: git does not track it, or a filter drops it; a program that never had it compiles nowhere. */
export const missingModule: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /file not found for module `([^`]+)`/u);
  if (!found) return undefined;
  const position = arrowAfter(evidence, found.at);
  const path = evidence.text.match(/to create the module `[^`]+`, create file "([^"]+)"/u)?.[1];
  const file = sourcePath(path ?? `${found.match[1] ?? ""}.rs`);
  return {
    facts: { kind: "untracked-file", path: file },
    message: `the build does not see '${file}', the file of module \`${found.match[1] ?? ""}\``,
    next: `If '${file}' (or its mod.rs) exists, let git track it (git add --intent-to-add; the tools do so) and the source filter keep it; else the module is missing in the program itself.`,
    at: found.at,
    ...(position && { position }),
  };
};

/** A test that starts a program which is not among its inputs: `…: Os { code: 2, kind: NotFound, … }` of a spawn. */
const NO_PROGRAM =
  /(?:runs?|spawn|start|execut|exec|launch|command|program|invok)[^/]*(?:kind: NotFound|No such file or directory \(os error 2\))/iu;

const SANDBOX_SIGNS =
  /homeless-shelter|PermissionDenied|Permission denied|Couldn't resolve host|Could not resolve host|failed to lookup address|Temporary failure in name resolution|dns error|Network is unreachable|Read-only file system|\/dev\/tty|No such device|NotPresent.*HOME|HOME.*NotPresent|could not find home|home directory/u;

/** Names of failed tests: libtest's summary lines, nextest's FAIL lines. */
function failedTests(evidence: Evidence): readonly string[] {
  const libtest = allMatches(evidence, /^test (\S.*?)(?: - should panic)? \.\.\. FAILED/u);
  const nextest = allMatches(evidence, /^\s*(?:FAIL|SIGABRT|SIGSEGV|TIMEOUT) \[[^\]]*\] (?:\(\s*\d+\/\d+\)\s*)?(\S+(?: \S+)*)/u);
  return [...new Set([...libtest, ...nextest].map(({ match }) => match[1] ?? ""))].filter((name) => name !== "");
}

export const tests: Recogniser = (evidence) => {
  const summary: LineMatch | undefined = firstMatch(
    evidence,
    /^test result: FAILED|^error: test failed|^error: \d+ targets? failed|^error: doctest failed|^\s*Summary \[.*\].* failed/u,
  );
  const names = failedTests(evidence);
  if (!summary && names.length === 0) return undefined;
  const sandbox = firstMatch(evidence, SANDBOX_SIGNS) ?? firstMatch(evidence, NO_PROGRAM);
  const first = firstMatch(evidence, /^thread '.*' (?:\(\d+\) )?panicked at|^---- .* stdout ----/u) ?? summary;
  const list = names.length === 0 ? "tests" : names.slice(0, 5).join(", ");
  return sandbox
    ? {
        facts: { kind: "sandboxed-test", tests: names },
        message: `${list} failed because of the sandbox: ${sandbox.line.slice(0, 160)}`,
        next: "Give the tests what they miss (export HOME=$(mktemp -d), nativeCheckInputs); a test that needs the network may be skipped by its exact name with a reason, and that counts as weakening.",
        at: sandbox.at,
        stage: "check",
      }
    : {
        facts: { kind: "test-failure", tests: names },
        message: `${list} failed`,
        next: "The tests judge the program: see what they compare. Skipping one or doCheck = false is weakening and needs a person.",
        at: first?.at ?? summary?.at ?? 0,
        stage: "check",
      };
};

/** A program that wants a terminal or an answer, which no build has. */
export const interactive: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /[Ii]nappropriate ioctl for device|[Nn]ot a (?:terminal|tty)\b|\bnot a TTY\b|(?:std(?:in|out|err)|input|output) is not a (?:terminal|tty)|TERM environment variable (?:is )?not set|(?:open|opening|access).*\/dev\/tty|\/dev\/tty: No such|cannot prompt|(?:no|without an?) interactive (?:terminal|session)|requires an? (?:interactive )?(?:terminal|tty)\b|Unknown terminal|terminals database is inaccessible/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "interactive" },
    message: found.line.replace(/^error: /u, ""),
    next: 'A build has no terminal and nobody to answer: TERM = "dumb", NO_COLOR = "1" and CI = "1" tell most programs so; else give the answer by an option or a file.',
    at: found.at,
  };
};

/** rustfmt's own difference: first of all, since the source lines that it quotes may hold any words. */
export const unformatted: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /^Diff in (\S+?):(\d+):$|^Diff in (\S+) at line (\d+):/u);
  if (!found) return undefined;
  const file = sourcePath(found.match[1] ?? found.match[3] ?? "");
  return {
    facts: { kind: "compile-error", code: "rustfmt" },
    message: `${file} is not formatted`,
    next: "Run cargo fmt on the sources if the change request covers them, or leave the formatting check out; nothing else is wrong.",
    at: found.at,
    position: { file, line: Number(found.match[2] ?? found.match[4]), column: 1 },
  };
};

export const compileError: Recogniser = (evidence) => {
  const coded = firstMatch(evidence, /^\s*error\[(E\d+)\]: /u);
  const plain =
    coded ??
    firstMatch(
      evidence,
      /^\s*error: (?!could not compile|aborting due to|failed to run custom build|test failed|builder for|Cannot build|process didn't exit|linking with|no matching package|package |the lock file|failed to |unable to |executing )/u,
    );
  const hit = plain ?? firstMatch(evidence, /^\s*error: linking with `[^`]+` failed/u);
  if (!hit) return undefined;
  const linker = /^\s*error: linking/u.test(hit.line) ? linkerWords(evidence, hit.at) : undefined;
  const position = arrowAfter(evidence, hit.at);
  // `error: …` without a place in a source is some tool's cry, not the compiler's.
  if (!coded && !position && !/^\s*error: linking/u.test(hit.line)) return undefined;
  const lint = coded
    ? undefined
    : evidence.lines
        .slice(hit.at, hit.at + 20)
        .join("\n")
        .match(/clippy::([a-z_-]+)|rust-clippy\/[^\s]*#([a-z_]+)|`-D ([a-z-]+(?:::[a-z_-]+)?)`/u);
  const code = coded?.match[1] ?? (lint ? `lint:${(lint[1] ?? lint[2] ?? lint[3] ?? "").replaceAll("-", "_")}` : undefined);
  return {
    facts: { kind: "compile-error", ...(code !== undefined && { code }) },
    message: [hit.line.replace(/^error(?:\[E\d+\])?: /u, ""), ...(linker ? [linker.line] : [])].join(": "),
    next: code?.startsWith("lint:")
      ? "A lint that the check denies fires in the program: change the source if the request covers it, or do not deny warnings in that check (that counts as weakening)."
      : "The compiler refuses the program itself: see whether it compiles at the base commit; if not, sources need a person's patch.",
    at: linker?.at ?? hit.at,
    ...(position && { position }),
  };
};
