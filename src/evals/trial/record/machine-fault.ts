import { isDiskFull } from "../../../system/error.ts";
import type { Finished } from "../../../system/process.ts";
import { InfraFailure } from "../infra-failure.ts";
import type { Claim } from "../submission.ts";

/** As shells and bubblewrap count a child that SIGKILL ended. */
const KILLED = 128 + 9;

/** The mirror is part of the program, and its children reach it on the loopback device. */
const MIRROR =
  /the mirror could not start|failed to connect to (?:127\.0\.0\.1|localhost)|(?:127\.0\.0\.1|localhost)[^\n]*(?:refused|reset|not connect)/iu;
const DAEMON = /nix-daemon|daemon-socket|cannot connect to (?:the )?daemon/iu;
const MEMORY = /cannot allocate memory|\bENOMEM\b/iu;

/**
 * What the machine did to a trial, told by how its program ended; undefined where the end is the agent's own.
 * @param silent it left neither a document nor a journal
 */
export function faultOfMachine(finished: Finished, claim: Claim, silent: boolean): InfraFailure | undefined {
  const said = finished.stderr.trim().slice(-2_000);
  if (finished.ended === "not-started")
    return new InfraFailure("harness", `the program could not be started: ${finished.problem}`);
  if (finished.exit === null || finished.exit === KILLED)
    return new InfraFailure("killed", `something else ended the program (${finished.signal ?? "SIGKILL"})`);
  const reason = `${claim.reason ?? ""}\n${said}`;
  if (claim.outcome === "infra" || (claim.outcome === "crash" && isDiskFull(new Error(reason)))) {
    if (isDiskFull(new Error(reason))) return new InfraFailure("disk", claim.reason ?? said);
    if (MIRROR.test(reason)) return new InfraFailure("mirror", claim.reason ?? said);
    if (DAEMON.test(reason)) return new InfraFailure("nix-daemon", claim.reason ?? said);
    if (MEMORY.test(reason)) return new InfraFailure("memory-host", claim.reason ?? said);
    return new InfraFailure("harness", claim.reason ?? said);
  }
  // A sandbox that does not come up, or a verb that does not know its options.
  if (silent && finished.exit !== 0)
    return new InfraFailure("harness", `the program did not begin (exit ${finished.exit}): ${said}`);
  return undefined;
}
