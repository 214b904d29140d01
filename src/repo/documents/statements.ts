import { machinePaths } from "../../system/environment/machine-path.ts";
import type { Builder } from "../facts.ts";
import { codeOf, type DocumentLine, isRefused, runOn } from "./document-lines.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { rustStatements } from "./rust-statements.ts";
import type { Extractor, Statement } from "./statement.ts";
import { corrected } from "./wrong-commands.ts";

/** What single lines of a document state about the flake: addresses, builders, commands, systems. */

const REFERENCE =
  /\b(?:github|gitlab|sourcehut):[\w.-]+\/[\w.-]+(?:\/[\w.-]+)*(?:\?[\w.%-]+=[\w./%-]+(?:&[\w.%-]+=[\w./%-]+)*)?/g;
/** Sentence marks and brackets that a reference in prose is followed by. */
const TRAILING = /(?<![.,:;)\]'"*])[.,:;)\]'"*]+$/;
const ASSIGNED = /(?<![\w.-])(?:inputs\.)?(?<name>[A-Za-z_][\w'-]*)(?:\.url\s*=|\s*=\s*\{\s*url\s*=)\s*"(?<url>[^"]+)"/g;
const ABOUT_INPUTS = /\binputs?\b|\bflakes?\b|\bvendored?\b|\burls?\b|\breferences?\b|\bfork\b/i;
/** Repositories that a Rust project names for nothing but a flake input. */
const INPUT_REPOSITORIES: ReadonlySet<string> = new Set([
  "nixpkgs",
  "naersk",
  "crane",
  "crate2nix",
  "flake-utils",
  "flake-parts",
  "rust-overlay",
  "fenix",
]);

/** Addresses of flake inputs: assignments by name, references in prose by the name of their repository. */
const inputAddresses: Extractor = (line) => {
  const statements: Statement[] = [];
  const taken: (readonly [number, number])[] = [];
  for (const match of line.text.matchAll(ASSIGNED)) {
    const { name, url } = match.groups ?? {};
    if (name === undefined || url === undefined || isRefused(line.text, match.index)) continue;
    taken.push([match.index, match.index + match[0].length]);
    if (/^(?:[a-z+]+:|\.{1,2}\/|\/|~)/.test(url)) statements.push(address(name, url, match.index));
  }
  for (const match of line.text.matchAll(REFERENCE)) {
    const url = match[0].replace(TRAILING, "");
    const repository = /^\w+:[^/]+\/(?<name>[^/?]+)/.exec(url)?.groups?.name;
    const inside = taken.some(([from, to]) => match.index >= from && match.index < to);
    const known = repository !== undefined && INPUT_REPOSITORIES.has(repository.toLowerCase());
    const meant = known || ABOUT_INPUTS.test(line.text) || url.includes("?ref=") || line.fence === "nix";
    if (repository === undefined || inside || !meant || isRefused(line.text, match.index)) continue;
    // A command shows where something is from, not where the project takes it from.
    if (/\bnix\s+(?:run|build|shell|develop|profile|flake)\b/.test(line.text.slice(0, match.index))) continue;
    statements.push(address(repository, url, match.index));
  }
  return statements;
};

/** Where somebody's files lie is nobody's business: such an address is named as what it is. */
function address(name: string, url: string, at: number): Statement {
  const value = machinePaths().test(url) ? "a path of one machine" : url;
  return { claim: `the flake input ${name} comes from ${value}`, at, key: `inputs.${name}.url`, value };
}

const BUILDERS: readonly (readonly [Builder, RegExp])[] = [
  ["naersk", /\bnaersk\b/gi],
  ["crane", /\bcrane(?:Lib)?\b/g],
  ["crate2nix", /\bcrate2nix\b/gi],
  ["buildRustPackage", /\bbuildRustPackage\b/g],
];
const BUILDS = /\b(?:buil[dt]s?|building|us(?:e|es|ed|ing)|packaged?|packages|leverag\w+|via|with|by|integration|compiles?)\b/i;

const builders: Extractor = (line) =>
  BUILDERS.flatMap(([builder, pattern]) =>
    [...line.text.matchAll(pattern)]
      .filter((match) => (line.fence !== undefined || BUILDS.test(line.text)) && !isRefused(line.text, match.index))
      .slice(0, 1)
      .map((match) => ({ claim: `Rust crates are built with ${builder}`, at: match.index, key: "builder", value: builder })),
  );

const COMMAND =
  /\bnix\s+(?:build|run|develop|flake\s+(?:check|show|lock|update)|fmt|shell)\b[^#\n|&;]*(?:#[\w."-]+(?:\.[\w"-]+)*)?(?:\s+--impure\b)?/g;

/** Commands for the reader; a wrong one is stated with its correction. */
const commands: Extractor = (line) =>
  codeOf(line).flatMap((code) =>
    [...code.matchAll(COMMAND)].flatMap((match): Statement[] => {
      // What follows is a placeholder such as `#<package>`, and no comment.
      if (code[match.index + match[0].length] === "#" && !/\s$/.test(match[0])) return [];
      const command = tidy(match[0]);
      const impure = /\s--impure\b/.test(command);
      // Whether it may be impure is for the project's rules; that it need not be is said apart.
      const right = impure ? command : corrected(command, "SYSTEM");
      const at = Math.max(0, line.text.indexOf(match[0].trim()));
      if (line.fence === undefined && isRefused(line.text, at)) return [];
      const claim = right === command ? `readers are told to run ${command}` : `${command} is wrong; ${right} is meant`;
      const needless = {
        claim: `${command} reads the machine it runs on`,
        at,
        key: "wrong.impure",
        value: corrected(command, "SYSTEM"),
      };
      return [{ claim, at, key: `command:${command}`, value: right }, ...(impure ? [needless] : [])];
    }),
  );

const tidy = (command: string): string =>
  command
    .replace(/\s+(?:--\s.*|#\s.*)$/, "")
    .replace(/\s+/g, " ")
    .trim();

/** That a document promises what `nix run` does not do. */
const runsUnbuilt: Extractor = ({ text }) => {
  const match = /\b[Rr]un\b[^\n]*?(?<promise>without (?:a )?build(?:ing)?\b)/.exec(text);
  if (!match?.groups?.promise) return [];
  const at = text.indexOf(match.groups.promise);
  return [{ claim: "programs are said to run without being built", at, key: "wrong.run", value: "nix run builds what it runs" }];
};

const SYSTEM = /\b(?:x86_64|aarch64)-(?:linux|darwin)\b/g;

/** Systems where a line lists them as such. */
const systems: Extractor = (line) => {
  if (!/\bsystems?\b|\bplatforms?\b/i.test(line.text) || line.fence !== undefined) return [];
  const named = [...new Set([...line.text.matchAll(SYSTEM)].map((match) => match[0]))].sort();
  return named.length === 0
    ? []
    : [
        {
          claim: `the supported systems are ${named.join(", ")}`,
          at: line.text.search(SYSTEM),
          key: "systems",
          value: named.join(" "),
        },
      ];
};

const EXTRACTORS: readonly Extractor[] = [inputAddresses, builders, commands, runsUnbuilt, ...rustStatements, systems];

/** Every statement of a line, in the order of the extractors, with the text it stands in; of the line and the next one, what runs on. */
export function statementsOf(line: DocumentLine, next?: DocumentLine): readonly (Statement & { readonly text: string })[] {
  const of = (extractors: readonly Extractor[], where: DocumentLine) =>
    extractors.flatMap((extract) => extract(where).map((statement) => ({ ...statement, text: where.text })));
  const own = of([...EXTRACTORS, ...REQUIREMENTS], line);
  const wide = runOn(line, next);
  if (!wide || !next) return own;
  // What either line says by itself is stated there.
  const alone = [...own, ...of(REQUIREMENTS, next)];
  return [...own, ...of(REQUIREMENTS, wide).filter(({ key }) => !alone.some((known) => known.key === key))];
}
