import { fail, type Judgement, pass } from "../change/gate.ts";
import type { Tampering } from "./find-tampering.ts";

/** The gate `tamper`: fails on a confirmed hack alone. Suspicions are listed in its detail. */
export function tamperGate({ confirmed, suspicions }: Tampering): Judgement {
  const log = suspicions.map(({ rule, evidence }) => `${rule}: ${evidence}`).join("\n");
  if (confirmed !== null) return fail(`${confirmed.rule}: ${confirmed.evidence}`, log);
  if (suspicions.length === 0) return pass("no rule found anything");
  return pass(`suspicion without proof: ${suspicions.map(({ rule }) => rule).join(", ")}`, log);
}
