import { existsSync } from "node:fs";
import { totalmem } from "node:os";

const PRLIMIT = ["/usr/bin/prlimit", "/bin/prlimit", "/run/current-system/sw/bin/prlimit"].find((path) => existsSync(path));

const GIBIBYTE = 1024 ** 3;

/** Private writable memory of one evaluating process: enough for any package set, small enough that a runaway evaluation cannot take the machine down. */
export const EVALUATION_MEMORY = Math.min(8 * GIBIBYTE, Math.floor(totalmem() * 0.75));

/** For calls that evaluate and build in one process, whose builders inherit the limit. */
export const CHECK_MEMORY = Math.floor(totalmem() * 0.75);

/** How memory is limited on this machine, for reports. */
export const memoryLimiter: "prlimit" | "none" = PRLIMIT === undefined ? "none" : "prlimit";

/**
 * argv under a limit on RLIMIT_DATA (private writable mappings, not reserved address space, so that programs that only reserve a lot are not
 * hit), set by util-linux's prlimit since a shell's ulimit would need a shell. Where there is no prlimit (macOS) only the time limit holds.
 */
export function limitMemory(argv: readonly string[], bytes: number | undefined): readonly string[] {
  if (bytes === undefined || PRLIMIT === undefined) return argv;
  return [PRLIMIT, `--data=${bytes}:${bytes}`, "--", ...argv];
}

/** Processes of one user: a program that forks without end stops here, where the kernel counts them (it does not for root). */
const MOST_PROCESSES = 8_192;
/** Bytes of one file that a program writes. */
const LARGEST_FILE = 2 * GIBIBYTE;

/** argv of a program that nobody trusts, under limits on what it may take from the machine: memory of each process, files, processes. */
export function limitProgram(argv: readonly string[]): readonly string[] {
  if (PRLIMIT === undefined) return argv;
  const limits = { data: EVALUATION_MEMORY, fsize: LARGEST_FILE, nproc: MOST_PROCESSES, core: 0 };
  return [PRLIMIT, ...Object.entries(limits).map(([name, most]) => `--${name}=${most}:${most}`), "--", ...argv];
}
