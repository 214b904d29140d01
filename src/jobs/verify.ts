import type { EventBody } from "../agent/events.ts";
import type { CanaryEvidence, CrqReport } from "../crq/criteria/report/evidence.ts";
import { reportExitCode } from "../crq/criteria/report/gate.ts";
import type { Crq } from "../crq/model.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { Acceptance, writeReport } from "./work/acceptance.ts";
import { approvedByPerson } from "./work/goal-posts.ts";

export interface VerifyInput {
  readonly place: JobPlace;
  /** At the commit to be judged; its `base` is the commit that the change started from. */
  readonly workspace: Workspace;
  readonly commit: string;
  readonly tree: string;
  readonly crq: Crq;
  readonly only: readonly string[] | undefined;
  readonly answers: Readonly<Record<string, "pass" | "fail">>;
  readonly unsafeLocal: boolean;
  readonly canaries: Promise<readonly CanaryEvidence[]>;
  /** Folder that gets report.json, report.md and junit.xml. */
  readonly reportFolder: string;
}

/** The acceptance alone: baseline, then every criterion on a fresh copy. No model, no edit. */
export async function* verify(
  input: VerifyInput,
): AsyncGenerator<EventBody, { readonly report: CrqReport; readonly exit: number }> {
  const { place, workspace, crq } = input;
  const acceptance = new Acceptance({
    place,
    workspace,
    crq,
    unsafeLocal: input.unsafeLocal,
    canaries: input.canaries,
    goalPosts: approvedByPerson(crq, place.settings),
    answers: input.answers,
  });
  yield { type: "phase", phase: "baseline", detail: `criteria at ${workspace.base.slice(0, 12)}` };
  yield { type: "acceptance", stage: "baseline", report: await acceptance.baseline(place.signal) };
  yield { type: "phase", phase: "verify", detail: `criteria at ${input.commit.slice(0, 12)}` };
  const { report } = await acceptance.judgeCommit(input.commit, input.tree, "verify", place.signal, input.only);
  yield { type: "acceptance", stage: "verify", report };
  await writeReport(input.reportFolder, report);
  const exit = place.signal.aborted ? 130 : reportExitCode(report);
  yield {
    type: "outcome",
    outcome: place.signal.aborted
      ? { kind: "interrupted" }
      : exit === 0
        ? { kind: "done" }
        : exit === 4
          ? { kind: "incomplete", detail: report.gate.failures[0]?.detail ?? "" }
          : exit === 6
            ? { kind: "tampering", detail: report.gate.failures[0]?.detail ?? "" }
            : { kind: "unmet", detail: report.gate.failures[0]?.detail ?? "" },
  };
  return { report, exit };
}
