import type { Event, EventBody } from "../../../src/agent/events.ts";

/** A made journal of many turns: reads, proposals (most refused with a diagnosis), builds, prices that are known until the last tenth. */
export function longSession(turns: number): readonly Event[] {
  const bodies: EventBody[] = [
    {
      type: "session",
      schema: "crq-event/1",
      id: "20260101T000000Z-aaaaaa",
      agent: "crq-agent@0.1.0",
      verb: "apply",
      model: "made:model",
      request: { crq: "crqs/CRQ-001-x.md", source: "# CRQ-001: A long one\n\n## 1. Overview\n\nText.\n" },
    },
    { type: "phase", phase: "loop", detail: "apply" },
  ];
  for (let turn = 1; turn <= turns; turn++) {
    const id = `call-${turn}`;
    const proposes = turn % 5 === 0;
    const edits = [{ path: "flake.nix", replace: { old: `version = "${turn}";\n`, new: `version = "${turn + 1}";\n` } }];
    const call = proposes
      ? { id, tool: "propose_edit", arguments: JSON.stringify({ edits }) }
      : { id, tool: "read_file", arguments: JSON.stringify({ path: `src/file-${turn}.rs` }) };
    const usage = { input: 400, output: 60, cacheRead: 9_000, cacheWrite: 200, ...(turn < turns * 0.9 && { usd: 0.002 }) };
    bodies.push(
      { type: "ask", turn, hash: "h" },
      {
        type: "reply",
        turn,
        hash: "h",
        ms: 900,
        message: {
          role: "assistant",
          text: `Step ${turn}: look at the next place.`,
          calls: [call],
          usage,
          stop: "tools",
          model: "made:model",
        },
      },
      { type: "call", turn, call },
      ...(proposes ? proposed(turn, id) : [read(turn, id)]),
    );
  }
  bodies.push({ type: "outcome", outcome: { kind: "limit", limit: "turns", detail: `${turns} of ${turns} turns were used` } });
  return bodies.map((body, seq): Event => ({ seq, at: Date.UTC(2026, 0, 1) + seq * 1_000, ...body }));
}

const read = (turn: number, callId: string): EventBody => ({
  type: "result",
  turn,
  callId,
  tool: "read_file",
  text: Array.from({ length: 20 }, (_, line) => `${line + 1}: let value_${line} = compute(${turn}, ${line});`).join("\n"),
  isError: false,
  writes: false,
  ms: 2,
});

function proposed(turn: number, callId: string): readonly EventBody[] {
  const accepted = turn % 50 === 0;
  const diagnosis = {
    kind: "attribute",
    stage: "eval",
    message: `attribute 'tool-${turn % 40}' missing`,
    fingerprint: `eval|attribute|tool-${turn % 40}`,
    position: { file: "flake.nix", line: (turn % 90) + 1, column: 3 },
    excerpt: `error: attribute 'tool-${turn % 40}' missing\n  at flake.nix`,
    next: "Look the name up.",
  };
  const done: readonly EventBody[] = [
    { type: "mechanic", name: "write-lock", detail: "flake.lock is written", paths: ["flake.lock"] },
    { type: "build", installable: "packages.x86_64-linux.default", ok: true, seconds: 3 },
  ];
  return [
    ...(accepted ? done : []),
    {
      type: "result",
      turn,
      callId,
      tool: "propose_edit",
      text: accepted
        ? "Accepted: flake.nix."
        : `Refused at evaluation; the worktree is as it was.\nDiagnosis: ${diagnosis.message}`,
      isError: !accepted,
      details: {
        accepted,
        pending: !accepted,
        stage: accepted ? "accepted" : "eval",
        problems: [],
        diagnoses: accepted ? [] : [diagnosis],
        changed: ["flake.nix"],
        mechanics: [],
      },
      ms: 800,
    },
  ];
}
