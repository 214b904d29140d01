import type { Verdict, Waiver } from "../model.ts";
import type { CheckVerdict } from "./check/result.ts";

/** How verdicts of checks become the verdict of a criterion (crq-format §7.2). Pure. */

/** From worst to best. */
export const SEVERITY: readonly CheckVerdict[] = ["fail", "vacuous", "unavailable", "manual", "skipped", "pass"];

/** The worst of the verdicts; undefined for none. */
export function worst(verdicts: readonly CheckVerdict[]): CheckVerdict | undefined {
  return SEVERITY.find((verdict) => verdicts.includes(verdict));
}

/**
 * The verdict of a criterion's checks. `all`: the worst one; `any`: pass as soon as one passes, else the worst. A criterion without checks has
 * proven nothing: `skipped`.
 */
export function combine(need: "all" | "any", verdicts: readonly CheckVerdict[]): CheckVerdict {
  if (need === "any" && verdicts.includes("pass")) return "pass";
  return worst(verdicts) ?? "skipped";
}

/** Whether a waiver still counts on `today` (ISO date); `until` is its last day. */
export function isValid(waiver: Waiver, today: string): boolean {
  return today <= waiver.until;
}

/** Whether a person gave a waiver that counts today; one by an agent is only proposed. */
export const isGiven = (waiver: Waiver, today: string): boolean => waiver.by.startsWith("human:") && isValid(waiver, today);

/** The waiver that covers a criterion today, if there is one. Only a person can give one. */
export function waiverFor(ac: string, waivers: readonly Waiver[], today: string): Waiver | undefined {
  return waivers.find((waiver) => waiver.ac === ac && isGiven(waiver, today));
}

/** Criteria that a person answers for today, whatever their checks say. */
export function waivedCriteria(
  crq: { readonly criteria: readonly { readonly id: string }[] },
  waivers: readonly Waiver[],
  today: string,
): ReadonlySet<string> {
  return new Set(crq.criteria.map(({ id }) => id).filter((id) => waiverFor(id, waivers, today) !== undefined));
}

/** A criterion's final verdict: a valid waiver makes anything but a pass `waived`, never a pass. */
export function withWaiver(verdict: CheckVerdict, waiver: Waiver | undefined): Verdict {
  return verdict === "pass" || waiver === undefined ? verdict : "waived";
}
