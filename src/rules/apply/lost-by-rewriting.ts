import { flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import { tokenize, withoutComments } from "../../nix/tokenize.ts";

/** What a person wrote into a flake that a recipe would not write again: a build that passes without it proves less than it did. */

const RECIPE_OUTPUTS = new Set([
  "packages",
  "defaultPackage",
  "devShells",
  "devShell",
  "apps",
  "defaultApp",
  "checks",
  "formatter",
]);
const OTHER_OUTPUTS = [
  "nixosModules",
  "nixosModule",
  "nixosConfigurations",
  "darwinModules",
  "homeModules",
  "homeManagerModules",
  "overlays",
  "overlay",
  "templates",
  "lib",
  "hydraJobs",
  "bundlers",
  "legacyPackages",
];

/** Phases and hooks of a derivation, and settings that say what is built, tested and installed; each is a person's own. */
const OWN_SETTINGS =
  /^(?:(?:pre|post)(?:Unpack|Patch|Configure|Build|Check|Install|Fixup|InstallCheck|Dist)|(?:unpack|patch|configure|build|check|install|fixup|installCheck|dist)Phase|doInstallCheck|patches|cargo(?:Build|Test|Check|Extra|NextestExtra|ClippyExtra)\w*|(?:build|check)(?:Flags|Features|NoDefaultFeatures)|checkFlags|makeWrapperArgs|makeFlags|installFlags)$/u;

/** @returns names of outputs and settings, each once; none: nothing is lost */
export function lostByRewriting(text: string, written: string): readonly string[] {
  const again = settingsOf(written);
  return [...preciousOutputs(text), ...[...settingsOf(text)].filter((name) => !again.has(name))];
}

/** Names that are bound anywhere in the code. What is commented out, or stands in a script, is not bound. */
function settingsOf(text: string): ReadonlySet<string> {
  const tokens = withoutComments(tokenize(text));
  return new Set(
    tokens.flatMap(({ kind, text: name }, at) =>
      kind === "identifier" && tokens[at + 1]?.text === "=" && tokens[at - 1]?.text !== "." && OWN_SETTINGS.test(name)
        ? [name]
        : [],
    ),
  );
}

/** Outputs that no recipe would write again. */
function preciousOutputs(text: string): readonly string[] {
  const { outputs } = flakeParts(text);
  if (outputs)
    return [...new Set(outputs.names.map(([first]) => first ?? "an output with a computed name"))].filter(
      (name) => !RECIPE_OUTPUTS.has(name),
    );
  return OTHER_OUTPUTS.filter((name) => new RegExp(`(?:^|[\\s{;])${name}(?:\\.[\\w.-]+)?\\s*=[^=]`, "m").test(text));
}
