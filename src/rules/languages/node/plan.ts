import { renderNodeFlake } from "../../../nix/recipes/languages/node/flake-file.ts";
import type { NodeFlakePlan } from "../../../nix/recipes/languages/node/plan.ts";
import { skipsDownload } from "../../../repo/languages/node/downloads.ts";
import { withoutScope } from "../../../repo/languages/node/manifest.ts";
import type { NodeProject } from "../../../repo/languages/node/project.ts";
import { installing } from "../../../repo/languages/node/survey.ts";
import type { ChosenInputs } from "../../plan/flake-inputs.ts";
import { licensesOf } from "../../plan/licenses.ts";
import type { CitedLine, PlannedProject } from "../planned.ts";

/** The flake of a project for Node.js, decided from its package.json and package-lock.json. */
export function planNode(project: NodeProject, inputs: ChosenInputs, systems: readonly string[]): PlannedProject {
  const { file, version, programs, build, tests, engine } = project;
  const plan = flakeOf(project, inputs, systems);
  const quoted = (claim: string, line: number | undefined, about: CitedLine["about"]): readonly CitedLine[] => {
    const quote = project.quotes[String(line)];
    return quote === undefined || quote === "" ? [] : [{ claim, source: file, sha256: project.sha256, quote, about }];
  };
  return {
    ok: true,
    language: "JavaScript",
    name: plan.name,
    programs: plan.programs,
    inputs,
    systems,
    flake: renderNodeFlake(plan),
    testsInBuild: plan.tests,
    checks: [],
    formatter: false,
    shell: { argv: ["node", "--version"], stdout: "v\\d+\\.\\d+", holds: "Node.js with npm" },
    tool: "npm",
    build: buildSentences(project, plan),
    untouched: `Changes to the JavaScript sources, to their tests, to \`${file}\` and to the lock of the dependencies`,
    cited: [
      ...programs.flatMap(({ name, line }) => quoted(`the package has the program ${name}`, line, ["outputs", "package"])),
      ...quoted("the version of the package is stated", version.line, ["build"]),
      ...quoted("a script builds what is installed", build?.line, ["build"]),
      ...quoted("the package has tests", tests?.line, ["build", "tests"]),
      ...quoted("the package says which Node.js it runs on", engine?.line, ["build"]),
    ],
    file,
    remarks: remarksOf(project, plan),
  };
}

function flakeOf(project: NodeProject, { inputs }: ChosenInputs, systems: readonly string[]): NodeFlakePlan {
  const { root, packageName, version, description, license, programs, programsBy, build, made, tests, packing, lock } = project;
  const [main] = programs;
  const licenses = licensesOf(license);
  return {
    inputs,
    systems,
    root,
    name: withoutScope(packageName),
    packageName,
    version: version.value,
    ...(description !== undefined && { description }),
    licenses: licenses ?? [],
    nodejs: nodejsOf(project),
    // importNpmLock would install a copy of each workspace in place of the link to it.
    dependencies: lock === undefined ? "none" : fetches(project) || project.workspaces ? "hash" : "lock",
    emptyCache: project.workspaces !== undefined && !fetches(project),
    installsNothing: lock === undefined || lock.content.packages.length === 0,
    ...(build && { build: build.script }),
    tests: tests !== undefined,
    packsWithoutScripts: packing.length > 0,
    environment: installing(project).flatMap(({ name }) => {
      const skip = skipsDownload(name);
      return skip ? [skip] : [];
    }),
    programs: programs.map(({ name }) => name),
    ...(programsBy.kind === "start" && main && { starts: { path: main.path, flags: programsBy.flags } }),
    ...(made !== undefined && { made }),
    ...(project.workspaces && { workspaces: { ...project.workspaces, programs } }),
    scopedBin: project.scopedBin,
  };
}

/** Without anything to fetch there is nothing to hash, and `fetchNpmDeps` takes an empty cache for a mistake. */
const fetches = ({ lock }: NodeProject): boolean =>
  lock?.content.packages.some(({ from }) => from === "archive" || from === "git") === true;

/** Those that supported releases of nixpkgs have, the newest first; `nodejs` is one of them. */
export const MAJORS = [24, 22];

function nodejsOf({ engine }: NodeProject): string {
  if (!engine || MAJORS.every((major) => engine.majors.includes(major))) return "nodejs";
  const major = MAJORS.find((candidate) => engine.majors.includes(candidate));
  return major === undefined ? "nodejs" : `nodejs_${major}`;
}

const buildSentences = ({ file, lock }: NodeProject, plan: NodeFlakePlan): readonly string[] => [
  `\`buildNpmPackage\` of nixpkgs installs what \`${lock?.file ?? file}\` names, inside the Nix sandbox, without network access${plan.build === undefined ? "" : `, runs \`npm run ${plan.build}\``}${plan.tests ? ", runs `npm test`" : ""} and installs what npm would publish.`,
  plan.dependencies === "hash"
    ? "All archives of the dependencies stand behind one hash, `npmDepsHash`, which Nix prints when it has fetched them."
    : "There is nothing to fetch, so that no hash has to be kept: `importNpmLock` goes by the lock alone.",
];

function remarksOf(project: NodeProject, plan: NodeFlakePlan): readonly string[] {
  const { file, license, engine, packing, made, lock } = project;
  const scripts = installing(project).filter(({ name }) => skipsDownload(name) === undefined);
  return [
    ...(license !== undefined && plan.licenses.length === 0
      ? [`No licence of nixpkgs is known for \`${license}\` (\`${file}\`); the package names none.`]
      : []),
    ...(engine && !MAJORS.some((major) => engine.majors.includes(major))
      ? [
          `\`${file}\` asks for Node.js \`${engine.range}\`, and supported releases of nixpkgs have ${MAJORS.join(" and ")}; the flake takes \`nodejs\`, and npm warns.`,
        ]
      : []),
    ...(packing.length > 0
      ? [
          `npm would run ${packing.map((name) => `\`${name}\``).join(" and ")} once more when it packs; \`--ignore-scripts\` holds for that step alone.`,
        ]
      : []),
    ...(made === undefined
      ? []
      : [`\`${made}\` is made by the build and may be ignored by git; the flake installs it all the same.`]),
    ...plan.environment.map(([name]) => `\`${name}\` keeps an install script from downloading.`),
    ...scripts.map(
      ({ name }) =>
        `\`${name}\` runs a script when it is installed (\`${lock?.file ?? file}\`); one that downloads fails in the sandbox.`,
    ),
  ];
}
