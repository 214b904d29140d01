import pLimit from "p-limit";
import { buildsOutput, type Check, TIERS } from "../checks.ts";
import type { Criterion } from "../model.ts";
import { expandCheck, expandText, type OutputReference, outputReferences } from "./check/expand.ts";
import { type CheckContext, type RunContext, UnresolvedVariable } from "./check/kind.ts";
import { type LogFile, writeLog } from "./check/log.ts";
import { type CheckResult, failed, skipped, unavailable, withTexts } from "./check/result.ts";
import { KINDS } from "./kinds/registry.ts";
import { isSelected, liveCriteria, openContext, type RunOptions } from "./run-context.ts";

/** Runs the checks of a CRQ on a pristine worktree. What comes back are observations; verdicts of criteria are made from them elsewhere. */

export interface AcceptanceOptions extends RunOptions {
  /** A check has ended. */
  readonly onCheck?: (check: CheckRun) => void;
}

export interface CheckRun {
  readonly criterion: string;
  /** Position in the criterion's block, from 0. */
  readonly index: number;
  /** As written, variables included. */
  readonly check: Check;
  readonly result: CheckResult;
  readonly durationMs: number;
  readonly log: LogFile;
}

export interface CriterionRun {
  readonly criterion: Criterion;
  readonly checks: readonly CheckRun[];
}

export interface AcceptanceRun {
  /** Every criterion that is not withdrawn, in the order of the document. */
  readonly criteria: readonly CriterionRun[];
  readonly system: string;
  /** Nix processes that were started. */
  readonly nixProcesses: number;
  readonly durationMs: number;
  /** The run was stopped; what had not ended is `unavailable`. */
  readonly aborted: boolean;
}

export async function runAcceptance(options: AcceptanceOptions): Promise<AcceptanceRun> {
  const started = performance.now();
  const processesBefore = options.nix?.processes ?? 0;
  const context = await openContext(options);
  const session = new Session(options, context, await context.target.status());
  const byKey = await session.run();
  return {
    criteria: session.criteria.map((criterion) => ({
      criterion,
      checks: criterion.checks.flatMap((_, index) => byKey.get(`${criterion.id}.${index}`) ?? []),
    })),
    system: session.system,
    nixProcesses: (options.nix?.processes ?? 0) - processesBefore,
    durationMs: performance.now() - started,
    aborted: options.signal?.aborted === true,
  };
}

interface Task {
  readonly criterion: Criterion;
  readonly index: number;
  readonly check: Check;
}

const entersShell = (check: Check): boolean => check.kind === "dev-shell" || (check.kind === "doc" && check["run-fences"]);

class Session {
  readonly criteria: readonly Criterion[];
  readonly system: string;
  readonly #options: AcceptanceOptions;
  readonly #context: RunContext;
  readonly #results = new Map<string, Promise<CheckResult>>();
  #status: string;
  #digest: string | undefined;

  constructor(options: AcceptanceOptions, context: RunContext, status: string) {
    this.#options = options;
    this.criteria = liveCriteria(options.crq);
    this.#context = context;
    this.system = context.system;
    this.#status = status;
  }

