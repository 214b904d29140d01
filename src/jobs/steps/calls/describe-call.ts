import { basename } from "node:path";
import { readAr } from "../../../repo/steps/calls/ar-call.ts";
import { readCc } from "../../../repo/steps/calls/cc-call.ts";
import { readRustc } from "../../../repo/steps/calls/rustc-call.ts";
import { stepEnvironment } from "../../../repo/steps/variables.ts";
import type { InheritedEnd } from "../../../system/inherited.ts";
import { redactEvidence, secretsOf } from "../../../system/redact.ts";
import { callsOf, writeWhole } from "./recording.ts";
import type { Caller, Target } from "./target.ts";

/** What a wrapper does where calls are only described: it writes the call down and ends well, without starting the tool. */

/** The older form of a record, with the time by which such calls are put in order. */
export interface Described {
  readonly at: number;
  readonly type: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** undefined: a question to the tool, which is answered by it. A driver would go astray without answers. */
export async function describeCall(folder: string, target: Target, { cwd, env }: Caller): Promise<InheritedEnd | undefined> {
  if (asks(target)) return undefined;
  const secrets = secretsOf(env);
  const clean = (text: string): string => redactEvidence(text, secrets);
  const described: Described = {
    at: performance.timeOrigin + performance.now(),
    type: target.type,
    command: basename(target.shown),
    args: target.args.map(clean),
    env: Object.fromEntries(Object.entries(stepEnvironment(env, []).kept).map(([name, value]) => [name, clean(value)])),
    cwd,
  };
  await writeWhole(callsOf(folder), described);
  return { exit: 0, signal: null };
}

function asks({ type, args, shown }: Target): boolean {
  switch (type) {
    case "rust_compiler_invocation":
      return readRustc(args).probe;
    case "c_compiler_invocation":
    case "linker_invocation":
      return readCc(args, type === "linker_invocation").probe;
    case "archiver_invocation":
      return !basename(shown).includes("ranlib") && readAr(args).probe;
    case "build_script_run":
    case "program_run":
      return false;
  }
}
