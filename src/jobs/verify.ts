import type { EventBody } from "../agent/events.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { Answers } from "../crq/criteria/answers.ts";
import { type Baseline, judgeBaseline } from "../crq/criteria/baseline.ts";
import type { CanaryEvidence, CrqReport } from "../crq/criteria/report/evidence.ts";
import { reportExitCode } from "../crq/criteria/report/gate.ts";
import type { Checkout } from "../crq/criteria/report/subject.ts";
import type { Crq } from "../crq/model.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { Acceptance } from "./work/acceptance/acceptance.ts";
import { checkoutOf, IN_NO_COMMIT } from "./work/acceptance/checkout.ts";
import { writeEvidence } from "./work/acceptance/evidence-files.ts";
import { approvedByPerson } from "./work/acceptance/goal-posts.ts";

export interface VerifyInput {
  readonly place: JobPlace;
  /** At the commit to be judged; its `base` is the commit that the change started from. */
  readonly workspace: Workspace;
  readonly commit: string;
  readonly tree: string;
  readonly crq: Crq;
  readonly only: readonly string[] | undefined;
  readonly answers: Answers;
  readonly unsafeLocal: boolean;
  readonly canaries: Promise<readonly CanaryEvidence[]>;
  /** Folders that get the evidence. */
  readonly reportFolders: readonly string[];
}

const acceptanceOf = (
  { place, workspace, crq, unsafeLocal, canaries, answers }: VerifyInput,
  checkout: Checkout = IN_NO_COMMIT,
): Acceptance =>
  new Acceptance({
    place,
    workspace,
    crq,
    unsafeLocal,
    canaries,
    goalPosts: approvedByPerson(crq, place.settings),
    answers,
    checkout,
  });

async function* takeBaseline(acceptance: Acceptance, { place, workspace }: VerifyInput): AsyncGenerator<EventBody, Baseline> {
  yield { type: "phase", phase: "baseline", detail: `criteria at ${workspace.base.slice(0, 12)}` };
  const report = await acceptance.baseline(place.signal);
  yield { type: "acceptance", stage: "baseline", report };
  return report;
}

/** What is wrong with a baseline, or nothing; `exit` as for a report: 1 wins over 4. */
export interface BaselineResult {
  readonly baseline: Baseline;
  readonly exit: number;
  /** One sentence each. */
  readonly findings: readonly string[];
}

/** The baseline alone: whether the criteria could show a change at all. */
export async function* verifyBaseline(input: VerifyInput): AsyncGenerator<EventBody, BaselineResult> {
  const baseline = yield* takeBaseline(acceptanceOf(input), input);
  const { alreadyTrue, incomplete, red } = judgeBaseline(baseline);
  const findings = [
    ...[...alreadyTrue].map(
      (check) => `${check} holds at the base already; say \`regression = true\` if it is meant to stay true`,
    ),
    ...(red || incomplete.length > 0 ? [] : ["no check is red at the base for its content, so the criteria ask for nothing"]),
    ...incomplete.map(({ criterion, index, reason }) => `${criterion}.${index} cannot be judged here: ${reason}`),
  ];
  const wrong = alreadyTrue.size > 0 || (!red && incomplete.length === 0);
  const exit = input.place.signal.aborted ? 130 : wrong ? 1 : incomplete.length > 0 ? 4 : 0;
  yield { type: "outcome", outcome: ending(exit, findings[0] ?? "") };
  return { baseline, exit, findings };
}

/** The acceptance alone: baseline, then every criterion on a fresh copy. No model, no edit. */
export async function* verify(
  input: VerifyInput,
): AsyncGenerator<EventBody, { readonly report: CrqReport; readonly exit: number }> {
  const { place } = input;
  const acceptance = acceptanceOf(input, await checkoutOf(input.workspace, input.tree));
  yield* takeBaseline(acceptance, input);
  yield { type: "phase", phase: "verify", detail: `criteria at ${input.commit.slice(0, 12)}` };
  const { report, folder } = await acceptance.judgeCommit(input.commit, input.tree, "verify", place.signal, input.only);
  yield { type: "acceptance", stage: "verify", report };
  for (const wanted of input.reportFolders) await writeEvidence(wanted, report, folder);
  const exit = place.signal.aborted ? 130 : reportExitCode(report);
  yield { type: "outcome", outcome: ending(exit, report.gate.failures[0]?.detail ?? "") };
  return { report, exit };
}

function ending(exit: 0 | 1 | 4 | 6 | 130, detail: string): Outcome {
  switch (exit) {
    case 0:
      return { kind: "done" };
    case 1:
      return { kind: "unmet", detail };
    case 4:
      return { kind: "incomplete", detail };
    case 6:
      return { kind: "tampering", detail };
    case 130:
      return { kind: "interrupted" };
  }
}
