import { type Binding, bind, type Code, file, indentedString, list, paragraphs, path, set, string } from "../../nix-syntax.ts";
import { renderLanguageFlake } from "../flake.ts";
import type { NodeFlakePlan } from "./plan.ts";

/** A whole flake.nix for a project that npm installs: the package by buildNpmPackage, its apps, a shell with Node.js. */
export const renderNodeFlake = (plan: NodeFlakePlan): string =>
  renderLanguageFlake({
    inputs: plan.inputs,
    systems: plan.systems,
    name: plan.name,
    package: packageOf(plan),
    programs: plan.programs,
    checks: [],
    shell: `pkgs.mkShell ${set([bind("packages", list([path("pkgs", plan.nodejs)]))])}`,
  });

function packageOf(plan: NodeFlakePlan): Code {
  const installed = afterInstallation(plan);
  return `pkgs.buildNpmPackage ${set(
    paragraphs(
      [bind("pname", string(plan.name)), bind("version", string(plan.version)), bind("src", file(plan.root))],
      plan.nodejs === "nodejs" ? [] : [bind("nodejs", path("pkgs", plan.nodejs))],
      dependenciesOf(plan),
      [
        ...(plan.build === undefined ? [bind("dontNpmBuild", "true")] : []),
        ...(plan.build === undefined || plan.build === "build" ? [] : [bind("npmBuildScript", string(plan.build))]),
        ...(plan.workspaces?.buildsEach ? [bind("npmBuildFlags", list(EACH.map(string)))] : []),
        ...(plan.packsWithoutScripts ? [bind("npmPackFlags", list([string("--ignore-scripts")]))] : []),
        ...(plan.environment.length > 0
          ? [bind("env", set(plan.environment.map(([name, value]) => bind(path(name), string(value)))))]
          : []),
      ],
      plan.tests
        ? [
            bind("doCheck", "true"),
            bind(
              "checkPhase",
              indentedString(
                `runHook preCheck\nnpm test${plan.workspaces?.testsEach ? ` ${EACH.join(" ")}` : ""}\nrunHook postCheck`,
              ),
            ),
          ]
        : [],
      plan.installsNothing && !plan.workspaces ? [bind("preInstall", indentedString(noModules(plan.packageName)))] : [],
      installed === undefined
        ? workspaceInstallation(plan)
        : [...(plan.starts ? [bind("nativeBuildInputs", list(["pkgs.makeWrapper"]))] : []), bind("postInstall", installed)],
      [bind("meta", set(metaOf(plan)))],
    ),
  )}`;
}

function dependenciesOf({ dependencies, root, emptyCache }: NodeFlakePlan): readonly Binding[] {
  if (dependencies === "hash")
    return [bind("npmDepsHash", "pkgs.lib.fakeHash"), ...(emptyCache ? [bind("forceEmptyCache", "true")] : [])];
  const lock = dependencies === "lock" ? [] : [bind("packageLock", set([bind("lockfileVersion", "3"), bind("packages", "{ }")]))];
  return [
    bind("npmDeps", `pkgs.importNpmLock ${set([bind("npmRoot", file(root)), ...lock])}`),
    bind("npmConfigHook", "pkgs.importNpmLock.npmConfigHook"),
  ];
}

/**
 * npmInstallHook prunes and copies `node_modules` without asking whether there is one, and npm makes none where nothing is installed; a folder
 * that stands at its end already lets the hook pass over both (nixpkgs, `npm-install-hook.sh`).
 */
const noModules = (packageName: string): string => `mkdir -p "$out/lib/node_modules/${packageName}/node_modules"`;

/** For what the package itself has no script of. */
const EACH = ["--workspaces", "--if-present"];

/** npm packs one workspace alone, without those that it links to; so all of them are copied with the links. */
function workspaceInstallation({ workspaces, packageName, nodejs }: NodeFlakePlan): readonly Binding[] {
  if (!workspaces) return [];
  const place = `$out/lib/node_modules/${packageName}`;
  const lines = [
    "runHook preInstall",
    "npm prune --omit=dev --no-save",
    `mkdir -p "${place}"`,
    `cp -r --parents package.json node_modules ${workspaces.folders.join(" ")} "${place}"`,
    ...workspaces.programs.flatMap(({ name, path: program }) => [
      `makeWrapper ${NODE} "$out/bin/${name}" --add-flags "${place}/${program}"`,
    ]),
    "runHook postInstall",
  ];
  return [
    bind("nativeBuildInputs", list(["pkgs.makeWrapper"])),
    bind("installPhase", indentedString(lines.join("\n")).replaceAll(NODE, `\${pkgs.lib.getExe ${path("pkgs", nodejs)}}`)),
  ];
}

/** Stands for the path of node until the text is quoted; no name of a repository can hold it. */
const NODE = "\u0001";

function afterInstallation(plan: NodeFlakePlan): Code | undefined {
  const [main] = plan.programs;
  const place = `$out/lib/node_modules/${plan.packageName}`;
  const lines = [
    ...(plan.made === undefined ? [] : [`cp -r ${plan.made} "${place}/"`]),
    ...(plan.starts && main !== undefined
      ? [
          `makeWrapper ${NODE} "$out/bin/${main}" \\`,
          `  --add-flags "${[...plan.starts.flags, `${place}/${plan.starts.path}`].join(" ")}"`,
        ]
      : []),
    ...(plan.scopedBin && main !== undefined
      ? [
          `if [ -e "$out/bin/${plan.packageName}" ]; then`,
          `  mv "$out/bin/${plan.packageName}" "$out/bin/${main}"`,
          `  rmdir "$out/bin/${plan.packageName.split("/")[0]}"`,
          "fi",
        ]
      : []),
  ];
  if (lines.length === 0) return undefined;
  return indentedString(lines.join("\n")).replaceAll(NODE, `\${pkgs.lib.getExe ${path("pkgs", plan.nodejs)}}`);
}

function metaOf({ description, licenses, programs }: NodeFlakePlan): readonly Binding[] {
  const [main] = programs;
  const names = licenses.map((name) => path("pkgs", "lib", "licenses", name));
  const [only] = names;
  return [
    ...(description === undefined || description === "" ? [] : [bind("description", string(description))]),
    ...(only === undefined ? [] : [bind("license", names.length === 1 ? only : list(names))]),
    ...(main === undefined ? [] : [bind("mainProgram", string(main))]),
  ];
}
