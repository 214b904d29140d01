import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Answers } from "../../../crq/criteria/answers.ts";
import {
  BASELINE,
  type Baseline,
  type BaselineCheck,
  baselineKey,
  baselineSchema,
  fits,
  judgeBaseline,
  runBaseline,
} from "../../../crq/criteria/baseline.ts";
import { runNothing } from "../../../crq/criteria/not-run.ts";
import { type CriterionOutcome, outcomesOf, ranOtherwise } from "../../../crq/criteria/outcomes.ts";
import { buildReport } from "../../../crq/criteria/report/build-report.ts";
import { changesByCriterion } from "../../../crq/criteria/report/changes/by-criterion.ts";
import { unrequestedPaths } from "../../../crq/criteria/report/changes/explained.ts";
import type { CanaryEvidence, CrqReport, WeakeningEvidence } from "../../../crq/criteria/report/evidence.ts";
import { type Checkout, describeSubject } from "../../../crq/criteria/report/subject.ts";
import { type AcceptanceOptions, type AcceptanceRun, runAcceptance } from "../../../crq/criteria/runner.ts";
import { openTarget } from "../../../crq/criteria/target.ts";
import { withWaivers } from "../../../crq/criteria/weakening/waivers.ts";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";
import { pristineCopy, removeCopy, snapshot, type Workspace } from "../../../repo/workspace/workspace.ts";
import type { CriteriaDetails } from "../../../tools/contract.ts";
import type { JobPlace } from "../../job-place.ts";
import { IN_NO_COMMIT } from "./checkout.ts";
import { writeWhole } from "./evidence-files.ts";
import { WeakeningFinder } from "./find-weakenings.ts";
import type { GoalPosts } from "./goal-posts.ts";
import { narHashesOf, trailedCommits } from "./report-facts.ts";

/** Runs the criteria of one CRQ on fresh copies: at the base, in the loop and at the end. A full run belongs to its tree (docs/decisions/0002). */

export type AcceptanceStage = "baseline" | "loop" | "verify";

export interface Judged {
  readonly commit: string;
  readonly tree: string;
  readonly run: AcceptanceRun;
  readonly outcomes: readonly CriterionOutcome[];
  readonly report: CrqReport;
  /** Folder that holds the `logs/` of this run. */
  readonly folder: string;
}

export interface AcceptanceSetup {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly crq: Crq;
  readonly unsafeLocal: boolean;
  /** May still be running: they are waited for when the first report is made. */
  readonly canaries: Promise<readonly CanaryEvidence[]>;
  readonly goalPosts: GoalPosts;
  readonly answers?: Answers;
  /** The checkout that is judged; absent: the worktree, whose files are in no commit of the person's yet. */
  readonly checkout?: Checkout;
  /** What the checks said at the base, where that was heard already. */
  readonly known?: readonly BaselineCheck[];
}

export class Acceptance {
  readonly #setup: AcceptanceSetup;
  readonly #weakenings: WeakeningFinder;
  #baseline: Baseline | undefined;
  #baselineRun: AcceptanceRun | undefined;
  #full: Judged | undefined;
  #copies = 0;
  #runs = 0;

  constructor(setup: AcceptanceSetup) {
    this.#setup = setup;
    const { place, workspace, crq } = setup;
    this.#weakenings = new WeakeningFinder({ place, workspace, crq, atBase: (ask) => this.#onCopy(workspace.base, ask) });
  }

  /** What every check says at the base commit; a stored answer is used when criteria, base, Nix and world are the same. */
  async baseline(signal: AbortSignal): Promise<Baseline> {
    const { place, workspace, crq, unsafeLocal } = this.#setup;
    const key = baselineKey({
      criteria: approvalHash(crq) ?? "",
      base: workspace.base,
      nix: place.environment.nixVersion,
      world: place.environment.label,
      unsafeLocal,
      agent: place.agent,
      policy: place.settings.inputPolicy,
    });
    const file = join(place.baselineFolder, `${key}.json`);
    const { known } = this.#setup;
    const stored: Baseline | undefined = known
      ? { schema: BASELINE, key, base: workspace.base, checks: [...known] }
      : await readBaseline(file);
    if (stored && fits(stored, crq, key)) {
      this.#baseline = stored;
      return stored;
    }
    const { baseline, run } = await this.#onCopy(workspace.base, (directory) =>
      runBaseline(this.#options(directory, "baseline", signal), key),
    );
    this.#baseline = baseline;
    this.#baselineRun = run;
    // What could not be judged now may be judged next time.
    if (judgeBaseline(baseline).incomplete.length === 0 && !signal.aborted)
      await writeWhole(file, `${JSON.stringify(baseline, undefined, 1)}\n`);
    return baseline;
  }

  /** What was seen at the base, when the baseline was run and not read. */
  get baselineRun(): AcceptanceRun | undefined {
    return this.#baselineRun;
  }

  /** Judges the worktree as it is now. A full run of the same tree is not repeated. */
  async judge(stage: AcceptanceStage, signal: AbortSignal, only?: readonly string[]): Promise<Judged> {
    const { commit, tree } = await snapshot(this.#setup.workspace);
    if (this.#full?.tree === tree && only === undefined) return this.#full;
    const judged = await this.judgeCommit(commit, tree, stage, signal, only);
    // Also one that was stopped after its checks had run: what it weakens was not looked at to the end.
    if (only === undefined && !judged.run.aborted && !signal.aborted) this.#full = judged;
    return judged;
  }

  async judgeCommit(
    commit: string,
    tree: string,
    stage: AcceptanceStage,
    signal: AbortSignal,
    only?: readonly string[],
  ): Promise<Judged> {
    return this.#onCopy(commit, async (directory) => {
      const options = this.#options(directory, stage, signal);
      const run = await runAcceptance({ ...options, ...(only && { only }) });
      const { outcomes, report } = await this.#report(directory, run, signal);
      return { commit, tree, run, outcomes, report, folder: options.folder };
    });
  }

