import { statfs } from "node:fs/promises";
import { connect } from "node:net";
import { logText } from "../../../crq/criteria/check/log.ts";
import type { CheckResult } from "../../../crq/criteria/check/result.ts";
import type { Diagnosis } from "../../../nix/diagnosis.ts";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import { execute } from "../../../system/process.ts";
import { InfraFailure } from "../../trial/infra-failure.ts";
import { isMirrorReset } from "../../trial/record/mirror-reset.ts";
import { fail, type Judgement, pass } from "./gate.ts";

/**
 * What a check saw, as a judgement of the change. Only what no change could bring about is trouble of this machine: no Nix, no sandbox, no
 * room, a mirror that is gone. All else that could not be judged counts against the change, since the solution could be judged.
 * @throws InfraFailure
 */
export async function judgementOf(result: CheckResult, environment: ExecutionEnvironment): Promise<Judgement> {
  if (result.verdict === "pass") return pass(result.reason, logText(result));
  await requireMachine(result, environment);
  return fail(result.reason, logText(result));
}

/** @throws InfraFailure where the machine, not the change, is why there is no verdict */
export async function requireMachine(result: CheckResult, environment: ExecutionEnvironment): Promise<void> {
  const { verdict, code, reason, diagnoses } = result;
  const full = diagnoses.filter((one) => one.kind === "resources" && one.resource === "disk");
  if (full.length > 0 && (!full.every(isSaidByChange) || (await isShortOfRoom(environment))))
    throw new InfraFailure("disk", reason);
  if (verdict !== "unavailable") return;
  switch (code) {
    case "aborted":
      throw new InfraFailure("killed", reason);
    case "no-nix":
      throw new InfraFailure("nix-daemon", reason);
    case "no-confinement":
      if (await confines(environment)) return;
      throw new InfraFailure("probe", reason);
    case "internal":
      throw new InfraFailure("harness", `${reason}\n${result.log}`);
    case "unreachable":
      return requireReachable(result, environment);
    default:
  }
}

/** Builders print what they like, and expressions throw what they like: the same words as Nix itself, but with a derivation or a place. */
const isSaidByChange = ({ derivation, position }: Diagnosis): boolean => derivation !== undefined || position !== undefined;

/** MB. Less than this on the disk of the store: a builder may well be right that it is full. */
const LITTLE_ROOM = 1024;

async function isShortOfRoom({ hostPath }: ExecutionEnvironment): Promise<boolean> {
  const { bavail, bsize } = await statfs(hostPath("/nix/store"));
  return (bavail * bsize) / 1024 ** 2 < LITTLE_ROOM;
}

/** Found nowhere: bubblewrap says so once it has made all that a program is confined by. */
const NO_PROGRAM = "/crq-agent-no-such-program";

/** A program under test may print what bubblewrap prints of its own trouble; whether there is any is asked without it. */
async function confines({ confine, variables }: ExecutionEnvironment): Promise<boolean> {
  const argv = confine([NO_PROGRAM], { cwd: "/", writable: [] });
  if (typeof argv === "string") return false;
  const { stderr } = await execute({ argv, cwd: "/", env: variables, timeoutMs: 60_000 });
  return /^bwrap: execvp /u.test(stderr);
}

/** An input that cannot be reached is the change's own choice as long as the mirror answers; a Nix that cannot start or sandbox is not. */
async function requireReachable({ reason, diagnoses }: CheckResult, environment: ExecutionEnvironment): Promise<void> {
  const [first] = diagnoses;
  if (first === undefined || (first.kind === "unknown" && !isSaidByChange(first))) throw new InfraFailure("nix-daemon", reason);
  if (first.kind !== "input-not-found") return;
  if (diagnoses.some(isMirrorReset)) throw new InfraFailure("mirror", reason);
  const proxy = environment.variables.https_proxy;
  if (proxy === undefined || !(await answers(new URL(proxy)))) throw new InfraFailure("mirror", reason);
}

function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 5_000 });
    const end = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
