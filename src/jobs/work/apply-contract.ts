import type { EventBody } from "../../agent/events.ts";
import type { Tally } from "../../agent/limits.ts";
import type { Model } from "../../agent/messages.ts";
import type { Outcome } from "../../agent/outcome.ts";
import type { BaselineCheck } from "../../crq/criteria/baseline.ts";
import type { CanaryEvidence, CrqReport } from "../../crq/criteria/report/evidence.ts";
import type { Crq } from "../../crq/model.ts";
import type { HandOver } from "../../repo/workspace/hand-over.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import type { SessionState } from "../../session/fold.ts";
import type { JobPlace } from "../job-place.ts";
import type { MovingScope } from "./acceptance/standing.ts";
import type { AskProposal } from "./gate/asking-gate.ts";
import type { SessionGate } from "./gate/proposal-gate.ts";
import type { HandOverForm, WorkText } from "./hand-over.ts";
import type { KeptChange } from "./kept-change.ts";

/** What `apply` is given and what comes of it: asked for by `apply`, `repair`, `sessions resume`, MCP, evals and the library. */

export interface ApplyInput {
  readonly place: JobPlace;
  readonly model: Model;
  /** Goes on where `model` ended without meeting the criteria: a language model after the rules. */
  readonly otherwise?: Model;
  /** Repairs that need no model, before any is asked. */
  readonly first?: (gate: SessionGate) => AsyncGenerator<EventBody, FirstAid>;
  readonly workspace: Workspace;
  /** Approved; or, with `work`, only what the work is judged by. */
  readonly crq: Crq;
  /** Inside the repository. */
  readonly crqPath: string;
  readonly docs: readonly string[];
  readonly task: string | undefined;
  readonly yes: boolean;
  readonly unsafeLocal: boolean;
  readonly canaries: Promise<readonly CanaryEvidence[]>;
  readonly form: HandOverForm;
  /** Asks for the form once the work is proven; undefined ends the session as interrupted, to be resumed. */
  readonly chooseForm?: () => Promise<HandOverForm | undefined>;
  /** Shows each proposal to a person before it counts. */
  readonly askProposal?: AskProposal;
  /** Hands over the work alone, in these words, without the CRQ, its lists and its report. */
  readonly work?: () => WorkText;
  readonly identity: { readonly name: string; readonly email: string };
  readonly announce: readonly string[];
  readonly resume?: SessionState;
  readonly known?: readonly BaselineCheck[];
  readonly scope?: MovingScope;
  /** What an earlier run finished but for a waiver. */
  readonly kept?: KeptChange;
}

export interface ApplyResult {
  readonly outcome: Outcome;
  /** Of the last acceptance run that was made; where none came so far it says so of every criterion. undefined: it could not be made. */
  readonly report: CrqReport | undefined;
  readonly handOver: HandOver;
  readonly diff: string;
  readonly tally: Tally | undefined;
  /** Path of the patch that waits for a person's waiver. */
  readonly kept?: string;
  /** What should be known although it did not decide the outcome. */
  readonly notes: readonly string[];
}

/** What came of the repairs that need no model: a model is asked only where the way is `open`. */
export type FirstAid =
  | { readonly kind: "stands" }
  /** With what was used: the limits hold for all of the work. */
  | { readonly kind: "open"; readonly builds: number; readonly wallMs: number; readonly done: readonly string[] }
  | { readonly kind: "ended"; readonly outcome: Outcome };
