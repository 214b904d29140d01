import { nearest } from "../../agent/text/nearest.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { shellExpression } from "../../nix/recipes/dev-shell.ts";
import { type FlakeParts, flakeParts, type OutputsSet } from "../../nix/recipes/existing/flake-parts.ts";
import { addOutputs, addToBuilders, addVariableToBuilders, insertBindings } from "../../nix/recipes/existing/insert-bindings.ts";
import { type NixToken, nixTokens } from "../../nix/recipes/existing/nix-tokens.ts";
import { type Binding, bind, type Code, letIn, list, path, set, string } from "../../nix/recipes/nix-syntax.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import { BUILD_PROGRAMS, LINK_LIBRARIES, NATIVE_LIBRARIES, PKG_CONFIG_MODULES } from "../../repo/sources/native-libraries.ts";

/** A flake that somebody wrote stays theirs: outputs that are missing are added, and a fault is mended where it stands. */

const SYSTEM = `\${system}`;

/** The flake with the plan's inputs, and with a shell and checks where it has none; each as far as its form allows. */
export const keepFlake = (text: string, plan: FlakePlan): string => withOutputs(withInputs(text, plan), plan);

/** Addresses as the plan has them, and inputs that were not declared. */
function withInputs(text: string, plan: FlakePlan): string {
  const { inputs } = flakeParts(text);
  const moved = plan.inputs.filter((input) => inputs.has(input.name) && inputs.get(input.name)?.url !== input.url);
  const literals = moved.flatMap((input) => {
    const literal = inputs.get(input.name)?.literal;
    return literal ? [{ ...literal, code: string(input.url) }] : [];
  });
  const readdressed = literals
    .sort((a, b) => b.start - a.start)
    .reduce((source, { start, end, code }) => source.slice(0, start) + code + source.slice(end), text);
  const fresh = plan.inputs.filter((input) => !inputs.has(input.name));
  const { inputsClose } = flakeParts(readdressed);
  if (fresh.length === 0 || inputsClose === undefined) return readdressed;
  const bindings = fresh.flatMap((input) => [
    bind(path(input.name, "url"), string(input.url)),
    ...Object.entries(input.follows).map(([name, target]) => bind(path(input.name, "inputs", name, "follows"), string(target))),
  ]);
  const declared = insertBindings(readdressed, inputsClose, bindings);
  return fresh.reduce((source, input) => withArgument(source, input.name), declared);
}

/** `outputs` must take every input that is declared, by name or by dots. */
function withArgument(text: string, name: string): string {
  const { outputs } = flakeParts(text);
  if (!outputs || outputs.arguments.includes(name) || outputs.takesMore) return text;
  return addArgument(text, nixTokens(text), name) ?? text;
}

function withOutputs(text: string, plan: FlakePlan): string {
  const parts = flakeParts(text);
  const { outputs } = parts;
  if (!outputs) return text;
  const has = (...names: readonly string[]): boolean =>
    outputs.names.some(([first]) => first !== undefined && names.includes(first));
  const additions: Binding[] = [];
  if (!has("devShells", "devShell"))
    additions.push(
      ...forSystems(
        parts,
        outputs,
        plan,
        "devShells",
        plan.shells.map((name) => [name, shellCode(plan)]),
      ),
    );
  if (!has("checks") && has("packages") && outputs.arguments.includes("self"))
    additions.push(
      ...(additions.length > 0 ? [undefined] : []),
      bind("checks", outputs.kind === "perSystem" ? `self.packages.${SYSTEM}` : "self.packages"),
    );
  return addOutputs(text, outputs, additions);
}

/** The plan's shell without the inputs of packages, whose names are the author's. */
const shellCode = (plan: FlakePlan): Code =>
  shellExpression({
    ...plan,
    packages: [],
    tests: [],
    shellPackages: [
      ...plan.shellPackages,
      ...[...plan.nativeBuildInputs, ...plan.buildInputs]
        .filter((need) => need.only === undefined && need.attribute !== "rustPlatform.bindgenHook")
        .map((need) => need.attribute),
    ],
  });

