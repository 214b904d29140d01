import { posix } from "node:path";
import { type Binding, bind, type Code, file, indent, key, list, paragraphs, path, set, string } from "../recipes/nix-syntax.ts";
import type { FlakeInput } from "../sibling-flakes/flake-input.ts";
import { placed } from "./place.ts";
import type { PlannedStep } from "./planned-step.ts";

/** Texts of `stepNNN/flake.nix` and of the flake that joins the last steps. Pure. */

export interface FlakeSettings {
  /** Flake reference of nixpkgs. */
  readonly nixpkgs: string;
  readonly systems: readonly string[];
  /** Folders of the steps that each step has below it, in order. */
  readonly belowOf: ReadonlyMap<string, readonly string[]>;
}

export const GENERATED = "Written by `crq-agent steps flakes`";

const strings = (words: readonly string[]): Code => list(words.map(string));

const table = (entries: Readonly<Record<string, string>>): Code =>
  set(Object.entries(entries).map(([name, value]) => bind(key(name), string(value))));

/** What stands in a comment: one line, and nothing a terminal obeys. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");

/**
 * Inputs of a flake that needs these steps. All steps below it are declared, each with its own inputs following these: with its direct
 * needs alone the lock would hold a node for every way that leads to a step, twice as many after every diamond.
 */
function inputsOf(
  folders: readonly string[],
  where: (folder: string) => string,
  { nixpkgs, belowOf }: FlakeSettings,
): readonly FlakeInput[] {
  const steps = folders.map((folder): FlakeInput => {
    const follows = ["nixpkgs", ...(belowOf.get(folder) ?? [])].map((name) => ({ path: [name], target: [name] }));
    return { name: folder, url: `path:${where(folder)}`, follows, shared: false };
  });
  return [{ name: "nixpkgs", url: nixpkgs, follows: [], shared: false }, ...steps];
}

/** Inputs of the flake of a step. */
export const stepInputs = (folder: string, settings: FlakeSettings): readonly FlakeInput[] =>
  inputsOf(settings.belowOf.get(folder) ?? [], (below) => `../${below}`, settings);

/** Inputs of the flake that holds all steps. */
export const joiningInputs = (settings: FlakeSettings): readonly FlakeInput[] =>
  inputsOf([...settings.belowOf.keys()], (folder) => `./${folder}`, settings);

function inputsBinding(inputs: readonly FlakeInput[]): Binding {
  const declared = inputs.map(({ name, url, follows }) => {
    if (follows.length === 0) return bind(path(name, "url"), string(url));
    const rules = follows.map(({ path: [input = ""], target }) =>
      bind(path("inputs", input, "follows"), string(target.join("/"))),
    );
    return bind(path(name), set([bind("url", string(url)), ...rules]));
  });
  return bind("inputs", set(declared));
}

function flake(parts: {
  readonly comment: string;
  readonly description: string;
  readonly inputs: readonly FlakeInput[];
  readonly names: readonly string[];
  readonly settings: FlakeSettings;
  /** Attribute set of packages, where `system` and `pkgs` are bound. */
  readonly packages: Code;
}): string {
  const names = ["self", "nixpkgs", ...parts.names];
  const outputs = `{\n${indent(names.map((name) => `${name},`).join("\n"))}\n}:\n${set([
    bind(
      "packages",
      `nixpkgs.lib.genAttrs ${strings(parts.settings.systems)} (\n${indent(
        `system:\nlet\n  pkgs = nixpkgs.legacyPackages.\${system};\nin\n${parts.packages}`,
      )}\n)`,
    ),
  ])}`;
  const body = set(
    paragraphs(
      [bind("description", string(parts.description))],
      [inputsBinding(parts.inputs)],
      [`outputs =\n${indent(outputs)};`],
    ),
  );
  return `# ${plain(parts.comment)}\n${body}\n`;
}

/** Where a step is run: among the sources means in the writable tree that shows them. */
function directoryOf(cwd: string): string {
  const where = placed(cwd);
  return where?.root === "source" ? posix.join("@build@", where.rest) : cwd;
}

