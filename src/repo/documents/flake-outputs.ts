import { codeOf, type DocumentLine, isRefused } from "./document-lines.ts";
import type { Statement } from "./statement.ts";

/**
 * What a document says a flake offers: outputs by their attribute path, and, in the part of the document that is about one of them, the
 * steps of a check, the features of a package, the variables of a shell. Keys: `flake.checks` and so on, `check.NAME.step`,
 * `package.NAME.features`, `shell.NAME.variable`. Values are written as cargo or a shell would take them.
 */

type Section = "packages" | "apps" | "checks" | "devShells";

interface Subject {
  readonly section: Section;
  readonly name: string;
  /** Of a list item: what is indented deeper belongs to it. A heading holds until the next one. */
  readonly indent: number | undefined;
}

const NAME = "[A-Za-z_][\\w-]*";
const SYSTEM = "(?:[a-z0-9_]+-(?:linux|darwin)|SYSTEM|<system>|\\$\\{?system\\}?)";
const OUTPUT = new RegExp(
  `(?<![\\w.#-])(?<section>packages|apps|checks|devShells)\\.(?:${SYSTEM}\\.)?(?<name>${NAME})(?![\\w./-])`,
);
const KINDS: Readonly<Record<Section, string>> = { packages: "package", apps: "app", checks: "check", devShells: "shell" };
const isSection = (text: string | undefined): text is Section => text !== undefined && Object.hasOwn(KINDS, text);

const HEADING = /^\s{0,3}#{1,6}\s/;
const ITEM = /^(?<indent>\s*)(?:[-*+]|\d+[.)])\s+/;

/** @param lines all lines of one document; each statement comes with the line it stands in */
export function flakeOutputs(lines: readonly DocumentLine[]): readonly (Statement & { readonly line: DocumentLine })[] {
  const withoutDefaults = lines.some(({ text }) => text.includes("--no-default-features"));
  let subject: Subject | undefined;
  return lines.flatMap((line) => {
    if (line.fence !== undefined) return [];
    const here = subjectOf(line);
    const indent = ITEM.exec(line.text)?.groups?.indent?.length ?? line.text.search(/\S/);
    if (HEADING.test(line.text) || (subject?.indent !== undefined && indent >= 0 && indent <= subject.indent))
      subject = undefined;
    const opens = here !== undefined && (subject === undefined || here.indent !== undefined);
    if (opens) subject = here;
    const own = here === undefined || isRefused(line.text, line.text.indexOf(here.name)) ? [] : outputStatements(line);
    const about = subject === undefined ? [] : statementsAbout(subject, line, withoutDefaults);
    return [...own, ...about].map((statement) => ({ ...statement, line }));
  });
}

