import {
  type Binding,
  bind,
  type Code,
  indent,
  indentedString,
  key,
  letIn,
  list,
  paragraphs,
  path,
  set,
  string,
} from "../recipes/nix-syntax.ts";
import type { FlakeInput } from "../sibling-flakes/flake-input.ts";
import type { LatticeNode } from "./plan.ts";

/** The flake of a node, as text. What differs between two flakes of a kind are data: inputs, systems and names. */

/** The first line of each flake that is written from a plan; a flake without it is somebody's own and never written over. */
export const GENERATED = "# Made from lattice.toml by crq-agent; change the plan or the files beside this one instead.";

export interface FlakeFacts {
  readonly systems: readonly string[];
  readonly inputs: readonly FlakeInput[];
  /** Base names of the files that the node carries besides its flake. */
  readonly files: readonly string[];
}

/** flake.nix of one node. */
export function nodeFlake(node: LatticeNode, facts: FlakeFacts): string {
  const description = `${node.name}, a node of a flake lattice`;
  switch (node.kind) {
    case "config":
      return flake(description, facts, configPackage(node), [
        bind("lib.config", "builtins.fromTOML (builtins.readFile ./config.toml)"),
      ]);
    case "crate":
      return flake(description, facts, cratePackage(node, facts));
    case "nix":
      return flake(
        description,
        facts,
        `import ./node.nix ${set(["inherit pkgs system;", "inherit (pkgs) lib;", bind("nodes", nodesOf(node))])}`,
      );
  }
}

/** The root flake: every node under its name, and one derivation that joins them all, so that one build builds the lattice. */
export function rootFlake(nodes: readonly LatticeNode[], facts: FlakeFacts): string {
  const join = letIn(
    [
      bind("nodes", set(nodes.map(({ name }) => bind(key(name), packageOf(name))))),
      bind(
        "entriesOf",
        `name: package:\nmap (output: ${set([
          bind("name", 'if output == "out" then name else "${name}-${output}"'),
          bind("path", "package.${output}"),
        ])}) (package.outputs or [ "out" ])`,
      ),
    ],
    `nodes\n// ${set([bind("default", 'pkgs.linkFarm "lattice" (nixpkgs.lib.concatLists (nixpkgs.lib.mapAttrsToList entriesOf nodes))')])}`,
  );
  const configs = nodes.filter(({ kind }) => kind === "config");
  const config = configs.map(({ name }) => bind(path("lib", name), `inputs.${key(name)}.lib.config`));
  return flakeOf("A flake lattice: all its nodes", facts, `forEachSystem (\n${indent(`system: pkgs:\n${join}`)}\n)`, config);
}

/** By way of `inputs`: a name of its own could hide one that the flake uses, or be a word of the language. */
const packageOf = (name: string): Code => `inputs.${key(name)}.packages.\${system}.default`;
const nodesOf = ({ depends }: LatticeNode): Code => set(depends.map((name) => bind(key(name), packageOf(name))));

/** A copy, byte by byte: no text of it goes through a shell. */
function configPackage({ name }: LatticeNode): Code {
  const source = set([bind("path", "./config.toml"), bind("name", string("config.toml"))]);
  return `pkgs.runCommand ${string(name)} ${set([bind("file", `builtins.path ${source}`)])} ${indentedString(
    'install -D -m 444 "$file" "$out/config.toml"',
  )}`;
}

/** nixpkgs' builder of one crate with rustc: the libraries of lower nodes come from their flakes, nothing from a registry. */
function cratePackage({ name, depends }: LatticeNode, { files }: FlakeFacts): Code {
  const source = set([
    bind("path", "./."),
    bind("name", string(`${name}-source`)),
    // Only these files: flake.nix and flake.lock change when other nodes come and go.
    bind("filter", `path: type: builtins.elem (baseNameOf path) ${list(["Cargo.toml", ...crateSources(files)].map(string))}`),
  ]);
  const program = files.includes("main.rs")
    ? [
        bind(
          "crateBin",
          list([
            set([bind("name", "(builtins.head (manifest.bin or [ manifest.package ])).name"), bind("path", string("main.rs"))]),
          ]),
        ),
      ]
    : [];
  return letIn(
    [bind("manifest", "builtins.fromTOML (builtins.readFile ./Cargo.toml)")],
    `pkgs.buildRustCrate ${set([
      bind("crateName", "manifest.package.name"),
      bind("version", "manifest.package.version"),
      bind("edition", 'manifest.package.edition or "2015"'),
      bind("src", `builtins.path ${source}`),
      bind("features", "manifest.features.default or [ ]"),
      ...(files.includes("lib.rs") ? [bind("libPath", string("lib.rs"))] : []),
      ...program,
      bind("dependencies", list(depends.map(packageOf))),
    ])}`,
  );
}

const crateSources = (files: readonly string[]): readonly string[] => files.filter((name) => name.endsWith(".rs"));

function flake(description: string, facts: FlakeFacts, defaultPackage: Code, more: readonly Binding[] = []): string {
  const packages = set([bind("default", defaultPackage)]);
  return flakeOf(description, facts, `forEachSystem (system: pkgs: ${packages})`, more);
}

function flakeOf(description: string, { systems, inputs }: FlakeFacts, packages: Code, more: readonly Binding[]): string {
  const body = letIn(
    [
      bind("systems", list(systems.map(string))),
      bind("forEachSystem", "function: nixpkgs.lib.genAttrs systems (system: function system nixpkgs.legacyPackages.${system})"),
    ],
    set([bind("packages", packages), ...more]),
  );
  const whole = set(
    paragraphs(
      [bind("description", string(description))],
      [bind("inputs", set(paragraphs(...inputs.map((input) => [inputBinding(input)]))))],
      [`outputs =\n${indent(`{ nixpkgs, ... }@inputs:\n${body}`)};`],
    ),
  );
  return `${GENERATED}\n${whole}\n`;
}

function inputBinding({ name, url, follows, shared }: FlakeInput): Binding {
  if (follows.length === 0) return bind(path(name, "url"), string(url));
  const rules = follows.map(({ path: place, target }) =>
    bind(path(...place.flatMap((each) => ["inputs", each]), "follows"), string(target.join("/"))),
  );
  const comment = shared ? "# Not taken here, but by several of the inputs: they share it.\n" : "";
  return comment + bind(key(name), set([bind("url", string(url)), ...rules]));
}
