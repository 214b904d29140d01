import { posix } from "node:path";
import type { Diagnosis } from "../../../diagnosis.ts";
import { flakeParts } from "../../../recipes/existing/flake-parts.ts";
import { string } from "../../../recipes/nix-syntax.ts";
import { addBinding } from "../edit/arguments.ts";
import { argumentSets, buildFiles } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { boundNames, replaceRanges } from "../edit/uses.ts";
import { type FilterSite, filterSites } from "./source-filters.ts";

/** A file that git tracks and a filter of the source drops: the filter lets it through, and stays what it was for all others. */
export function widenSource(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  const missing = missingPath(diagnosis);
  const path = missing === undefined ? undefined : trackedPath(missing, place.tracked);
  if (path === undefined) return undefined;
  return inOneFile(buildFiles(place.files), (file) => {
    const widened = widen(file, path);
    if (widened === undefined) return undefined;
    const after = diagnosis.kind === "source-filter" && path === ".sqlx" ? offline(widened, diagnosis) : widened;
    return { name: "widen-source", after, what: `the build's source keeps ${path}` };
  });
}

function missingPath(diagnosis: Diagnosis): string | undefined {
  switch (diagnosis.kind) {
    case "source-filter":
    case "path-outside-source":
      return diagnosis.path;
    case "workspace":
      return diagnosis.member;
    default:
      return undefined;
  }
}

/** The tracked file or folder that a build means: by its whole path, else the only one that ends like it. */
function trackedPath(missing: string, tracked: readonly string[]): string | undefined {
  const path = posix
    .normalize(missing)
    .replace(/\/$/u, "")
    .replace(/\/Cargo\.toml$/u, "");
  if (path === "." || path.startsWith("/") || path.startsWith("..")) return undefined;
  const isThere = (candidate: string): boolean => tracked.some((file) => file === candidate || file.startsWith(`${candidate}/`));
  if (isThere(path)) return path;
  const ends = tracked.filter((file) => file.endsWith(`/${path}`));
  return ends.length === 1 ? ends[0] : undefined;
}

/** sqlx reads its saved queries only when it is told that there is no database. */
const offline = (text: string, { derivation }: Diagnosis): string =>
  argumentSets(text, derivation, "SQLX_OFFLINE").reduce(
    (source, open) => addBinding(source, open, "SQLX_OFFLINE", string("true")) ?? source,
    text,
  );

function widen({ path: file, text }: CodeFile, path: string): string | undefined {
  // A Nix path is relative to the file it stands in.
  const relative = posix.relative(posix.dirname(file), path);
  const literal = pathLiteral(relative.startsWith(".") && !relative.startsWith(".sqlx") ? relative : `./${relative}`);
  const sites = filterSites(text);
  const [site] = sites;
  if (!site || literal === undefined) return undefined;
  // Several builds with the same filter are widened alike; different filters are somebody's intention.
  if (sites.some(({ kind }) => kind !== site.kind)) return undefined;
  const ranges = sites.flatMap((each) => change(text, each, path, literal) ?? []);
  return ranges.length === sites.length ? replaceRanges(text, ranges) : undefined;
}

const pathLiteral = (path: string): string | undefined => (/^[\w.+/-]+$/u.test(path) ? path : undefined);

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function change(text: string, site: FilterSite, path: string, literal: string): Replacement | undefined {
  const value = text.slice(site.start, site.end);
  const at = (fresh: string): Replacement => ({ start: site.start, end: site.end, text: fresh });
  switch (site.kind) {
    case "list":
      return intoList(text, site, path, literal);
    case "fileset":
      return at(`${libOf(text)}.fileset.unions [ ${parenthesised(value)} ${literal} ]`);
    case "clean-cargo": {
      const lib = libOf(text);
      if (site.root === undefined) return undefined;
      const cargo = `(${site.library}.fileset.commonCargoSources ${site.root})`;
      return at(
        `${lib}.fileset.toSource {
  root = ${site.root};
  fileset = ${lib}.fileset.unions [
    ${cargo}
    ${literal}
  ];
}`.replaceAll("\n", `\n${indentationAt(text, site.start)}`),
      );
    }
    case "lambda":
      return value.includes(keeps(path, site.argument)) ? undefined : at(`(${value.trim()}) || ${keeps(path, site.argument)}`);
    case "function":
      return at(`path: type: (${parenthesised(value)} path type) || ${keeps(path, "path")}`);
  }
}

const parenthesised = (code: string): string =>
  /^[\w.'-]+$/u.test(code.trim()) || /^\(.*\)$/su.test(code.trim()) ? code.trim() : `(${code.trim()})`;

const indentationAt = (text: string, at: number): string =>
  /^[ \t]*/u.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";

/** How the file reaches nixpkgs' library. */
function libOf(text: string): string {
  const bound = boundNames(text);
  if (bound.has("lib")) return "lib";
  return bound.has("pkgs") || !flakeParts(text).inputs.has("nixpkgs") ? "pkgs.lib" : "nixpkgs.lib";
}

/** A filter asks for every folder on the way as well. @param argument name of the path in the filter */
const keeps = (path: string, argument: string): string =>
  `builtins.match ".*/${pathPattern(path)}" (toString ${argument}) != null`;

/** Matches the path, the folders that lead to it, and what lies below it. */
const pathPattern = (path: string): string =>
  path
    .split("/")
    .map((segment) => segment.replace(/[.+]/gu, "[$&]"))
    .reduceRight((inner, segment) => (inner === "" ? `${segment}(/.*)?` : `${segment}(/${inner})?`), "");

function intoList(
  text: string,
  site: Extract<FilterSite, { kind: "list" }>,
  path: string,
  literal: string,
): Replacement | undefined {
  const fresh = {
    path: literal,
    string: string(path),
    regex: string(pathPattern(path)),
    suffix: string(posix.basename(path)),
  }[site.element];
  if (text.slice(site.start, site.end).includes(fresh)) return undefined;
  const before = text.slice(0, site.end);
  const lineStart = before.lastIndexOf("\n") + 1;
  if (before.slice(lineStart).trim() === "") {
    const previous = before.slice(0, lineStart).trimEnd();
    const depth = /^[ \t]*/u.exec(previous.slice(previous.lastIndexOf("\n") + 1))?.[0] ?? "";
    const inner = previous.endsWith("[") ? `${depth}  ` : depth;
    return { start: lineStart, end: lineStart, text: `${inner}${fresh}${text.includes("\r\n") ? "\r\n" : "\n"}` };
  }
  return { start: before.trimEnd().length, end: site.end, text: ` ${fresh} ` };
}