/** The output that a heading or a list item names first. */
function subjectOf(line: DocumentLine): Subject | undefined {
  const item = ITEM.exec(line.text);
  if (!HEADING.test(line.text) && !item) return undefined;
  const [code] = HEADING.test(line.text) ? [line.text] : codeOf(line);
  const { section, name } = OUTPUT.exec(code ?? "")?.groups ?? {};
  // An item is about an output that it begins with.
  const begins = HEADING.test(line.text) || /^\s*(?:[-*+]|\d+[.)])\s+[*_]*`/.test(line.text);
  if (!isSection(section) || name === undefined || !begins) return undefined;
  return { section, name, indent: item?.groups?.indent?.length };
}

/** Outputs that a line names in code by their paths. */
export function outputStatements(line: DocumentLine): readonly Statement[] {
  const { text } = line;
  return (HEADING.test(text) ? [text] : codeOf(line)).flatMap((code, index) => {
    const { section, name } = OUTPUT.exec(code)?.groups ?? {};
    if (!isSection(section) || name === undefined) return [];
    const at = Math.max(0, text.indexOf(name));
    const named = { claim: `the flake has a ${KINDS[section]} ${name}`, at, key: `flake.${section}`, value: name };
    const first =
      index === 0 && section === "packages" && /\bdefault\b/i.test(text.replace(DEFAULT_FEATURES, "")) && name !== "default";
    return first ? [named, { claim: `the default package is ${name}`, at, key: "flake.default", value: name }] : [named];
  });
}

const DEFAULT_FEATURES = /-?-?(?:no-)?default[- ]features/gi;

function statementsAbout({ section, name }: Subject, line: DocumentLine, withoutDefaults: boolean): readonly Statement[] {
  // Steps, features and variables are told in lists; a heading only says what the list is about.
  if (!ITEM.test(line.text)) return [];
  switch (section) {
    case "checks":
      return [...stepsIn(name, line, withoutDefaults), ...filesIn(name, line)];
    case "packages":
      return featureSets(line, withoutDefaults).map(({ options, at }) => ({
        claim: `${name} is built with ${options}`,
        at,
        key: `package.${name}.features`,
        value: options,
      }));
    case "devShells":
      return variablesIn(name, line);
    case "apps":
      return [];
  }
}

const LIST = /^[A-Za-z0-9_][\w-]*(?:\s*,\s*[A-Za-z0-9_][\w-]*)*$/;

/** Sets of cargo features that a line names in code, as options of cargo. */
function featureSets(line: DocumentLine, withoutDefaults: boolean): readonly { readonly options: string; readonly at: number }[] {
  if (!/\bfeatures?\b/i.test(line.text)) return [];
  return codeOf(line).flatMap((code) => {
    const options = /--features[= ]["']?(?<list>[\w-]+(?:,[\w-]+)*)/.exec(code)?.groups?.list;
    const list = options ?? (LIST.test(code) ? code.replace(/\s/g, "") : undefined);
    if (list === undefined) return [];
    const off = withoutDefaults ? "--no-default-features " : "";
    return [{ options: `${off}--features ${list}`, at: line.text.indexOf(code) }];
  });
}

/** Each with the words that say it. */
const STEPS: readonly (readonly [value: string, pattern: RegExp])[] = [
  ["clippy --deny warnings", /\bclippy\b(?=.*(?:-D\b|deny|strict|warnings? (?:as|are|is) (?:an )?errors?))/i],
  ["clippy", /\bclippy\b/i],
  ["fmt", /\b(?:cargo fmt|rustfmt|fmt|format(?:s|ted|ting)?)\b/i],
  ["doc", /\b(?:cargo doc|rustdoc|documentation|docs)\b/i],
  ["msrv", /\bMSRV\b|\bminimum supported Rust\b|\boldest supported Rust\b/i],
  ["build", /\bbuil(?:d|ds|t)\b/i],
];

const NEXTEST = /\bnextest\b/i;
const PROFILE = /\bprofile\s+[`"']?(?<before>\w+)|[`"']?(?<after>\w+)[`"']?\s+profile\b/i;
/** "the happy path": which tests are meant, by a word of their names. */
const PATH_TESTS = /\b(?<word>[a-z]\w+)[ -]paths?\b/i;
const NAMED_TESTS = /\btests?\b[^`]*`(?<name>[a-z_]\w*(?:::\w+)*)`/i;

function stepsIn(name: string, line: DocumentLine, withoutDefaults: boolean): readonly Statement[] {
  const { text } = line;
  const step = (value: string, at: number): Statement => ({
    claim: `the check ${name} does: ${value}`,
    at: Math.max(0, at),
    key: `check.${name}.step`,
    value,
  });
  const sets = featureSets(line, withoutDefaults);
  if (sets.length > 0) return sets.map(({ options, at }) => step(`test ${options}`, at));
  if (NEXTEST.test(text)) {
    const { before, after } = PROFILE.exec(text)?.groups ?? {};
    const profile = (before ?? after ?? "default").toLowerCase();
    return [step(`nextest ${profile}`, text.search(NEXTEST))];
  }
  const filter = /\btests?\b/i.test(text)
    ? (NAMED_TESTS.exec(text)?.groups?.name ?? PATH_TESTS.exec(text)?.groups?.word)
    : undefined;
  if (filter !== undefined) return [step(`test ${filter.toLowerCase()}`, text.search(/\btests?\b/i))];
  const known = STEPS.flatMap(([value, pattern]) => {
    const at = text.search(pattern);
    return at < 0 || isRefused(text, at) ? [] : [step(value, at)];
  });
  const tests = /\b(?:cargo test|tests?)\b/i.exec(text);
  const all = tests && !isRefused(text, tests.index) ? [...known, step("test", tests.index)] : known;
  // Denied warnings are clippy too.
  return all.some(({ value }) => value === "clippy --deny warnings") ? all.filter(({ value }) => value !== "clippy") : all;
}

/** `result/NAME.log`: what the check leaves. */
function filesIn(name: string, line: DocumentLine): readonly Statement[] {
  return codeOf(line).flatMap((code) => {
    const file = /^(?:\.\/)?result\/(?<file>[\w-][\w.-]*)$/.exec(code)?.groups?.file;
    return file === undefined
      ? []
      : [{ claim: `the check ${name} leaves ${file}`, at: line.text.indexOf(code), key: `check.${name}.file`, value: file }];
  });
}

function variablesIn(name: string, line: DocumentLine): readonly Statement[] {
  return codeOf(line).flatMap((code) => {
    const { variable, value = "" } = /^(?<variable>[A-Z][A-Z0-9_]*)=(?<value>[^`\n]*)$/.exec(code)?.groups ?? {};
    const plain = value.replace(/^(["'])(.*)\1$/, "$2");
    return variable === undefined
      ? []
      : [
          {
            claim: `the shell ${name} sets ${variable}`,
            at: line.text.indexOf(code),
            key: `shell.${name}.variable`,
            value: `${variable}=${plain}`,
          },
        ];
  });
}
