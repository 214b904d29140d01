import { connect } from "node:net";
import { logText } from "../../../crq/criteria/check/log.ts";
import type { CheckResult } from "../../../crq/criteria/check/result.ts";
import type { ExecutionEnvironment } from "../../../system/execution-environment.ts";
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
  if (diagnoses.some((one) => one.kind === "resources" && one.resource === "disk")) throw new InfraFailure("disk", reason);
  if (verdict !== "unavailable") return;
  switch (code) {
    case "aborted":
      throw new InfraFailure("killed", reason);
    case "no-nix":
      throw new InfraFailure("nix-daemon", reason);
    case "no-confinement":
      throw new InfraFailure("probe", reason);
    case "internal":
      throw new InfraFailure("harness", `${reason}\n${result.log}`);
    case "unreachable":
      return requireReachable(result, environment);
    default:
  }
}

/** An input that cannot be reached is the change's own choice as long as the mirror answers; a Nix that cannot start is not. */
async function requireReachable({ reason, diagnoses }: CheckResult, environment: ExecutionEnvironment): Promise<void> {
  const [first] = diagnoses;
  if (first === undefined || first.kind === "unknown") throw new InfraFailure("nix-daemon", reason);
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
