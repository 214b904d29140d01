import { posix } from "node:path";
import type { StepRecord } from "../../repo/steps/records.ts";

/** Files of these kinds are no programs, whatever their mode says. */
const NO_PROGRAM = /\.(?:o|obj|a|rlib|rmeta|d|so(?:\.[\d.]+)?|dylib|h|hh|hpp|c|cc|cpp|rs|json|txt|toml|s|ll|bc|pdb|dwp)$/u;
/** What cargo puts behind a name (`-C extra-filename`). */
const CARGO_HASH = /-[0-9a-f]{16}$/u;

/** The name under `bin` of an output that may be a program: as the person knows it, without cargo's hash. */
export function programName({ env }: Pick<StepRecord, "env">, output: string): string | undefined {
  const base = posix.basename(output);
  if (NO_PROGRAM.test(base)) return undefined;
  const plain = base.replace(CARGO_HASH, "");
  // Cargo says the name of the program it builds; the file has that of the crate, in which a hyphen is an underscore.
  const named = Object.hasOwn(env, "CARGO_BIN_NAME") ? env.CARGO_BIN_NAME : undefined;
  return named !== undefined && named.replaceAll("-", "_") === plain.replaceAll("-", "_") ? named : plain;
}
