import { shDerivation } from "../../flakes.ts";

/** Records with flakes that run them, and lattices, whose builders are bash without any other program. */

export type Tree = Readonly<Record<string, string>>;

export interface Recorded {
  readonly seq: number;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly outputs?: readonly string[];
  /** Numbers of the steps it depends on; it reads the first output of each. */
  readonly depends?: readonly number[];
  readonly exit?: number;
}

const OBJECT = (seq: number): string => `@build@/a${seq}.o`;
const idOf = (seq: number): string => `step-000${seq}-cc-a${seq}.o`;

export function record({ seq, command = "cc", args, outputs, depends = [], exit = 0 }: Recorded): string {
  return JSON.stringify({
    schema: "crq-step/1",
    seq,
    id: idOf(seq),
    type: "c_compiler_invocation",
    command,
    tool: command.split("/").at(-1),
    args: args ?? argsOf(seq),
    env: {},
    cwd: "@source@",
    inputs: depends.map((lower) => ({ path: OBJECT(lower), sha256: "0".repeat(64) })),
    outputs: outputs ?? [OBJECT(seq)],
    depends: depends.map(idOf),
    exit,
  });
}

export const records = (...steps: readonly Recorded[]): string => steps.map((step) => `${record(step)}\n`).join("");

const argsOf = (seq: number): readonly string[] => ["-O1", "-c", `a${seq}.c`, "-o", `a${seq}.o`];
export const commandOf = (seq: number): string => ["cc", ...argsOf(seq)].join(" ");

const packageOf = (name: string): string => `\${${name}.packages.x86_64-linux.default}`;

/** A flake in a folder beside those of its inputs; `default` is a Nix expression. */
export function flakeTaking(
  inputs: readonly string[],
  defaultPackage: string,
  urlOf = (name: string) => `path:../${name}`,
): string {
  const urls = inputs.map((name) => `inputs.${name}.url = "${urlOf(name)}"; `).join("");
  return `{ ${urls}outputs = { ${["self", ...inputs].join(", ")} }: { packages.x86_64-linux.default = ${defaultPackage}; }; }\n`;
}

/** A compiler in the words of bash: it fails without its sources. */
const CC = 'cc() { while [ "$1" != -o ]; do shift; done; read -r line < "$lower"; printf "object of %s\\n" "$line" > $out; }';

/** Runs the record's command on what the lower steps built. */
export function stepFlake(seq: number, depends: readonly number[] = [], command = commandOf(seq)): string {
  const lower = depends.map((each) => `step00${each}`);
  const script = `${CC}; lower="${lower.map(packageOf).join(" ") || "/dev/stdin"}"; ${command}`;
  return flakeTaking(lower, shDerivation(`step00${seq}`, script.replaceAll("''", "")));
}

/** Nodes of kind nix, `nodes/NAME`, each taking others. */
export type Nodes = Readonly<Record<string, readonly string[]>>;

export const plan = (nodes: Nodes, kind = "nix"): string =>
  [
    'schema = "crq-lattice/1"\nnixpkgs = "github:NixOS/nixpkgs"\nsystems = ["x86_64-linux"]\n',
    ...Object.entries(nodes).map(
      ([name, depends]) => `[[node]]\nname = "${name}"\nkind = "${kind}"\ndepends = ${JSON.stringify(depends)}\n`,
    ),
  ].join("\n");

/** Reads what its nodes built and adds a line. */
export const working = (name: string, lower: readonly string[]): string =>
  shDerivation(
    name,
    `for each in ${lower.map(packageOf).join(" ")}; do read -r line < $each; done; line=$line-${name}; printf "%s\\n" "$line" > $out; [ -n "$line" ] && [ -s $out ]`,
  );

export const nodeFlake = (name: string, lower: readonly string[], defaultPackage = working(name, lower)): string =>
  flakeTaking(lower, defaultPackage);

export const rootFlake = (names: readonly string[], defaultPackage = working("root", names)): string =>
  flakeTaking(names, defaultPackage, (name) => `path:./nodes/${name}`);

/** An honest lattice in `lattice`. */
export function lattice(nodes: Nodes): Tree {
  const names = Object.keys(nodes);
  return {
    "lattice/lattice.toml": plan(nodes),
    "lattice/flake.nix": rootFlake(names),
    ...Object.fromEntries(
      Object.entries(nodes).map(([name, lower]) => [`lattice/nodes/${name}/flake.nix`, nodeFlake(name, lower)]),
    ),
  };
}
