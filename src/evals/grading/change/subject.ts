import type { Check, CheckKind } from "../../../crq/checks.ts";
import { checkSchema } from "../../../crq/checks.ts";
import { expandText } from "../../../crq/criteria/check/expand.ts";
import { type CheckContext, evaluator, type RunContext } from "../../../crq/criteria/check/kind.ts";
import type { CheckResult } from "../../../crq/criteria/check/result.ts";
import { wantedFacts } from "../../../crq/criteria/judge/attributes.ts";
import { KINDS } from "../../../crq/criteria/kinds/registry.ts";
import { SharedNix } from "../../../crq/criteria/shared-nix.ts";
import { openTarget } from "../../../crq/criteria/target.ts";
import { snapshot, type Workspace } from "../../../repo/workspace/workspace.ts";
import type { ChecksFile } from "../../task/checks-file.ts";
import type { TaskFile } from "../../task/task-file.ts";
import type { GradingPlace } from "../place.ts";
import type { ChangedPath, Patched } from "./apply-patch.ts";
import type { GivenSettings } from "./settings.ts";

/** Seconds that one evaluation and one build of a grading may take. */
export const TIMEOUT = { eval: 300, build: 1_800 } as const;

/** What the gates of a change look at: the patched tree, and the evaluator as all of them share it. */
export interface ChangeSubject {
  readonly place: GradingPlace;
  /** The patched copy; its working tree is what is judged. */
  readonly workspace: Workspace;
  readonly changed: readonly ChangedPath[];
  /** The patched tree as a commit on top of the staged one. */
  readonly commit: string;
  readonly tree: string;
  readonly settings: GivenSettings;
  readonly context: RunContext;
  readonly signal: AbortSignal;
}

type WithoutKind<K extends CheckKind> = Partial<Omit<Extract<Check, { kind: K }>, "kind">>;

/** A check as the criteria of a CRQ would hold it, with the defaults of its kind. */
export const checkOf = <K extends CheckKind>(kind: K, parameters: WithoutKind<K>): Check =>
  checkSchema.parse({ kind, ...parameters });

export async function openSubject(
  place: GradingPlace,
  { workspace, changed }: Pick<Patched, "workspace" | "changed">,
  settings: GivenSettings,
  signal: AbortSignal,
): Promise<ChangeSubject> {
  const { directory } = workspace;
  const target = await openTarget({ directory, base: place.commit });
  const { system } = place.nix;
  const { systems } = place.task.file;
  const expand = (text: string, on: string): string => expandText(text, { system: on, base: place.commit, out: () => undefined });
  const wanted = wantedFacts(evaluatedChecks(place.task.checks, place.task.file), { system, systems, expand });
  const context: RunContext = {
    target,
    environment: place.environment,
    nix: new SharedNix(place.nix, directory, wanted, { signal }),
    noNix: place.environment.missing ?? "there is no Nix",
    system,
    systems,
    judgeInputs: settings.judgeInputs,
    answers: {},
    unsafeLocal: place.machine.isolation === "none",
    untracked: [],
    crqFolder: settings.crqFolder,
    now: new Date(),
    signal,
  };
  const { commit, tree } = await snapshot(workspace);
  return { place, workspace, changed, commit, tree, settings, context, signal };
}

/** Everything that one evaluation of the flake is to answer. */
function evaluatedChecks(checks: ChecksFile, { systems }: TaskFile): readonly Check[] {
  const { require, forbid } = checks.outputs;
  return [
    checkOf("flake-outputs", { require, forbid, systems }),
    checkOf("flake-check", { require: checks.checks.require }),
    ...checks.build.attrs.map((attr) => checkOf("nix-build", { attr })),
  ];
}

/** The patched tree as a check of a CRQ sees it. */
export function checkContext({ context }: Pick<ChangeSubject, "context">): CheckContext {
  const expand = (text: string, on: string): string =>
    expandText(text, { system: on, base: context.target.base, out: () => undefined });
  return { ...context, criterion: "grading", index: 0, expand };
}

/** Lets a kind of the criteria judge the patched tree. */
export const observe = (subject: Pick<ChangeSubject, "context">, check: Check): Promise<CheckResult> =>
  KINDS[check.kind].run(check, checkContext(subject));

/** `${system}` filled in with this machine's. */
export const onThisSystem = ({ context }: Pick<ChangeSubject, "context">, text: string): string =>
  expandText(text, { system: context.system, base: context.target.base, out: () => undefined });

/** Store paths of the task's `build.attrs`, in their order. Asked after the gate `build` has passed: the answers are known then. */
export async function builtOutputs(subject: ChangeSubject): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const written of subject.place.task.checks.build.attrs) {
    const attr = onThisSystem(subject, written);
    const built = await evaluator(subject.context).build(attr, TIMEOUT.build * 1000);
    if (!built.ok) throw new Error(`${attr} was built and then was not: ${built.diagnoses[0].message}`);
    const { outputs } = built.value;
    const path = outputs.bin ?? outputs.out ?? Object.values(outputs)[0];
    if (path === undefined) throw new Error(`${attr} was built and has no output`);
    paths.push(path);
  }
  return paths;
}
