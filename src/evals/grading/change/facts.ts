import type { AttributeFact } from "../../../crq/criteria/judge/flake-facts.ts";
import type { GateResults } from "./gate.ts";

/** What a check of a task's own (`checks/NAME.ts`) is given. It computes: nothing is read or started by it. */
export interface CheckFacts {
  readonly task: string;
  readonly system: string;
  /** Paths that the change added, changed or deleted. */
  readonly changed: readonly { readonly path: string; readonly status: "added" | "changed" | "deleted" }[];
  /** Text files that are tracked after the change, by path; files beyond 1 MiB are left out. */
  readonly files: Readonly<Record<string, string>>;
  /** The same before the change. */
  readonly before: Readonly<Record<string, string>>;
  /** Of the attributes that checks.toml names, by path; undefined where the flake does not evaluate. */
  readonly attributes: Readonly<Record<string, AttributeFact>> | undefined;
  /** Names of the checks of this system; undefined likewise. */
  readonly checks: readonly string[] | undefined;
  /** What the gates before it said. */
  readonly gates: GateResults;
}

/** The default export of `checks/NAME.ts`. */
export type CustomCheck = (facts: CheckFacts) => { readonly ok: boolean; readonly detail: string };
