import type { Verdict } from "../../../model.ts";

/** Whether something was really looked at, in words that cannot be taken for a pass: the same in every output. */
export const CHECKED: Readonly<Record<Verdict, string>> = {
  pass: "checked and clean",
  fail: "checked, does not hold",
  vacuous: "checked, but the check proves nothing",
  unavailable: "never checked",
  skipped: "never checked",
  manual: "never checked: a person has to answer",
  waived: "waived by a person",
};

export const isNeverChecked = (verdict: Verdict): boolean => CHECKED[verdict].startsWith("never checked");
