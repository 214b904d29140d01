import type { FlakePlan } from "../../nix/recipes/plan.ts";
import type { CargoProject } from "../../repo/facts.ts";

/** How a drafted document speaks of the project. */
export interface Subject {
  /** Opens a sentence: "The Rust program `greet`". */
  readonly subject: string;
  /** Goes on in one: "the program `greet`". */
  readonly product: string;
  /** For titles, without code marks: "greet". */
  readonly name: string;
}

const code = (names: readonly string[]): string => joined(names.map((name) => `\`${name}\``));

export function joined(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Longest list of names in a title. */
const MAX_NAMED = 3;

/** Words that a reader, and the linter, take for unfinished text when they stand in a title; a crate may well have such a name. */
const UNFINISHED = /\b(?:TBD|TODO|FIXME|TBC)\b/i;

export function describeSubject(project: CargoProject, plan: FlakePlan): Subject {
  const subject = nameSubject(project, plan);
  return UNFINISHED.test(subject.name) ? { ...subject, name: "the Rust project" } : subject;
}

function nameSubject(project: CargoProject, plan: FlakePlan): Subject {
  const programs = plan.packages.flatMap((pkg) => pkg.programs);
  const crates = plan.packages.map((pkg) => pkg.crate);
  const libraries = project.packages.filter((pkg) => pkg.library && !crates.includes(pkg.name)).map((pkg) => pkg.name);
  if (programs.length === 0) {
    const names = libraries.slice(0, MAX_NAMED);
    const plural = libraries.length > 1;
    return {
      subject: `The Rust ${plural ? "libraries" : "library"} ${code(names)}`,
      product: `the tested ${plural ? "libraries" : "library"}`,
      name: joined(names),
    };
  }
  const [only] = crates;
  if (crates.length === 1 && only !== undefined)
    return {
      subject: `The Rust project \`${only}\``,
      product: `the ${programs.length > 1 ? "programs" : "program"} ${code(programs)}`,
      name: only,
    };
  const name = crates.length <= MAX_NAMED ? joined(crates) : `${crates.length} programs`;
  return { subject: `The Rust workspace with the programs ${code(programs)}`, product: `the programs ${code(programs)}`, name };
}

/** Lower-case words joined by hyphens, 3 to 60 characters, as in file and branch names. */
export function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56)
    .replace(/-+$/, "");
  return slug.length >= 3 ? slug : `nix-${slug || "flake"}`;
}
