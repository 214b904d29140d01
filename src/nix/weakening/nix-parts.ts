import { attributeNameAt, type NixToken, tokenize, withoutComments } from "../tokenize.ts";
import { functionAround, wholeStrings } from "./nix-text.ts";
import type { ChangedText, Occurrence } from "./patterns.ts";
import { type Deed, deedsOf } from "./shell/deeds.ts";
import { lostDeeds } from "./shell/lost-deeds.ts";
import { narrowerWords } from "./shell/test-words.ts";

/**
 * Phases, hooks, flags, inputs and patches of derivations that the texts of a change no longer hold, over all its files together. It is the only word
 * where the flake did not evaluate before; where it did, the derivations say it better (crq/criteria/weakening/guards).
 */

/** Phases and hooks, whose values are scripts. */
const SCRIPT = /^(?:(?:pre|post)[A-Z][A-Za-z]*|[a-z][A-Za-z]*Phase)$/u;
const WORDS =
  /^(?:checkFlags|cargo(?:Test|Check|NextestExtra|TestExtra|ClippyExtra|Extra)(?:Flags|Args|Options)|buildFeatures|checkFeatures)$/u;
const LISTS = /^(?:(?:native)?(?:Check|InstallCheck)Inputs|checkInputs|installCheckInputs|patches)$/u;
const SWITCHES = /^(?:doInstallCheck|dontStrip|dontPatchELF|dontPatchShebangs|dontFixup|separateDebugInfo)$/u;
/** What a builder does of its own where the phase is not written out: compiling, and laying out what was compiled. */
const MAKING = /^(?:unpack|patch|configure|build|install|fixup|dist)Phase$/u;

export function lostParts(files: readonly ChangedText[]): readonly (Occurrence & { readonly file: string })[] {
  const read = files
    .filter(({ path }) => path.endsWith(".nix"))
    .map(({ path, before = "", after = "" }) => ({ path, was: parts(before), is: parts(after) }));
  if (read.every(({ was }) => was.bound.length === 0)) return [];
  const scripts = files
    .filter(({ path }) => /\.(?:sh|bash)$/u.test(path))
    .flatMap(({ before = "", after = "" }) => (before === after ? [] : deedsOf(after)));
  // What stood beside the scripts before, a name or a URL, takes no place of what is gone.
  const besides = new Map<string, number>();
  for (const { words } of read.flatMap(({ was }) => was.besides)) count(besides, words.join(" "), 1);
  const now = [...read.flatMap(({ is }) => is.deeds).filter(({ words }) => count(besides, words.join(" "), -1) < 0), ...scripts];
  const { lost } = lostDeeds(
    read.flatMap(({ path, was }) => was.ofScripts.map((deed) => ({ ...deed, path }))),
    now,
  );
  const bound = new Map<string, number>();
  for (const { name } of read.flatMap(({ is }) => is.bound)) bound.set(name, (bound.get(name) ?? 0) + 1);
  const words = new Set(read.flatMap(({ is }) => is.words));
  const finding = (file: string, pattern: Occurrence["pattern"], what: string): Occurrence & { file: string } => ({
    file,
    pattern,
    line: 1,
    key: what,
    what,
  });
  const gone = lost.map(({ path, script, words: command, kind, packs }) => ({
    ...finding(path, "phase removed", `${script}: ${command.join(" ")}`),
    ...(packs && kind === "works" && { packs }),
  }));
  return [
    ...gone,
    ...read.flatMap(({ path, was }) =>
      was.bound.flatMap((part): readonly (Occurrence & { file: string })[] => {
        if (bound.has(part.name)) return [];
        const elsewhere = part.words.length > 0 && part.words.every((word) => words.has(word));
        if (WORDS.test(part.name)) {
          const less = /[fF]eatures$/u.test(part.name) ? part.words : narrowerWords(part.words, []);
          return elsewhere || less.length === 0
            ? []
            : [
                finding(
                  path,
                  /[fF]eatures$/u.test(part.name) ? "feature removed" : "test skipped",
                  `${part.name}: ${less.join(" ")}`,
                ),
              ];
        }
        if (LISTS.test(part.name))
          return elsewhere || part.words.length === 0
            ? []
            : [
                finding(
                  path,
                  part.name === "patches" ? "patch removed" : "input removed",
                  `${part.name}: ${part.words.join(" ")}`,
                ),
              ];
        if (SWITCHES.test(part.name))
          return part.words[0] === "true"
            ? [finding(path, part.name === "doInstallCheck" ? "doCheck = false" : "setting removed", part.name)]
            : [];
        // A phase that is no text of this file, `postInstall = common.hook;`: what it did cannot be looked for.
        return SCRIPT.test(part.name) && !part.isText && !elsewhere ? [finding(path, "phase removed", part.name)] : [];
      }),
    ),
  ];
}

