import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";

/** A drafter proposes; a document that arrives approved would skip the person whose act that is. */
export function selfApproval(crq: Crq): readonly CrqDiagnostic[] {
  const { metadata } = crq;
  if (metadata === undefined || (metadata.status === "draft" && metadata.approval === undefined)) return [];
  return [
    {
      severity: "error",
      rule: "lifecycle/approval-by-agent",
      message:
        'a draft approves nothing: write status = "draft" and leave `approval` out; a person approves it with `crq-agent approve`',
      file: crq.path,
      line: 1,
      column: 1,
    },
  ];
}
