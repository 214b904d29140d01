import type { Diagnosis } from "../diagnosis.ts";
import type { BuildOptions, Built, NixFailure, NixResult, RunNixOptions } from "../nix.ts";
import { staleVendor } from "./hashes/stale-vendor.ts";
import { isCodeMechanic, type MechanicPlace, type Mended } from "./mechanic.ts";
import { repair } from "./repair.ts";
import { undoMechanics } from "./worktree-files.ts";

/** What happens on the way, in its order, for a journal or a person. */
export type MendingEvent =
  | {
      readonly kind: "build";
      readonly attribute: string;
      readonly ok: boolean;
      readonly seconds: number;
      readonly cause?: Diagnosis;
    }
  | ({ readonly kind: "mended" } & Mended)
  /** Edits of Nix code after which the flake still did not evaluate: the worktree is as it was before the first of them. */
  | { readonly kind: "undone"; readonly undone: readonly Mended[]; readonly because: Diagnosis };

export interface MendingOptions extends BuildOptions {
  /** How a build of this very tree ended before: it is not run again to hear it. */
  readonly known?: NixFailure;
  readonly onEvent?: (event: MendingEvent) => void;
  /** What has to stand is that the attribute evaluates, and nothing is built: of a development shell, or of a set of outputs. */
  readonly evaluateOnly?: boolean;
}

export interface BuiltMending {
  /** The last build. Its diagnoses are those of the worktree as it now is. */
  readonly result: NixResult<readonly Built[]>;
  /** What was mended and stands. */
  readonly mended: readonly Mended[];
}

/** Forces what `nix flake check` would: the derivation of one output, the names of a set of them. */
export const EVALUATES = "value: builtins.seq (value.drvPath or (builtins.attrNames value)) true";

/** A build may need several repairs in a row: one hash a time is what Nix reports. */
const MAX_REPAIRS = 24;

/**
 * Builds an attribute of the worktree's flake, lets the mechanic of the first diagnosis mend what it is certain of, and builds again, until
 * the attribute stands or no mechanic is left. No fingerprint is answered twice. Edits of Nix code are on trial until the flake evaluates;
 * where it does not, they are undone together and the failure that came before them is the answer.
 * @param attribute full path, `packages.x86_64-linux.default`
 */
export async function buildMending(
  place: MechanicPlace,
  attribute: string,
  { onEvent, known, evaluateOnly = false, ...options }: MendingOptions = {},
): Promise<BuiltMending> {
  const tried = new Set<string>();
  const stands: Mended[] = [];
  let trial: { readonly before: NixFailure; readonly mended: Mended[] } | undefined;
  for (let before = known; ; before = undefined) {
    const built =
      before ??
      (await (evaluateOnly ? evaluated(place, attribute, options) : place.nix.build(place.worktree, [attribute], options)));
    const result = built.ok && !evaluateOnly ? ((await staleVendor(place, attribute, options)) ?? built) : built;
    const cause = result.ok ? undefined : result.diagnoses[0];
    if (!before && !evaluateOnly)
      onEvent?.({ kind: "build", attribute, ok: result.ok, seconds: result.seconds, ...(cause && { cause }) });
    if (result.ok) return { result, mended: [...stands, ...(trial?.mended ?? [])] };
    const [first] = result.diagnoses;
    if (trial && evaluates(first)) {
      stands.push(...trial.mended);
      trial = undefined;
    }
    // Another system's builds are no verdict on the change, but that the flake takes them may be its slip.
    const judged = result.why === "failed" || first.kind === "foreign-system";
    const mayMend = judged && tried.size < MAX_REPAIRS && !tried.has(first.fingerprint);
    const done = mayMend ? await repair(first, place) : undefined;
    if (done) {
      tried.add(first.fingerprint);
      const mended = { done, diagnosis: first };
      onEvent?.({ kind: "mended", ...mended });
      if (trial) trial.mended.push(mended);
      else if (isCodeMechanic(done)) trial = { before: result, mended: [mended] };
      else stands.push(mended);
      continue;
    }
    if (!trial) return { result, mended: stands };
    await undoMechanics(
      place.worktree,
      trial.mended.map(({ done: undone }) => undone),
    );
    for (const { diagnosis } of trial.mended) place.refuted?.add(diagnosis.fingerprint);
    onEvent?.({ kind: "undone", undone: trial.mended, because: first });
    return { result: result.why === "failed" ? trial.before : result, mended: stands };
  }
}

async function evaluated(place: MechanicPlace, attribute: string, options: RunNixOptions): Promise<NixResult<readonly Built[]>> {
  const asked = await place.nix.evaluate(place.worktree, attribute, { ...options, apply: EVALUATES });
  return asked.ok ? { ...asked, value: [] } : asked;
}

/** A failure behind evaluation says that the flake evaluates. */
function evaluates({ stage }: Diagnosis): boolean {
  switch (stage) {
    case "parse":
    case "eval":
      return false;
    case "fetch":
    case "build":
    case "check":
    case "run":
      return true;
  }
}
