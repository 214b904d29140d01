import type { EventBody } from "../../agent/events.ts";
import { noteEvent } from "../../agent/loop.ts";
import type { ToolContext, ToolNote } from "../../agent/tool.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import { followProgress } from "../../tools/progress.ts";
import type { FirstAid } from "../apply.ts";
import type { JobPlace } from "../job-place.ts";
import type { SessionGate } from "../work/gate/proposal-gate.ts";
import { adoptedEvent, adoptUntracked, missingPath } from "./from-checkout.ts";

/** Builds attributes and repairs what a rule can, until they stand or nothing is left that needs no decision. */

export interface MechanicsInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly gate: SessionGate;
  /** Full attribute paths. */
  readonly attributes: readonly string[];
  /** What is known to be wrong already: a build that is known to fail is not run again to hear it. */
  readonly known: readonly Diagnosis[];
  readonly yes: boolean;
  /** Is told what a build failed with. */
  readonly sees: (diagnosis: Diagnosis) => void;
}

/** One hash a time is what Nix reports. */
const MAX_REPAIRS = 40;

export async function* mechanicsFirst(input: MechanicsInput): AsyncGenerator<EventBody, FirstAid> {
  const { place, workspace, gate, attributes } = input;
  const tried = new Set<string>();
  let wrong: readonly Diagnosis[] = input.known;
  const started = place.now();
  const { limits } = place;
  const expired =
    limits.wallMs === undefined ? place.signal : AbortSignal.any([place.signal, AbortSignal.timeout(limits.wallMs)]);
  let builds = 0;
  const open = (): FirstAid => ({ kind: "open", builds, wallMs: place.now() - started });
  for (;;) {
    if (place.signal.aborted) return { kind: "ended", outcome: { kind: "interrupted" } };
    if (expired.aborted) return open();
    const first = wrong[0];
    if (first) {
      if (tried.size >= MAX_REPAIRS || tried.has(first.fingerprint)) return open();
      tried.add(first.fingerprint);
      const done = yield* repairOne(first);
      if (done === undefined) return open();
      if (done !== "repaired") return done;
    }
    if (limits.builds !== undefined && builds >= limits.builds) return open();
    const built = yield* buildAll();
    if (built.kind !== "wrong") return built;
    wrong = built.diagnoses;
  }

  async function* repairOne(diagnosis: Diagnosis): AsyncGenerator<EventBody, "repaired" | FirstAid | undefined> {
    const missing = missingPath(diagnosis);
    const adopted = missing === undefined ? undefined : await adoptUntracked(workspace, missing, input.yes);
    if (adopted?.kind === "adopted") {
      yield adoptedEvent(adopted);
      return "repaired";
    }
    if (adopted?.kind === "ignored") {
      const detail = `${adopted.path} lies in the checkout, and an ignore rule keeps it out of git and so out of the flake (${adopted.rule}); take the rule away, or pass --yes to let git track the file all the same`;
      return { kind: "ended", outcome: { kind: "question", detail } };
    }
    const { context, notes } = listening();
    const done = await gate.repair(diagnosis, context);
    yield* notes();
    if (done === undefined) return undefined;
    yield { type: "mechanic", name: done.name, detail: done.detail, paths: [...done.paths] };
    return "repaired";
  }

  async function* buildAll(): AsyncGenerator<
    EventBody,
    FirstAid | { readonly kind: "wrong"; readonly diagnoses: readonly Diagnosis[] }
  > {
    for (const attribute of attributes) {
      const begun = place.now();
      builds += 1;
      const { context, notes } = listening();
      const result = await place.nix.build(workspace.directory, [attribute], {
        signal: expired,
        timeoutMs: place.settings.buildTimeoutMs,
        onProgress: followProgress(context.note, place.progress),
      });
      yield* notes();
      const fingerprint = result.ok ? undefined : result.diagnoses[0].fingerprint;
      yield {
        type: "build",
        installable: attribute,
        ok: result.ok,
        seconds: (place.now() - begun) / 1000,
        ...(fingerprint !== undefined && { fingerprint }),
      };
      if (result.ok) continue;
      input.sees(result.diagnoses[0]);
      switch (result.why) {
        case "failed":
          return { kind: "wrong", diagnoses: result.diagnoses };
        case "aborted":
          return place.signal.aborted ? { kind: "ended", outcome: { kind: "interrupted" } } : open();
        case "timeout":
        case "unavailable":
          return {
            kind: "ended",
            outcome: { kind: "incomplete", detail: `${result.diagnoses[0].message}. ${result.diagnoses[0].next}` },
          };
      }
    }
    return { kind: "stands" };
  }

  /** Notes of what runs inside, given on once it has ended. */
  function listening(): { readonly context: ToolContext; readonly notes: () => Generator<EventBody, void> } {
    const heard: ToolNote[] = [];
    return {
      context: { signal: place.signal, note: (note) => void heard.push(note) },
      *notes() {
        for (const note of heard) yield noteEvent(note);
      },
    };
  }
}
