import { nearest } from "../../agent/text/nearest.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import { addToBuilders, addVariableToBuilders } from "../../nix/recipes/existing/insert-bindings.ts";
import { type NixToken, nixTokens } from "../../nix/recipes/existing/nix-tokens.ts";
import { type Code, string } from "../../nix/recipes/nix-syntax.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import { BUILD_PROGRAMS, LINK_LIBRARIES, PKG_CONFIG_MODULES } from "../../repo/sources/library-names.ts";
import { NATIVE_LIBRARIES } from "../../repo/sources/native-libraries.ts";
import { addArgument } from "./keep-flake.ts";

/** Mends a fault of a flake where it stands. */

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