/** Folders that the call expects to be there. */
function foldersOf({ outputs, env }: PlannedStep): readonly string[] {
  const own = outputs.map((output) => posix.join("@build@", posix.dirname(output)));
  const outDir = Object.hasOwn(env, "OUT_DIR") ? env.OUT_DIR : undefined;
  return [...new Set([...own, ...(outDir !== undefined && placed(outDir)?.root === "build" ? [outDir] : [])])];
}

/** Nix allows few characters in the name of a store path, and no dot first. */
const storeName = (id: string): string =>
  id
    .replace(/[^A-Za-z0-9+._?=-]/gu, "-")
    .replace(/^\.+/u, "")
    .slice(0, 120) || "step";

const defaultOf = (folder: string): Code => `${path(folder)}.packages.\${system}.default`;

export function stepFlake(step: PlannedStep, settings: FlakeSettings): string {
  const programs = Object.values(step.programs);
  const [mainProgram] = programs;
  const data = set([
    bind("name", string(storeName(step.id))),
    ...(mainProgram !== undefined && programs.length === 1 ? [bind("mainProgram", string(mainProgram))] : []),
    undefined,
    bind("command", string(step.command)),
    ...(step.toolVersion === undefined ? [] : [bind("toolVersion", string(step.toolVersion))]),
    bind("args", strings(step.args)),
    bind("env", table(step.env)),
    bind("directory", string(directoryOf(step.cwd))),
    ...(step.stdin === undefined ? [] : [bind("stdin", string(step.stdin))]),
    ...(step.stdout === undefined ? [] : [bind("stdout", string(step.stdout))]),
    undefined,
    bind("sources", strings(step.sources)),
    bind(
      "crates",
      list(
        step.crates.map(({ name, version, checksum }) =>
          set([bind("name", string(name)), bind("version", string(version)), bind("sha256", string(checksum))]),
        ),
      ),
    ),
    bind("needs", list(step.depends.map(defaultOf))),
    bind("packages", strings(step.packages)),
    undefined,
    bind("folders", strings(foldersOf(step))),
    bind("outputs", strings(step.outputs)),
    bind("mayBeEmpty", strings(step.mayBeEmpty)),
    bind("programs", table(step.programs)),
  ]);
  return flake({
    comment: `${GENERATED} from ${step.place}; run that again instead of editing this file.`,
    description: `${step.id}: one recorded step`,
    inputs: stepInputs(step.folder, settings),
    names: step.below,
    settings,
    packages: set([bind("default", `import ${file("../step.nix")} { inherit pkgs; } ${data}`)]),
  });
}

/** The flake that holds all steps, and by default the programs of those that no other step needs. */
export function joiningFlake(steps: readonly PlannedStep[], settings: FlakeSettings): string {
  const folders = steps.map(({ folder }) => folder);
  const needed = new Set(steps.flatMap(({ depends }) => depends));
  const last = steps.filter(({ folder }) => !needed.has(folder));
  const making = last.filter(({ programs }) => Object.keys(programs).length > 0);
  const joined = making.length > 0 ? making : last;
  const programs = [...new Set(making.flatMap((step) => Object.values(step.programs)))];
  const [mainProgram] = programs;
  const join = set([
    bind("name", string("steps")),
    bind("paths", list(joined.map(({ folder }) => defaultOf(folder)))),
    ...(mainProgram !== undefined && programs.length === 1 ? [bind("meta.mainProgram", string(mainProgram))] : []),
  ]);
  return flake({
    comment: `${GENERATED}: what the last steps made. Run that again instead of editing this file.`,
    description: "the last steps of a recorded build",
    inputs: joiningInputs(settings),
    names: folders,
    settings,
    packages: set(
      paragraphs(
        [bind("default", `pkgs.symlinkJoin ${join}`)],
        folders.map((folder) => bind(path(folder), defaultOf(folder))),
      ),
    ),
  });
}