/** They build nothing: programs that others built are put into one folder. */
const PACKERS: ReadonlySet<string> = new Set(["symlinkJoin", "buildEnv"]);

/** Whether a program that some text ran, or a tool by which it compared, is in no text any more. */
export function losesDeeds(files: readonly ChangedText[]): boolean {
  const texts = files.filter(({ path }) => path.endsWith(".nix"));
  const named = ({ kind, program }: Deed): string => `${kind} ${program}`;
  const now = new Set(texts.flatMap(({ after = "" }) => parts(after).deeds.map(named)));
  return texts.some(({ before = "" }) => parts(before).deeds.some((deed) => deed.kind !== "works" && !now.has(named(deed))));
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): number {
  const now = (counts.get(key) ?? 0) + by;
  if (now >= 0) counts.set(key, now);
  return now;
}

interface Parts {
  /** Of phases and hooks that are written as texts. */
  readonly ofScripts: readonly (Deed & { readonly script: string; readonly packs: boolean })[];
  /** Of texts that are the value of no phase and no hook. */
  readonly besides: readonly Deed[];
  /** Of every text there is: a script may stand in a `let`, or in an argument. */
  readonly deeds: readonly Deed[];
  readonly bound: readonly { readonly name: string; readonly words: readonly string[]; readonly isText: boolean }[];
  /** Identifiers, texts and paths of the code. */
  readonly words: readonly string[];
}

function parts(source: string): Parts {
  const tokens = withoutComments(tokenize(source));
  const strings = wholeStrings(tokens).filter(({ isAttribute }) => !isAttribute);
  return {
    ofScripts: strings.flatMap(({ attribute: script, text, at }) => {
      if (script === undefined || !SCRIPT.test(script)) return [];
      const packs = PACKERS.has(functionAround(tokens, at) ?? "");
      return deedsOf(text)
        .filter((deed) => !isBuildersOwn(script, deed))
        .map((deed) => ({ ...deed, script, packs }));
    }),
    besides: strings.flatMap(({ attribute, text }) => (attribute !== undefined && SCRIPT.test(attribute) ? [] : deedsOf(text))),
    deeds: strings.flatMap(({ text }) => deedsOf(text)),
    bound: tokens.flatMap((_, index) => {
      const attribute = attributeNameAt(tokens, index);
      if (!attribute || tokens[attribute.next]?.text !== "=" || tokens[index - 1]?.text === ".") return [];
      const { name } = attribute;
      if (![SCRIPT, WORDS, LISTS, SWITCHES].some((pattern) => pattern.test(name))) return [];
      const value = valueTokens(tokens, attribute.next + 1);
      return [{ name, words: wordsOf(value), isText: value[0]?.kind === "quote" }];
    }),
    words: wordsOf(tokens),
  };
}

const isBuildersOwn = (script: string, { kind, program, words }: Deed): boolean =>
  MAKING.test(script) &&
  ((/^cargo/u.test(program) && !words.includes("test") && !words.includes("nextest")) ||
    (kind === "works" && words.some((word) => /(?:^|\/)(?:target|release|debug|bin)(?:\/|$)/u.test(word))));

function valueTokens(tokens: readonly NixToken[], start: number): readonly NixToken[] {
  let level = 0;
  for (let at = start; at < tokens.length; at++) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind === "symbol" && /^[([{]$/u.test(text)) level += 1;
    if (kind === "symbol" && /^[)\]}]$/u.test(text)) level -= 1;
    if (level < 0 || (level === 0 && kind === "symbol" && text === ";")) return tokens.slice(start, at);
  }
  return tokens.slice(start);
}

/** Words of Nix that name nothing. */
const SYNTAX: ReadonlySet<string> = new Set([
  "with",
  "let",
  "in",
  "inherit",
  "rec",
  "if",
  "then",
  "else",
  "pkgs",
  "lib",
  "optionals",
  "optional",
  "builtins",
]);

const wordsOf = (tokens: readonly NixToken[]): readonly string[] =>
  tokens.flatMap(({ kind, text, value }) => {
    if (kind === "identifier") return SYNTAX.has(text) ? [] : [text];
    if (kind === "path") return [text];
    return kind === "text" ? (value ?? "").split(/\s+/u).filter((word) => word !== "") : [];
  });
