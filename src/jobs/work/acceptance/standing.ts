import type { EventBody } from "../../../agent/events.ts";
import type { Acceptance as LoopAcceptance } from "../../../agent/loop.ts";
import type { Outcome } from "../../../agent/outcome.ts";
import type { Baseline, BaselineCheck } from "../../../crq/criteria/baseline.ts";
import type { WeakeningEvidence } from "../../../crq/criteria/report/evidence.ts";
import { reportExitCode } from "../../../crq/criteria/report/gate.ts";
import type { Crq } from "../../../crq/model.ts";
import type { Snapshot } from "../../../repo/workspace/workspace.ts";
import type { JobPlace } from "../../job-place.ts";
import { gateText, standingText } from "../conversation-texts.ts";
import { type Acceptance, criteriaDetails, type Judged } from "./acceptance.ts";
import { awaitingPerson } from "./awaiting-person.ts";

/** What the work is judged by. */
export interface Asked {
  readonly crq: Crq;
  /** What its checks say at the base, where that was heard already. */
  readonly known?: readonly BaselineCheck[];
}

/** What is asked for follows what is found: a flake shows what it offers once it evaluates, and what cannot be mended is left. */
export interface MovingScope {
  /** Asked when the work stands, or nothing more can be done without a model; undefined: it stays as it is. */
  readonly widened: () => Promise<Asked | undefined>;
  /**
   * Asked when the work ended without meeting everything; puts the worktree to the tree of which most stands.
   * @param aided the tree before any model was asked
   * @returns what stands, and the words for the rest; undefined: nothing that is worth handing over
   */
  readonly narrowed: (
    ended: Outcome,
    acceptance: Acceptance,
    aided: Snapshot,
  ) => Promise<(Asked & { readonly outcome: Outcome }) | undefined>;
  /** The worktree is still there. */
  readonly lastLook: (ended: Outcome) => AsyncGenerator<EventBody, void>;
}

export interface StandingInput {
  readonly place: JobPlace;
  readonly judgedBy: (asked: Asked) => Acceptance;
  readonly widened?: MovingScope["widened"];
}

/** What is asked for now, and how the work stands by it. */
export class Standing {
  readonly #input: StandingInput;
  #crq: Crq;
  #acceptance: Acceptance;
  #baseline: Baseline | undefined;
  #last: Judged | undefined;

  constructor(asked: Asked, input: StandingInput) {
    this.#input = input;
    this.#crq = asked.crq;
    this.#acceptance = input.judgedBy(asked);
  }

  get crq(): Crq {
    return this.#crq;
  }

  get acceptance(): Acceptance {
    return this.#acceptance;
  }

  /** The last run of every criterion. */
  get last(): Judged | undefined {
    return this.#last;
  }

  /** How what is asked for now stands at the base; heard once. */
  async baseline(): Promise<Baseline> {
    this.#baseline ??= await this.#acceptance.baseline(this.#input.place.signal);
    return this.#baseline;
  }

  /** Something else is asked for from now on. */
  move(asked: Asked): Promise<Baseline> {
    this.#crq = asked.crq;
    this.#acceptance = this.#input.judgedBy(asked);
    this.#baseline = undefined;
    return this.baseline();
  }

  /** @param only ids of criteria; undefined: all */
  async judge(only: readonly string[] | undefined, signal: AbortSignal): Promise<Judged> {
    const judged = await this.#acceptance.judge("loop", signal, only);
    if (only === undefined) this.#last = judged;
    return judged;
  }

  /** What the worktree as it is weakens of what is asked for now. */
  weakened(signal: AbortSignal): Promise<readonly WeakeningEvidence[]> {
    return this.#acceptance.weakened(signal);
  }

  async verify(): Promise<Judged> {
    this.#last = await this.#acceptance.judge("verify", this.#input.place.signal);
    return this.#last;
  }

  /** For work that ended before its criteria were due. */
  async unjudged(why: string): Promise<Judged> {
    this.#last = await this.#acceptance.unjudged(why);
    return this.#last;
  }

  /** The loop's own question: whether it may end. */
  async accept(signal: AbortSignal): Promise<LoopAcceptance> {
    let judged = await this.judge(undefined, signal);
    const wider = judged.report.gate.ok ? await this.#input.widened?.() : undefined;
    if (wider) {
      await this.move(wider);
      judged = await this.judge(undefined, signal);
    }
    const { outcomes, report } = judged;
    const progress = outcomes.filter(({ verdict }) => verdict === "pass" || verdict === "waived").length;
    const details = { ...criteriaDetails(judged), progress };
    if (report.gate.ok || awaitingPerson(report).length > 0) return { ok: true, text: "", details };
    const exit = reportExitCode(report);
    const detail = gateText(report).join("; ");
    if (exit === 6) return { ok: false, text: "", details, outcome: { kind: "tampering", detail } };
    if (exit === 4) return { ok: false, text: "", details, outcome: { kind: "incomplete", detail } };
    const criteria = standingText(outcomes, report);
    return { ok: false, details, text: await this.#input.place.prompts.text("unmet-criteria", { criteria }) };
  }
}
