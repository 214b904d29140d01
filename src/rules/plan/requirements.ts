import picomatch from "picomatch";
import type { Check } from "../../crq/checks.ts";
import type { Criterion, Crq, Fact } from "../../crq/model.ts";
import { parseAttributePath } from "../../nix/attribute-path.ts";

/** What the acceptance criteria of a CRQ ask of a flake, read from their check blocks; the prose is for people. */

export interface Requirements {
  /** Attributes under `packages.SYSTEM`, each with the programs that its criteria expect in `bin/`. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names under `checks.SYSTEM`, `apps.SYSTEM`. */
  readonly checks: ReadonlySet<string>;
  readonly apps: ReadonlySet<string>;
  /** Names under `devShells.SYSTEM`, each with the commands that must run in it. */
  readonly shells: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly formatter: boolean;
  readonly inputs: ReadonlySet<string>;
  readonly docs: readonly WantedDocument[];
  /** Full attribute paths that criteria build, `${system}` resolved. */
  readonly builds: readonly string[];
  /** Which paths a criterion lets a change touch. */
  readonly scopes: readonly Scope[];
  /** Criteria that need what this planner cannot make: `AC-n: why`. */
  readonly beyond: readonly string[];
}

export interface WantedDocument {
  readonly file: string;
  readonly headings: readonly string[];
  readonly mentions: readonly string[];
  /** Its commands are carried out: it is to be a guide to the flake. */
  readonly runs?: true;
}

export interface Scope {
  readonly criterion: string;
  /** Globs; `deny` wins. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** The criterion that does not let a change touch a path. */
export const forbids = (scopes: readonly Scope[], path: string): string | undefined =>
  scopes.find(({ allow, deny }) => {
    const matches = (globs: readonly string[]): boolean => globs.length > 0 && picomatch([...globs], { dot: true })(path);
    return !matches(allow) || matches(deny);
  })?.criterion;

class Collector {
  readonly packages = new Map<string, Set<string>>();
  readonly checks = new Set<string>();
  readonly apps = new Set<string>();
  readonly shells = new Map<string, (readonly string[])[]>();
  readonly inputs = new Set<string>();
  readonly docs: WantedDocument[] = [];
  readonly builds = new Set<string>();
  readonly scopes: Scope[] = [];
  readonly beyond: string[] = [];
  formatter = false;

  /** @param attribute full path such as `packages.${system}.greet` */
  output(attribute: string, programs: readonly string[] = []): void {
    const [kind, , ...rest] = parseAttributePath(attribute) ?? [];
    const [name] = rest;
    if (kind === "formatter") this.formatter = true;
    if (name === undefined) return;
    if (kind === "packages") this.packages.set(name, new Set([...(this.packages.get(name) ?? []), ...programs]));
    else if (kind === "checks") this.checks.add(name);
    else if (kind === "apps") this.apps.add(name);
    else if (kind === "devShells") this.shell(name, []);
  }

  shell(name: string, argv: readonly string[]): void {
    this.shells.set(name, [...(this.shells.get(name) ?? []), ...(argv.length > 0 ? [argv] : [])]);
  }
}

const withSystem = (attribute: string, system: string): string => attribute.replaceAll(`\${system}`, system);

const programsIn = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) => /^bin\/(?<name>[^/]+)$/.exec(file)?.groups?.name ?? []);

/** `${out:AC-1.0}/bin/NAME` of a run: the store path of an earlier check of the document. */
const OUTPUT = /^\$\{out:(?<criterion>AC-\d+)\.(?<index>\d+)\}\/bin\/(?<program>[^/]+)$/;

function builtBy(criteria: readonly Criterion[], id: string, index: number): string | undefined {
  const check = criteria.find((criterion) => criterion.id === id)?.checks[index];
  return check?.kind === "nix-build" ? check.attr : undefined;
}

function collect(check: Check, criterion: Criterion, criteria: readonly Criterion[], system: string, into: Collector): void {
  switch (check.kind) {
    case "nix-build":
      into.output(withSystem(check.attr, system), programsIn(check.files));
      into.builds.add(withSystem(check.attr, system));
      return;
    case "nix-eval":
      if (check.attr !== undefined) into.output(withSystem(check.attr, system));
      return;
    case "flake-outputs":
      for (const attribute of check.require) into.output(withSystem(attribute, system));
      return;
    case "flake-check":
      for (const name of check.require) into.checks.add(name);
      return;
    case "dev-shell":
      into.shell(check.shell, check.run.argv);
      return;
    case "run": {
      const program = OUTPUT.exec(check.argv[0] ?? "")?.groups;
      const attribute = program && builtBy(criteria, program.criterion ?? "", Number(program.index));
      if (attribute !== undefined && program?.program !== undefined)
        into.output(withSystem(attribute, system), [program.program]);
      return;
    }
    case "lock":
      for (const name of check.require) into.inputs.add(name);
      return;
    case "doc":
      for (const file of check.files)
        into.docs.push({
          file,
          headings: check.headings,
          mentions: check.mentions,
          ...(check["run-fences"] && { runs: true as const }),
        });
      return;
    case "git-scope":
      into.scopes.push({ criterion: criterion.id, allow: check.allow, deny: check.deny });
      return;
    case "flake-inputs":
    case "nix-parse":
    case "file":
    case "manual":
      return;
    case "steps":
    case "command":
      if (!check.regression)
        into.beyond.push(`${criterion.id}: a check of kind ${check.kind} asks for something that no recipe makes`);
      return;
  }
}

/** @param system the system that `${system}` stands for, such as `x86_64-linux` */
export function requirementsOf(crq: Pick<Crq, "criteria">, system: string): Requirements {
  const into = new Collector();
  const criteria = crq.criteria.filter((criterion) => criterion.withdrawn === undefined);
  for (const criterion of criteria) for (const check of criterion.checks) collect(check, criterion, criteria, system, into);
  return { ...into, builds: [...into.builds] };
}

export const NO_REQUIREMENTS: Requirements = requirementsOf({ criteria: [] }, "");

/** The values that a document states by key: those of the CRQ's own facts block come before the survey's. */
export type Stated = Pick<Fact, "claim" | "source" | "key" | "value">;
