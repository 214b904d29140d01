import type { Model } from "../../agent/messages.ts";
import type { Task } from "../task/task.ts";

/** A model as a run knows it. It answers on the host: the agent's sandbox holds no key, and no model's knowledge but its replies. */
export interface TrialModel {
  /** Its name in every table; unique in a run. */
  readonly alias: string;
  /** `rules`, `reference`, `openai`, `anthropic` … */
  readonly provider: string;
  readonly name: string;
  /** What else changes its answers (effort, base URL); part of a trial's identity. */
  readonly params: Readonly<Record<string, unknown>>;
  /** reference: nop, oracle and the cheats, which no ranking holds. */
  readonly role: "ranked" | "reference";
  /** Does the same every time: one repeat of it says all. */
  readonly deterministic: boolean;
  /** Only of cheats: tamper rules, gates and outcomes that catch it; `refused`: the loop itself took none of what it tried. */
  readonly caughtBy?: readonly string[];
  /** Why it has nothing to do on this task (a cheat that needs a criterion, where no CRQ is given); undefined where it runs. */
  notFor(task: Task): string | undefined;
  /** A fresh one for each attempt. */
  create(task: Task): Promise<WaitingModel>;
}

/** A model that may have to wait before it is asked. */
export interface WaitingModel extends Model {
  /** Milliseconds that its asks waited for the provider's rate: no working time of the trial. */
  waitedMs?(): number;
}
