import { posix } from "node:path";
import type { PlannedSourceFilter } from "../../nix/recipes/plan.ts";
import type { CargoProject, Survey } from "../../repo/facts.ts";

/**
 * What a source filter must keep besides Rust and cargo files. A file that is dropped and read by a test, a macro or a build script is a
 * failure that the project does not have, so everything is kept that is not known to be for people or for other tools.
 */

/** More paths than this are no filter any more: the whole source is copied. */
const MAX_KEPT = 24;

/** Documents and settings of other tools at the top of a package; what the build reads of them is known from the include macros. */
const FOR_PEOPLE =
  /^(?:readme|license|licence|copying|copyright|notice|changelog|changes|authors|contributing|contributors|code_of_conduct|security|todo|makefile|justfile|dockerfile|containerfile|procfile|codeowners|cliff|renovate|clippy|rustfmt|deny|release|taplo|typos)(?:[._-][\w.-]*)?$/i;
const OTHER_TOOLS = /\.(?:md|nix|lock|sh|ya?ml)$/i;
const FOR_PEOPLE_FOLDERS = new Set(["doc", "docs", "nix", "target", "crqs", "node_modules", "result"]);

/** commonCargoSources keeps these by itself. */
const isCargoSource = (path: string): boolean => /\.(?:rs|toml)$/.test(path) || posix.basename(path) === "Cargo.lock";

const inside = (path: string, folder: string): boolean => folder === "." || path === folder || path.startsWith(`${folder}/`);

/** @param folder the folder that is copied into the build */
export function plannedSourceFilter(survey: Survey, project: CargoProject, folder: string): PlannedSourceFilter {
  // The list of files was cut: what was not looked at cannot be left out.
  if (survey.filesTotal > survey.files.length) return { kind: "none" };
  const needed = survey.neededFiles
    .filter((file) => file.exists && inside(file.path, folder) && file.path !== folder && !isCargoSource(file.path))
    .map((file) => file.path);
  const packages = project.packages.map((pkg) => pkg.directory).sort((a, b) => b.length - a.length);
  const found = survey.files.flatMap((path) => {
    if (isCargoSource(path) || !inside(path, folder)) return [];
    const owner = packages.find((directory) => inside(path, directory)) ?? folder;
    return keptPath(path, owner);
  });
  const keep = withoutInner([...new Set([...needed, ...found])].sort());
  return keep.length > MAX_KEPT ? { kind: "none" } : { kind: "cargo", keep };
}

/** The file itself at the top of a package, else the package's folder that holds it. */
function keptPath(path: string, owner: string): readonly string[] {
  const below = owner === "." ? path : path.slice(owner.length + 1);
  const [first = "", ...rest] = below.split("/");
  if (rest.length === 0) return isForPeople(first) ? [] : [path];
  if (first.startsWith(".") || FOR_PEOPLE_FOLDERS.has(first.toLowerCase())) return [];
  return [owner === "." ? first : `${owner}/${first}`];
}

const isForPeople = (name: string): boolean => name.startsWith(".") || FOR_PEOPLE.test(name) || OTHER_TOOLS.test(name);

/** Paths that no other one of the list holds. */
const withoutInner = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => !paths.some((other) => other !== path && inside(path, other)));