/** Bindings of an output in the way the flake writes its own: by eachSystem, for its one system, or for a list of systems. */
function forSystems(
  parts: FlakeParts,
  outputs: OutputsSet,
  plan: FlakePlan,
  output: string,
  values: readonly (readonly [string, Code])[],
): readonly Binding[] {
  if (outputs.kind === "perSystem") {
    if (outputs.binds("pkgs")) return values.map(([name, code]) => bind(path(output, name), code));
    return outputs.arguments.includes("nixpkgs") ? [bind(output, withPkgs(values))] : [];
  }
  const own = outputs.names.find(([first, , ...rest]) => first === "packages" && rest.length > 0);
  const literal = own?.[1];
  if (own && outputs.binds("pkgs") && (literal !== undefined || outputs.binds("system"))) {
    const system = literal === undefined ? SYSTEM : path(literal);
    return values.map(([name, code]) => bind(`${output}.${system}.${path(name)}`, code));
  }
  if (!outputs.arguments.includes("nixpkgs")) return [];
  const systems =
    parts.systems.length > 0 && outputs.binds("systems")
      ? "systems"
      : list((parts.systems.length > 0 ? parts.systems : plan.systems).map(string));
  return [bind(output, `nixpkgs.lib.genAttrs ${systems} (\n${indented(`system:\n${withPkgs(values)}`)}\n)`)];
}

const withPkgs = (values: readonly (readonly [string, Code])[]): Code =>
  letIn([bind("pkgs", `nixpkgs.legacyPackages.${SYSTEM}`)], set(values.map(([name, code]) => bind(path(name), code))));

const indented = (code: Code): Code =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : `  ${line}`))
    .join("\n");

export interface TextRepair {
  readonly text: string;
  readonly why: string;
}

/** The smallest change of the text that cures a diagnosis; undefined where none is known. `plan` already has the cure. */
export function repairText(text: string, diagnosis: Diagnosis, plan: FlakePlan): TextRepair | undefined {
  switch (diagnosis.kind) {
    case "attribute":
      return diagnosis.undefinedVariable
        ? bindVariable(text, diagnosis.attribute, diagnosis.position)
        : correctAttribute(text, diagnosis.attribute, diagnosis.suggestion, diagnosis.position);
    case "native-library":
    case "generator-missing":
    case "build-tool-missing":
    case "libclang":
    case "git-metadata":
      return addNeeds(text, plan, diagnosis.message);
    default:
      return undefined;
  }
}

/** Attributes of nixpkgs that flakes of Rust projects use. */
const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(
  [
    "rustPlatform buildRustPackage bindgenHook mkShell mkShellNoCC callPackage legacyPackages stdenv mkDerivation hostPlatform isLinux isDarwin lib genAttrs optionals cleanSource fileset cargo rustc clippy rustfmt rust-analyzer pkg-config git runCommand writeShellApplication makeWrapper nixfmt buildPackage".split(
      " ",
    ),
    ...NATIVE_LIBRARIES.map((row) => [...row.nativeBuildInputs, ...row.buildInputs]),
    Object.values(PKG_CONFIG_MODULES),
    Object.values(LINK_LIBRARIES),
    Object.values(BUILD_PROGRAMS),
  ].flat(),
);

const KEYWORDS = new Set(["let", "in", "with", "inherit", "rec", "if", "then", "else", "assert", "or"]);

/** Words that are bound somewhere: before `=`, before `:`, or in an argument set. */
function boundWords(tokens: readonly NixToken[]): ReadonlySet<string> {
  const bound = new Set(["builtins", "true", "false", "null", "import"]);
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.text;
    const after = tokens[index + 1]?.text;
    if (token.kind !== "word" || KEYWORDS.has(token.text) || before === ".") continue;
    if (
      after === "=" ||
      after === ":" ||
      after === "@" ||
      ((before === "{" || before === ",") && (after === "," || after === "}" || after === "?"))
    )
      bound.add(token.text);
  }
  return bound;
}

/** Replaces the uses of a word: not as a name that is bound, not as a part of an attribute path. */
function replaceUses(text: string, tokens: readonly NixToken[], word: string, replacement: string): string {
  let result = text;
  for (const [index, token] of [...tokens.entries()].reverse()) {
    if (token.kind !== "word" || token.text !== word || tokens[index - 1]?.text === "." || tokens[index + 1]?.text === "=")
      continue;
    result = result.slice(0, token.start) + replacement + result.slice(token.end);
  }
  return result;
}

const lineOf = (text: string, token: NixToken): number => text.slice(0, token.start).split("\n").length;

/** Replaces the one use of a word on the line of a position in flake.nix. */
function replaceAt(
  text: string,
  tokens: readonly NixToken[],
  word: string,
  position: Diagnosis["position"],
  replacement: string,
): string {
  const found = tokens.filter(
    (token) =>
      token.kind === "word" &&
      token.text === word &&
      position?.file.endsWith("flake.nix") &&
      lineOf(text, token) === position.line,
  );
  const [only] = found;
  return only && found.length === 1 ? text.slice(0, only.start) + replacement + text.slice(only.end) : text;
}

