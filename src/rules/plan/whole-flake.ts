import type { FlakePlan, PlannedApp, PlannedLint, PlannedPackage, PlannedTest } from "../../nix/recipes/plan.ts";
import type { CargoProject, Survey } from "../../repo/facts.ts";

/** What a whole flake has besides the packages and what criteria ask for. */

const NEXTEST_SETTINGS = /(?:^|\/)\.config\/nextest\.toml$/;

export interface Named {
  readonly packages: readonly PlannedPackage[];
  readonly tests: readonly PlannedTest[];
  readonly lints: readonly PlannedLint[];
}

interface OptionalChecks {
  readonly builder: FlakePlan["builder"];
  readonly deniesWarnings: boolean;
  /** Further names that are not free. */
  readonly taken: readonly string[];
}

/** Lints and tests that no criterion asks for, under names that are free. */
export function optionalChecks(
  survey: Survey,
  project: CargoProject,
  { packages, tests, lints }: Named,
  { builder, deniesWarnings, ...others }: OptionalChecks,
): Pick<Named, "tests" | "lints"> {
  const taken = new Set([...[...packages, ...tests, ...lints].map((output) => output.attribute), ...others.taken]);
  const free = (attribute: string): boolean => !taken.has(attribute);
  const has = (tool: PlannedLint["tool"]): boolean => lints.some((lint) => lint.tool === tool);
  const more = (["clippy", "fmt", "doc"] as const)
    .filter((tool) => free(tool) && !has(tool))
    .map((tool): PlannedLint => ({ attribute: tool, tool, optional: true, ...denies(tool, deniesWarnings) }));
  const [model] = [...tests, ...packages];
  const nextest =
    model &&
    builder !== "naersk" &&
    free("nextest") &&
    (survey.ci?.nextest !== undefined || survey.files.some((path) => NEXTEST_SETTINGS.test(path)))
      ? [
          {
            attribute: "nextest",
            crate: model.crate,
            version: model.version,
            workspace: project.packages.length > 1,
            runner: "nextest" as const,
            optional: true as const,
          },
        ]
      : [];
  return { tests: nextest, lints: more };
}

export const denies = (tool: PlannedLint["tool"], warnings: boolean): { readonly denyWarnings?: true } =>
  tool === "clippy" && warnings ? { denyWarnings: true } : {};

/** An app for every program, and for every name that a criterion or a document gives one. */
export function plannedApps(
  packages: readonly PlannedPackage[],
  aliases: Readonly<Record<string, string>>,
  names: ReadonlySet<string>,
): readonly PlannedApp[] {
  const described = (pkg: PlannedPackage) => (pkg.description === undefined ? {} : { description: pkg.description });
  const apps = packages.flatMap((pkg) =>
    pkg.programs.map((program): PlannedApp => ({ attribute: program, package: pkg.attribute, program, ...described(pkg) })),
  );
  const asked = [...names].flatMap((name): PlannedApp[] => {
    if (name === "default" || apps.some((app) => app.attribute === name)) return [];
    const pkg = packages.find(({ attribute }) => attribute === (aliases[name] ?? name));
    return pkg ? [{ attribute: name, package: pkg.attribute, program: pkg.mainProgram, ...described(pkg) }] : [];
  });
  const all = [...apps, ...asked];
  return all.filter((app, index) => all.findIndex((other) => other.attribute === app.attribute) === index);
}

/** The main program of the package that `nix build` builds. */
export function defaultApp(packages: readonly PlannedPackage[], chosen: FlakePlan["defaultPackage"]): string | undefined {
  const pkg = chosen && "one" in chosen ? packages.find(({ attribute }) => attribute === chosen.one) : undefined;
  return pkg?.mainProgram;
}
