import type { BuilderFact } from "./flake-facts.ts";
import { isIdle } from "./shell-script.ts";

/**
 * Whether the builder of a check is only `mkdir`, `touch`, `echo` and the like, judged by the evaluated derivation: the command of
 * runCommand, the script of a bare `sh -c`, or the written-out phases of a stdenv derivation. What cannot be seen is no stub.
 */
export function isStub(fact: BuilderFact): boolean {
  if (!fact.derivation) return false;
  if (fact.buildCommand !== null) return isIdle(fact.buildCommand);
  if (isShell(fact.builder)) {
    const script = commandOfShell(fact.arguments);
    if (script !== undefined) return isIdle(script);
    return phasesAreIdle(fact);
  }
  return IDLE_BUILDERS.has(baseName(fact.builder));
}

const IDLE_BUILDERS: ReadonlySet<string> = new Set(["true", "touch", "mkdir", "echo"]);

const baseName = (path: string | null): string => path?.split("/").at(-1) ?? "";

const isShell = (builder: string | null): boolean => /^(?:ba|da|busybox-)?sh(?:-static)?$/.test(baseName(builder));

/** The script of `sh -c SCRIPT`, also as in `sh -euc SCRIPT`. */
function commandOfShell(args: readonly string[]): string | undefined {
  const at = args.findIndex((argument) => /^-[a-z]*c$/.test(argument));
  return at < 0 ? undefined : (args[at + 1] ?? "");
}

/** stdenv: without sources the default phases do nothing; with them, a phase that is neither written out nor off is real work. */
function phasesAreIdle(fact: BuilderFact): boolean {
  const written = Object.entries(fact.phases).filter(([phase]) => !fact.off.includes(phase));
  if (written.length === 0) return false;
  if (!written.every(([, script]) => script !== null && isIdle(script))) return false;
  return !fact.source || ["buildPhase"].every((phase) => fact.off.includes(phase) || fact.phases[phase] !== undefined);
}
