import { posix } from "node:path";
import { renderGoFlake } from "../../../nix/recipes/languages/go/flake-file.ts";
import type { GoCheck, GoFlakePlan } from "../../../nix/recipes/languages/go/plan.ts";
import { programName } from "../../../repo/languages/go/go-mod.ts";
import type { GoProject } from "../../../repo/languages/go/project.ts";
import type { GoLine } from "../../../repo/languages/go/sources.ts";
import { joined } from "../../draft/subject.ts";
import type { ChosenInputs } from "../../plan/flake-inputs.ts";
import { licensesOf } from "../../plan/licenses.ts";
import { type CitedLine, NO_VERSION, type NotPlanned, notPlanned, type PlannedProject } from "../planned.ts";

const CHECKS: readonly (PlannedProject["checks"][number] & { readonly name: GoCheck })[] = [
  { name: "vet", does: "runs go vet", topic: "lints", optional: true },
  { name: "gofmt", does: "compares the format with gofmt's", topic: "lints", optional: true },
];

/** Variables that hold a version by their name. */
const HOLDS_VERSION = /\.(?:\w*[vV]ersion|VERSION)$/;

/** The flake of a module in Go, decided from go.mod, the sources, and how the project's documents build it. */
export function planGo(project: GoProject, inputs: ChosenInputs, systems: readonly string[]): PlannedProject | NotPlanned {
  const { module, root, programs, version, tests, go, dependencies, lines, cgo } = project;
  const [main, ...others] = programs;
  if (!main && !tests)
    return notPlanned(`The module ${module} has no program and no tests: there is nothing to build that could be proven.`);
  // Several programs go by the module's name; a lone one is called as it is installed.
  const own = programName(module, ".");
  const name = main && others.length === 0 ? main.name : own;
  if (!/^[A-Za-z0-9_][\w.+-]*$/.test(name))
    return notPlanned(`${own}, the name of the module ${module}, is no name of a package.`);
  const flake: GoFlakePlan = {
    inputs: inputs.inputs,
    systems,
    name,
    ...licenceOf(project),
    version: version?.value ?? NO_VERSION,
    source: project.wholeRepository ? "." : root,
    modRoot: project.wholeRepository ? root : ".",
    downloads: dependencies === "downloaded",
    programs: programs.map((program) => program.name).sort((a, b) => Number(b === own) - Number(a === own)),
    ...leftOut(project),
    ldflags: [...lines.strip, ...versionSets(project).map(({ variable }) => `-X ${variable}=${version?.value}`)],
    withoutCgo: lines.withoutCgo !== undefined && cgo === undefined,
    nativeBuildInputs: project.libraries.some(({ by }) => by === "pkg-config") ? ["pkg-config"] : [],
    buildInputs: [...new Set(project.libraries.flatMap(({ attribute }) => attribute ?? []))].sort(),
    checks: CHECKS.map((check) => check.name),
  };
  const cited = (claim: string, at: GoLine | undefined, about: CitedLine["about"]): readonly CitedLine[] =>
    at === undefined || at.quote === "" ? [] : [{ claim, source: at.source, sha256: at.sha256, quote: at.quote, about }];
  return {
    ok: true,
    language: "Go",
    name,
    programs: flake.programs,
    inputs,
    systems,
    flake: renderGoFlake(flake),
    flakeWithout: (names) => renderGoFlake({ ...flake, checks: flake.checks.filter((check) => !names.has(check)) }),
    testsInBuild: tests !== undefined,
    checks: CHECKS,
    formatter: true,
    shell: { argv: ["go", "version"], stdout: "go\\d+\\.\\d+", holds: "Go and what the build needs" },
    tool: "the go command",
    build: [
      `\`buildGoModule\` of nixpkgs builds the module \`${module}\` inside the Nix sandbox, without network access${tests ? ", and runs its tests" : ""}.`,
      {
        none: "It has no dependencies, so `vendorHash` is `null`.",
        vendored: "Its dependencies are in `vendor/`, so `vendorHash` is `null`.",
        downloaded: "Its dependencies are those of `go.sum`, downloaded once behind `vendorHash`, whose value Nix prints.",
      }[dependencies],
      ...(go ? [`\`go.mod\` asks for Go ${go.version}.`] : []),
      ...(flake.buildInputs.length > 0
        ? [`It calls C, and needs ${joined(flake.buildInputs.map((each) => `\`${each}\``))} from nixpkgs.`]
        : []),
    ],
    untouched: `Changes to the Go sources, to their tests, to \`${project.file}\` and to \`go.sum\``,
    cited: [
      ...cited(`the module is ${module}`, project.named, ["outputs"]),
      ...programs.flatMap((program) =>
        cited(
          `${program.folder === "." ? "the root of the module" : `the folder ${program.folder}`} makes the program ${program.name}`,
          program.source,
          ["outputs", "package"],
        ),
      ),
      ...cited("the version of the project is stated", version?.at, ["build"]),
      ...cited("the oldest Go that builds it is stated", go?.at, ["build"]),
      ...cited("the module has tests", tests, ["build", "tests"]),
    ],
    file: project.file,
    remarks: remarksOf(project),
  };
}

/** What the documents set at link time and a rule can set as well: the version, where it is known. */
const versionSets = ({ lines, version }: GoProject): GoProject["lines"]["sets"] =>
  version === undefined ? [] : lines.sets.filter(({ variable }) => HOLDS_VERSION.test(variable));

function licenceOf({ licence }: GoProject): { readonly license?: string } {
  const [license] = licensesOf(licence?.spdx) ?? [];
  return license === undefined ? {} : { license };
}

/**
 * buildGoModule leaves out by a pattern that may stand anywhere in a folder's path; where that takes a folder that is wanted, the wanted
 * ones are named one by one.
 */
function leftOut({ excluded, packages }: GoProject): Pick<GoFlakePlan, "subPackages" | "excludedPackages"> {
  if (excluded.length === 0) return { subPackages: [], excludedPackages: [] };
  const plain = excluded.every((folder) => /^[\w/-]+$/.test(folder));
  const takesTooMuch = packages.some((wanted) => excluded.some((folder) => `./${wanted}`.includes(folder)));
  return plain && !takesTooMuch
    ? { subPackages: [], excludedPackages: excluded }
    : { subPackages: packages.map((folder) => posix.normalize(folder)), excludedPackages: [] };
}

function remarksOf(project: GoProject): readonly string[] {
  const { lines, version, excluded, file } = project;
  const set = new Set(versionSets(project));
  const kept = lines.sets.filter((each) => !set.has(each));
  return [
    ...(version === undefined ? [`No file states a version of the project; the package says ${NO_VERSION}.`] : []),
    ...(excluded.length > 0
      ? [
          `Not built: ${excluded.map((folder) => `\`${folder}\``).join(", ")} (programs that serve the project itself, or modules of their own).`,
        ]
      : []),
    ...(kept.length > 0
      ? [
          `Not set at link time: ${kept.map(({ variable, source, line }) => `\`${variable}\` (\`${source}\`, line ${line})`).join(", ")}.`,
        ]
      : []),
    ...(lines.tags.length > 0
      ? [`The project's own lines name the build tags ${lines.tags.join(", ")}; the flake builds without tags.`]
      : []),
    ...project.libraries.flatMap(({ name, source, line, attribute }) =>
      attribute === undefined ? [`No attribute of nixpkgs is known for \`${name}\` (\`${source}\`, line ${line}).`] : [],
    ),
    ...project.doubts.map((doubt) => `In doubt: ${doubt} (\`${file}\`).`),
  ];
}
