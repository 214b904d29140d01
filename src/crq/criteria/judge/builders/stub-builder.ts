import type { BuilderFact } from "./builder-facts.ts";
import { isIdle, onlyCopies } from "./shell-script.ts";

/**
 * Whether the builder of a check is only `mkdir`, `touch`, `echo` and the like, judged by the evaluated derivation: the command of
 * runCommand, the script of a bare `sh -c`, or the written-out phases of a stdenv derivation. What cannot be seen is no stub.
 */
export function isStub(fact: BuilderFact): boolean {
  if (!fact.derivation) return false;
  if (fact.buildCommand !== null) return isIdleCommand(fact, fact.buildCommand);
  if (isShell(fact.builder)) {
    const script = commandOfShell(fact.arguments);
    if (script !== undefined) return isIdleCommand(fact, script);
    return phasesAreIdle(fact);
  }
  return IDLE_BUILDERS.has(baseName(fact.builder));
}

/** A stub that waits for nothing either: printing the paths of other derivations, `echo ${tested} > $out`, makes a check of their own tests. */
export const testsNothing = (fact: BuilderFact): boolean => isStub(fact) && !waitsForBuilds(fact);

/** A path in the place of a program, `${coreutils}/bin/touch $out`, is a tool. */
const waitsForBuilds = ({ needsBuilds, buildCommand, arguments: given }: BuilderFact): boolean =>
  needsBuilds && PRINTS_A_PATH.test(buildCommand ?? commandOfShell(given) ?? "");

const PRINTS_A_PATH = /(?:^|[\n;&])\s*(?:echo|printf)\s[^\n;&|<>]*\/nix\/store\/[0-9a-z]{32}-[^\s"'/;&|<>]+(?=["'\s;]|$)/;

const IDLE_BUILDERS: ReadonlySet<string> = new Set(["true", "touch", "mkdir", "echo"]);

const baseName = (path: string | null): string => path?.split("/").at(-1) ?? "";

const isShell = (builder: string | null): boolean => /^(?:ba|da|busybox-)?sh(?:-static)?$/.test(baseName(builder));

/** The script of `sh -c SCRIPT`, also as in `sh -euc SCRIPT`. */
function commandOfShell(args: readonly string[]): string | undefined {
  const at = args.findIndex((argument) => /^-[a-z]*c$/.test(argument));
  return at < 0 ? undefined : (args[at + 1] ?? "");
}

/** A command that does nothing, writes a given text (`writeText`), joins an empty list (`symlinkJoin`), or copies what is in the tree as it is. */
function isIdleCommand(fact: BuilderFact, command: string): boolean {
  return (
    isIdle(command) || writesText(fact, command) || joinsNothing(fact, command) || (!fact.needsBuilds && onlyCopies(command))
  );
}

/** nixpkgs' writeTextFile and all that is made of it: the text is written and at most parsed, never run. */
function writesText({ asFile, phases }: BuilderFact, command: string): boolean {
  if (!asFile.includes("text") || !command.includes("$textPath")) return false;
  const { checkPhase } = phases;
  return checkPhase === undefined || (checkPhase !== null && (isIdle(checkPhase) || PARSES_ONLY.test(checkPhase)));
}

/** `bash -n "$target"`: reads the script without running it. */
const PARSES_ONLY = /^\s*\S+\/(?:ba)?sh\s+(?:-O extglob\s+)?-n\s+(?:-O extglob\s+)?"\$target"\s*$/;

/** nixpkgs' symlinkJoin over no path; what its `postBuild` does stands behind the loop. */
function joinsNothing({ emptyLists }: BuilderFact, command: string): boolean {
  if (!emptyLists.includes("paths")) return false;
  const loop = /^\s*mkdir -p \$out\s+for i in \$\(cat \$pathsPath\); do\s[\s\S]*?\n\s*done\n/.exec(command);
  return loop !== null && isIdle(command.slice(loop[0].length));
}

/** stdenv: without sources the default phases do nothing; with them, a phase that is neither written out nor off is real work. */
function phasesAreIdle(fact: BuilderFact): boolean {
  const written = Object.entries(fact.phases).filter(([phase]) => !fact.off.includes(phase));
  if (written.length === 0) return false;
  if (!written.every(([, script]) => script !== null && isIdle(script))) return false;
  return !fact.source || ["buildPhase"].every((phase) => fact.off.includes(phase) || fact.phases[phase] !== undefined);
}