  /** A report for work that ended before its criteria were run: every one of them is `skipped`, and the baseline is there as far as it came. */
  async unjudged(why: string): Promise<Judged> {
    const { commit, tree } = await snapshot(this.#setup.workspace);
    return this.#onCopy(commit, async (directory) => {
      const options = this.#options(directory, "verify", AbortSignal.abort());
      const run = await runNothing(options, why);
      const { outcomes, report } = await this.#report(directory, run, AbortSignal.abort());
      return { commit, tree, run, outcomes, report, folder: options.folder };
    });
  }

  /** What the worktree as it is weakens; no criterion is run. */
  async weakened(signal: AbortSignal): Promise<readonly WeakeningEvidence[]> {
    const { place, workspace, crq } = this.#setup;
    const { commit } = await snapshot(workspace);
    return this.#onCopy(commit, async (directory) => {
      const target = await openTarget({ directory, base: workspace.base });
      const found = await this.#weakenings.find(directory, await target.changed(), signal);
      return withWaivers(found, crq.metadata?.waivers ?? [], new Date(place.now()).toISOString().slice(0, 10));
    });
  }

  async #report(
    directory: string,
    run: AcceptanceRun,
    signal: AbortSignal,
  ): Promise<{ outcomes: readonly CriterionOutcome[]; report: CrqReport }> {
    const { place, workspace, crq, unsafeLocal, goalPosts, checkout } = this.#setup;
    const canaries = await this.#setup.canaries;
    const today = new Date(place.now()).toISOString().slice(0, 10);
    const waivers = crq.metadata?.waivers ?? [];
    const target = await openTarget({ directory, base: workspace.base });
    const changed = await target.changed();
    const weakenings = withWaivers(await this.#weakenings.find(directory, changed, signal), waivers, today);
    const outcomes = outcomesOf({
      run,
      baseline: this.#baseline,
      acceptedCanaries: new Set(canaries.filter((canary) => canary.accepted).map(({ kind }) => kind)),
      waivers,
      today,
      weakenings,
    });
    const { crqFolder } = place.settings;
    const report = buildReport({
      crq,
      hash: approvalHash(crq),
      subject: await describeSubject(target, basename(workspace.origin), crqFolder, checkout ?? IN_NO_COMMIT),
      env: {
        crqAgent: place.agent,
        nix: place.environment.nixVersion ?? null,
        world: place.environment.label,
        system: run.system,
        network: place.environment.mode !== "replay",
        unsafeLocal,
      },
      run,
      outcomes,
      baseline: this.#baseline,
      canaries,
      weakenings,
      unrequested: unrequestedPaths(crq, changed, crqFolder),
      tampering: await goalPosts(changed, target),
      changes: changesByCriterion(crq, changed, await trailedCommits(workspace, crq), crqFolder),
      narHashes: await narHashesOf(place.nix, run),
      redact: place.redact,
    });
    return { outcomes, report };
  }

  #options(directory: string, stage: AcceptanceStage, signal: AbortSignal): AcceptanceOptions {
    const { place, workspace, crq, unsafeLocal, answers, checkout } = this.#setup;
    return {
      crq,
      target: { directory, base: workspace.base },
      nix: place.nix,
      environment: place.environment,
      // Each run keeps its logs: the report that counts in the end may be that of any of them.
      folder: join(place.sessionFolder, "runs", `${++this.#runs}-${stage}`),
      redact: place.redact,
      unsafeLocal,
      signal,
      onProgress: place.progress,
      now: new Date(place.now()),
      crqFolder: place.settings.crqFolder,
      ...(checkout && stage !== "baseline" && { untracked: checkout.untracked }),
      ...(place.settings.judgeInputs && { judgeInputs: place.settings.judgeInputs }),
      // A person answered for the files as they are, not for the base.
      ...(answers && stage !== "baseline" && { answers }),
    };
  }

  async #onCopy<T>(commit: string, use: (directory: string) => Promise<T>): Promise<T> {
    const { workspace, place } = this.#setup;
    const directory = join(place.workFolder, `pristine-${process.pid}-${++this.#copies}`);
    try {
      return await use(await pristineCopy(workspace, commit, directory));
    } finally {
      await removeCopy(directory);
    }
  }
}

async function readBaseline(file: string): Promise<Baseline | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return baselineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A damaged file is no baseline: the checks run again and the file is written anew.
    return undefined;
  }
}

/** The verdicts as a model and a person read them, one line a criterion. */
export function describeOutcomes(outcomes: readonly CriterionOutcome[]): string {
  return outcomes.map(({ criterion, verdict, reason }) => `${criterion.id} ${verdict}: ${reason}`).join("\n");
}

/** The typed side of `check_criteria`. */
export function criteriaDetails(judged: Judged): CriteriaDetails {
  return {
    ok: judged.report.gate.ok,
    criteria: judged.outcomes.map(({ criterion, verdict, reason, checks }) => ({
      id: criterion.id,
      verdict,
      reason,
      diagnoses: checks.flatMap((check) => check.judged.diagnoses),
      ...(ranOtherwise({ verdict, checks }) && { ranOtherwise: true as const }),
    })),
  };
}