  /** Cheap tiers first, so that what is broken is known early; inside a tier in the order of the document. */
  async run(): Promise<ReadonlyMap<string, CheckRun>> {
    if (this.criteria.some(({ checks }) => checks.some(entersShell))) this.#digest = await this.#context.target.digest();
    const runs = new Map<string, CheckRun>();
    const tasks = this.criteria.flatMap((criterion) =>
      criterion.checks.map((check, index): Task => ({ criterion, index, check })),
    );
    for (const tier of TIERS) {
      const limit = pLimit(tier === "build" || tier === "run" ? 1 : (this.#options.concurrency ?? 2));
      const due = tasks.filter((task) => KINDS[task.check.kind].tierOf(task.check) === tier);
      await Promise.all(
        due.map((task) => limit(async () => runs.set(`${task.criterion.id}.${task.index}`, await this.#checkRun(task)))),
      );
    }
    return runs;
  }

  async #checkRun(task: Task): Promise<CheckRun> {
    const started = performance.now();
    const { criterion, index, check } = task;
    const seen = isSelected(criterion, this.#options.only)
      ? await this.#result(task)
      : skipped("not-selected", `${criterion.id} was not selected`);
    const result = this.#options.redact ? withTexts(seen, this.#options.redact) : seen;
    const log = await writeLog(this.#options.folder, criterion.id, index, result);
    const run = { criterion: criterion.id, index, check, result, durationMs: Math.round(performance.now() - started), log };
    this.#options.onCheck?.(run);
    return run;
  }

  #result(task: Task): Promise<CheckResult> {
    const key = `${task.criterion.id}.${task.index}`;
    const known = this.#results.get(key) ?? this.#observe(task);
    this.#results.set(key, known);
    return known;
  }

  async #observe(task: Task): Promise<CheckResult> {
    const early = this.#decidedEarly(task.check);
    if (early) return early;
    try {
      const result = await this.#start(task);
      return await this.#unlessMutated(task, this.#onlyHere(task.check, result));
    } catch (error) {
      if (error instanceof UnresolvedVariable) {
        return error.prerequisite ? skipped("prerequisite", error.message) : failed("variable", "text", error.message);
      }
      const message = error instanceof Error ? error.message : String(error);
      return unavailable("internal", "text", `the check itself broke: ${message}`, undefined, {
        log: error instanceof Error ? (error.stack ?? "") : "",
      });
    }
  }

  /** What needs no run: a missing flake is the flake's fault, whether there is a Nix or not. */
  #decidedEarly(check: Check): CheckResult | undefined {
    const { target, nix, noNix, environment, signal } = this.#context;
    const { needs } = KINDS[check.kind];
    if (signal?.aborted) return unavailable("aborted", "text", "the run was stopped before this check began");
    if (check.suggested) return skipped("suggested", "an import suggested this check; remove `suggested` to have it executed");
    const flakes = needs !== "flake" ? [] : check.kind === "flake-inputs" ? check.files : ["flake.nix"];
    // What `flake-inputs` names are globs.
    const missing = flakes.find((path) => target.matching([path]).length === 0);
    if (missing !== undefined) return failed("no-flake", "text", `${missing} does not exist among the tracked files`);
    if (needs !== "files" && !nix) return unavailable("no-nix", "text", noNix);
    if (check.network && environment.kind === "world")
      return unavailable("no-network", "text", "the check asks for network, and an offline world has none");
    return undefined;
  }

  async #start({ criterion, index, check }: Task): Promise<CheckResult> {
    const kind = KINDS[check.kind];
    const outputs = new Map<string, string>();
    for (const reference of outputReferences(check)) {
      const path = await this.#outputOf(reference, check);
      if (path !== undefined) outputs.set(`${reference.ac}.${reference.index}`, path);
    }
    const valuesOn = (system: string) => ({
      system,
      base: this.#context.target.base,
      out: (ac: string, k: number) => outputs.get(`${ac}.${k}`),
    });
    const context: CheckContext = {
      ...this.#context,
      criterion: criterion.id,
      index,
      expand: (text, system) => expandText(text, valuesOn(system)),
    };
    this.#options.onProgress?.(`${criterion.id}: ${check.kind}`);
    return kind.run(kind.perSystem ? check : expandCheck(check, valuesOn(this.system)), context);
  }

  /** What was built or run here says nothing of another system that the check names. */
  #onlyHere(check: Check, result: CheckResult): CheckResult {
    const foreign = (check.systems ?? []).filter((system) => system !== this.system);
    const tier = KINDS[check.kind].tierOf(check);
    if (result.verdict !== "pass" || foreign.length === 0 || (tier !== "build" && tier !== "run")) return result;
    const all = check.systems?.length ?? 0;
    return {
      ...result,
      verdict: "unavailable",
      code: "other-system",
      tier: "eval",
      reason: `this machine builds and runs for ${this.system}; ${foreign.join(", ")} could not be tried here (here: ${result.reason})`,
      counts: { candidates: all, checked: all - foreign.length },
    };
  }

  /** The store path of a build that has passed, also of a criterion that was not selected. */
  async #outputOf(reference: OutputReference, user: Check): Promise<string | undefined> {
    const criterion = this.criteria.find((candidate) => candidate.id === reference.ac);
    const check = criterion?.checks[reference.index];
    if (!criterion || !check || !buildsOutput(check) || buildsOutput(user)) return undefined;
    const { verdict, outputs = {} } = await this.#result({ criterion, index: reference.index, check });
    return verdict === "pass" ? (outputs.out ?? Object.values(outputs)[0]) : undefined;
  }

  /** Programs must leave the target as it was; each change is blamed on the check that was running. */
  async #unlessMutated({ check }: Task, result: CheckResult): Promise<CheckResult> {
    if (KINDS[check.kind].tierOf(check) !== "run") return result;
    const { target } = this.#context;
    const before = new Set(this.#status.split("\n"));
    // Only what runs in a development shell works in the target itself; other programs get a copy.
    const [status, digest] = await Promise.all([target.status(), this.#digest && target.digest()]);
    if (status === this.#status && digest === this.#digest) return result;
    this.#status = status;
    this.#digest = digest;
    const fresh = status.split("\n").filter((entry) => entry !== "" && !before.has(entry));
    const shown = fresh.length === 0 ? "a tracked file is not what it was" : fresh.slice(0, 5).join(", ");
    return failed("mutated", "run", `the check changed the target: ${shown}`, result.counts, { log: result.log });
  }
}
