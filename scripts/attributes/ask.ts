import { z } from "zod";
import { nixString, nixStrings } from "../../src/nix/attribute-path.ts";
import { execute } from "../../src/system/process.ts";

/** What a tree of nixpkgs has under a name. */
export type Answer =
  | { readonly kind: "there" }
  /** Only with `config.allowAliases`, the default: an old name. */
  | { readonly kind: "alias" }
  /** It exists and nixpkgs refuses to build it: unfree, broken, insecure, or of other systems. */
  | { readonly kind: "refused" }
  | { readonly kind: "missing" }
  /** Its evaluation fails, with Nix's words: what was removed says so. */
  | { readonly kind: "fails"; readonly message: string };

export interface Tree {
  /** Folder of a checkout of nixpkgs. */
  readonly path: string;
  readonly system: string;
  readonly nixInstantiate: string;
  /** Folder for a store of its own: the machine's is not asked. */
  readonly store: string;
}

/** Evaluates the names in as few calls as it can: where one takes an evaluation down as a whole, the others are asked apart from it. */
export async function askTree(tree: Tree, names: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
  const asked = await evaluate(tree, names);
  if (asked.ok) {
    const answers = new Map<string, Answer>();
    for (const [index, name] of names.entries()) {
      const found = asked.answers[index];
      answers.set(name, found === "throws" ? { kind: "fails", message: await reason(tree, name) } : { kind: found ?? "missing" });
    }
    return answers;
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return new Map([[only, { kind: "fails", message: asked.message }]]);
  const half = Math.ceil(names.length / 2);
  return new Map([...(await askTree(tree, names.slice(0, half))), ...(await askTree(tree, names.slice(half)))]);
}

const answersSchema = z.array(z.enum(["there", "alias", "refused", "missing", "throws"]));

type Evaluated =
  | { readonly ok: true; readonly answers: z.infer<typeof answersSchema> }
  | { readonly ok: false; readonly message: string };

async function evaluate(tree: Tree, names: readonly string[]): Promise<Evaluated> {
  const paths = names.map((name) => nixStrings(name.split("."))).join(" ");
  const finished = await instantiate(
    tree,
    ["--strict", "--json"],
    `
let
  ${setsOf(tree)}
  find = set: path:
    if path == [ ] then { value = set; }
    else if builtins.isAttrs set && set ? \${builtins.head path} then find set.\${builtins.head path} (builtins.tail path)
    else null;
  there = set: path: (builtins.tryEval (find set path != null)).value;
  answer = path:
    let
      value = (find pkgs path).value;
      seen = builtins.tryEval (builtins.seq value (if builtins.isAttrs value then value.meta.available or true else true));
    in
    if !there pkgs path then "missing"
    else if !seen.success then "throws"
    else if !there plain path then "alias"
    else if !seen.value then "refused"
    else "there";
in
map answer [ ${paths} ]`,
  );
  return finished.exit === 0
    ? { ok: true, answers: answersSchema.parse(JSON.parse(finished.stdout)) }
    : { ok: false, message: said(finished.stderr) };
}

/** Why a name that exists cannot be used; Nix tells it only where nothing catches the error. */
async function reason(tree: Tree, name: string): Promise<string> {
  const finished = await instantiate(tree, [], `let ${setsOf(tree)} in builtins.seq pkgs.${name} null`);
  return finished.exit === 0 ? "its meta does not evaluate" : said(finished.stderr);
}

const setsOf = ({ path, system }: Tree): string => `
  tree = /. + ${nixString(path)};
  pkgs = import tree { system = ${nixString(system)}; config = { }; overlays = [ ]; };
  plain = import tree { system = ${nixString(system)}; config.allowAliases = false; overlays = [ ]; };`;

/** The last `error:` of a trace. */
const said = (stderr: string): string =>
  stderr
    .split("error:")
    .at(-1)
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "") ?? "no answer";

const instantiate = ({ nixInstantiate, store }: Tree, options: readonly string[], expression: string) =>
  execute({
    argv: [nixInstantiate, "--store", store, "--eval", "--read-write-mode", ...options, "-"],
    cwd: store,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: store, NIX_CONF_DIR: store },
    stdin: expression,
    timeoutMs: 600_000,
  });
