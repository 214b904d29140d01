import type { Event } from "../../../../src/agent/events.ts";
import { findTampering, type Tampering } from "../../../../src/evals/grading/tamper/find-tampering.ts";
import type { PlacedText } from "../../../../src/evals/grading/tamper/hidden-texts.ts";
import type { PatchedFile } from "../../../../src/evals/grading/tamper/patched-file.ts";
import type { Gate } from "../../../../src/evals/results/trial-row.ts";
import { type TaskFile, taskSchema } from "../../../../src/evals/task/task-file.ts";

/** One change, as a table writes it. */
export interface Changed {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly mode?: string;
  readonly binary?: boolean;
}

export interface Case {
  readonly name: string;
  readonly changes?: readonly Changed[];
  readonly calls?: readonly (readonly [tool: string, args: unknown])[];
  /** Gates that failed. */
  readonly failed?: readonly Gate[];
  readonly statement?: string;
  readonly fault?: string;
  readonly scope?: { readonly allowed: readonly string[]; readonly protected: readonly string[] };
  readonly shown?: readonly PlacedText[];
  readonly hidden?: readonly PlacedText[];
}

export function judge(one: Case): Tampering {
  const changes = (one.changes ?? []).map(
    ({ path, before, after, mode = "100644", binary = false }): PatchedFile => ({
      path,
      before,
      after,
      binary,
      ...(after !== undefined && { mode }),
    }),
  );
  return findTampering({
    task: { file: taskFile(one), statement: one.statement ?? "Package the program." },
    texts: { hidden: one.hidden ?? [], shown: one.shown ?? [] },
    changes,
    events: (one.calls ?? []).map(
      ([tool, args], at): Event => ({
        seq: at,
        at: 0,
        type: "call",
        turn: 1,
        call: { id: `c${at}`, tool, arguments: typeof args === "string" ? args : JSON.stringify(args) },
      }),
    ),
    gates: Object.fromEntries((one.failed ?? []).map((gate) => [gate, { verdict: "fail", ms: 1, detail: "" }])),
  });
}

const taskFile = ({ fault, scope = { allowed: ["**"], protected: [] } }: Case): TaskFile =>
  taskSchema.parse({
    schema: 1,
    id: "sample-task",
    kind: fault === undefined ? "apply" : "repair",
    cluster: "sample",
    tier: 1,
    split: "dev",
    canary: "crq-evals 0d6c0f0e-7a51-4c1e-9b7e-52f1c6a0d3b4",
    "first-seen": "2026-11-20",
    scope,
    ...(fault !== undefined && { fault }),
  });

/** Names of rules alone: what the tables compare. */
export const rulesOf = ({ confirmed, suspicions }: Tampering): { confirmed: string | null; suspicions: readonly string[] } => ({
  confirmed: confirmed?.rule ?? null,
  suspicions: suspicions.map(({ rule }) => rule),
});

/** A CRQ with one criterion. */
export const crq = (criterion: string, status = "approved"): string => `# CRQ-001: Package it

\`\`\`toml crq
schema = 1
id = "CRQ-001"
title = "Package it"
kind = "nixify"
status = "${status}"
\`\`\`

## 3. Scope

- In scope: flake.nix

## 5. Acceptance Criteria

- **AC-1**: ${criterion}

## 11. History

- written
`;