/** A variable that nothing binds: written wrong, left out of the arguments, or an attribute of nixpkgs without its set. */
function bindVariable(text: string, name: string, position: Diagnosis["position"]): TextRepair | undefined {
  const tokens = nixTokens(text);
  const bound = boundWords(tokens);
  const use = (replacement: string, why: string): TextRepair | undefined => {
    // Where the name is bound elsewhere in the file, only the use that Nix complains about is wrong.
    const repaired = bound.has(name)
      ? replaceAt(text, tokens, name, position, replacement)
      : replaceUses(text, tokens, name, replacement);
    return repaired === text ? undefined : { text: repaired, why };
  };
  const parts = flakeParts(text);
  if (parts.inputs.has(name)) {
    const repaired = addArgument(text, tokens, name);
    return repaired === undefined ? undefined : { text: repaired, why: `outputs takes the input ${name}, which it uses` };
  }
  if (name === "lib" && bound.has("nixpkgs")) return use("nixpkgs.lib", "lib is nixpkgs.lib");
  if (KNOWN_ATTRIBUTES.has(name) && bound.has("pkgs")) return use(`pkgs.${name}`, `${name} is an attribute of pkgs`);
  const [near] = nearest(
    name,
    [...bound].filter((word) => word !== name),
  );
  if (near !== undefined && !near.includes(name) && !name.includes(near))
    return use(near, `${name} is written ${near} where it is bound`);
  const packageSet = packageSetName(tokens);
  if (name === "pkgs" && packageSet !== undefined) return use(packageSet, `the package set is bound as ${packageSet}`);
  return undefined;
}

/** The variable that is bound to a package set: `x = nixpkgs.legacyPackages…` or `x = import nixpkgs …`. */
function packageSetName(tokens: readonly NixToken[]): string | undefined {
  for (const [index, token] of tokens.entries()) {
    const [equals, first, second, third] = tokens.slice(index + 1, index + 5).map((next) => next.text);
    const isSet =
      (first === "nixpkgs" && second === "." && third === "legacyPackages") || (first === "import" && second === "nixpkgs");
    if (token.kind === "word" && equals === "=" && isSet) return token.text;
  }
  return undefined;
}

/** Adds a name to the argument set of `outputs`. */
function addArgument(text: string, tokens: readonly NixToken[], name: string): string | undefined {
  const outputs = tokens.findIndex((token, index) => token.text === "outputs" && tokens[index + 1]?.text === "=");
  const open = tokens.findIndex((token, index) => index > outputs && token.text === "{");
  const first = tokens[open + 1];
  if (outputs < 0 || open < 0 || !first || open > outputs + 4) return undefined;
  return `${text.slice(0, first.start)}${name}${first.text === "}" ? " " : ", "}${text.slice(first.start)}`;
}

/** An attribute that does not exist: the word at its position is replaced by the name that Nix or the tables suggest. */
function correctAttribute(
  text: string,
  attribute: string,
  suggestion: string | undefined,
  position: Diagnosis["position"],
): TextRepair | undefined {
  const name = attribute.split(".").at(-1) ?? attribute;
  const right = suggestion ?? nearest(name, [...KNOWN_ATTRIBUTES])[0];
  const uses = nixTokens(text).filter((token) => token.kind === "word" && token.text === name);
  const [only, ...more] = uses;
  const here =
    more.length === 0
      ? only
      : uses.find((token) => position?.file.endsWith("flake.nix") && lineOf(text, token) === position.line);
  if (right === undefined || right === name || !here || !/^[A-Za-z_][\w'-]*$/.test(right)) return undefined;
  return { text: text.slice(0, here.start) + right + text.slice(here.end), why: `${name} is called ${right}` };
}

/** Native inputs and variables of the plan, in the builder calls of the flake. */
function addNeeds(text: string, plan: FlakePlan, reason: string): TextRepair | undefined {
  if (!nixTokens(text).some((token) => token.text === "pkgs")) return undefined;
  const attributes = (needs: FlakePlan["buildInputs"]): readonly Code[] =>
    needs.filter((need) => need.only !== "darwin").map((need) => `pkgs.${need.attribute}`);
  let repaired: string | undefined = text;
  for (const [argument, needs] of [
    ["nativeBuildInputs", plan.nativeBuildInputs],
    ["buildInputs", plan.buildInputs],
  ] as const)
    if (repaired !== undefined && needs.length > 0) repaired = addToBuilders(repaired, argument, attributes(needs));
  for (const [name, value] of Object.entries(plan.environment))
    if (repaired !== undefined) repaired = addVariableToBuilders(repaired, name, string(value));
  return repaired === undefined || repaired === text
    ? undefined
    : { text: repaired, why: `the build needs more than the flake gives it (${reason})` };
}
