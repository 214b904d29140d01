import type { Diagnosis, DiagnosisFacts, Stage } from "../diagnosis.ts";
import { fingerprint } from "./fingerprint.ts";

/** A diagnosis that needs no log: the program's own refusals and accidents. */
export function plainDiagnosis(stage: Stage, facts: DiagnosisFacts, message: string, next: string): Diagnosis {
  return { ...facts, stage, message, excerpt: message, next, fingerprint: fingerprint(facts, { stage, message }) };
}
