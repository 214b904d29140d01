import type { List } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { approvalState } from "../../lifecycle/approval.ts";
import { startOf } from "../../parse/text/markdown.ts";
import { levels, type Rule, type RuleInput } from "../rule.ts";

function place({ document }: RuleInput, key: string) {
  return document.metadataBlock?.placeOf([key]) ?? { line: 1, column: 1 };
}

export const approvalOutdated: Rule = {
  name: "lifecycle/approval-outdated",
  about: "the approval hash does not match Scope and Acceptance Criteria",
  explain:
    "What a person approved is no longer what stands there, so the CRQ counts as `proposed`. Approve it again with `crq-agent approve`.",
  levels: levels("- E E"),
  *check(input) {
    const state = approvalState(input.document.crq);
    if (state.state !== "void") return;
    const now = state.now === undefined ? "one of the two sections is missing" : `they hash to ${state.now}`;
    yield {
      place: place(input, "approval"),
      message: `Scope or Acceptance Criteria changed since the approval (${now}); approve it again`,
    };
  },
};

export const openQuestion: Rule = {
  name: "lifecycle/open-question",
  about: "an unanswered question at approved or later, or more than 3 clarifications",
  explain:
    "A question is answered by a line `Answer: …` in its item. Whoever drafts asks at most three clarifications; the rest is a line `Assumed: …`.",
  levels: levels("- E E"),
  *check(input) {
    const { crq, sections, lines } = input.document;
    const status = crq.metadata?.status;
    if (status === "approved" || status === "closed") {
      for (const question of crq.questions) {
        if (question.answer === undefined)
          yield { place: question.place, message: `${question.id} is not answered, and the CRQ is ${status}` };
      }
    }
    const clarifications = (sections.find(({ section }) => section.name === "Clarifications")?.nodes ?? [])
      .filter((node): node is List => node.type === "list")
      .flatMap((list) => list.children)
      .filter((item) => /\?/.test(plainText(item)) && !/^\s*(?:Assumed|Corrected):/.test(plainText(item)));
    const fourth = clarifications[3];
    if (fourth !== undefined) {
      yield {
        place: lines.placeAt(startOf(fourth)),
        message: `${clarifications.length} clarifications; at most 3 are asked, the rest is assumed and said so`,
      };
    }
  },
};

export const approvalByAgent: Rule = {
  name: "lifecycle/approval-by-agent",
  about: "the approver is not a person",
  explain:
    "An agent can never approve what an agent will do. `crq-agent approve` records the person; `--yes` records `unattended`.",
  levels: levels("E E E"),
  *check(input) {
    const state = approvalState(input.document.crq);
    if (state.state === "by-agent")
      yield { place: place(input, "approval"), message: `approved by \`${state.by}\`; only a person can approve` };
  },
};

export const unattendedApproval: Rule = {
  name: "lifecycle/unattended-approval",
  about: "the approval was given by `--yes`",
  explain: "Nobody read what was approved. Fine for trials; for real work let a person approve it.",
  levels: levels("- i W"),
  *check(input) {
    if (input.document.crq.metadata?.approval?.via === "yes-flag")
      yield { place: place(input, "approval"), message: "approved by `--yes`: nobody was asked" };
  },
};

export const closedWithoutEvidence: Rule = {
  name: "lifecycle/closed-without-evidence",
  about: "a closed CRQ whose report is missing, altered or not ok",
  explain: "Closed means proven. `crq-agent verify --close` writes the report and its hash.",
  levels: levels("W E E"),
  needs: "evidence",
  *check(input) {
    const { metadata } = input.document.crq;
    if (metadata?.status !== "closed") return;
    if (metadata.evidence === undefined) {
      yield { place: place(input, "status"), message: "closed without `evidence`" };
      return;
    }
    const { report, sha256 } = metadata.evidence;
    const state = input.context.evidence?.(report, sha256);
    const words = {
      missing: "does not exist",
      altered: "has another hash than recorded",
      "not-ok": "says that the gate was not ok",
    };
    if (state !== undefined && state !== "ok")
      yield { place: place(input, "evidence"), message: `\`${report}\` ${words[state]}` };
  },
};

export const lifecycleRules: readonly Rule[] = [
  approvalOutdated,
  openQuestion,
  approvalByAgent,
  unattendedApproval,
  closedWithoutEvidence,
];
