import type { EventBody } from "../../agent/events.ts";
import { noteEvent } from "../../agent/loop.ts";
import type { ToolContext, ToolNote } from "../../agent/tool.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { buildMending } from "../../nix/mechanics/build-mending.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import { noteMending } from "../../tools/nix-tools.ts";
import { followProgress } from "../../tools/progress.ts";
import type { FirstAid } from "../apply.ts";
import type { JobPlace } from "../job-place.ts";
import type { SessionGate } from "../work/gate/proposal-gate.ts";
import { type Adopted, adoptedEvent, adoptUntracked, missingPaths } from "./from-checkout.ts";

/** Builds attributes and mends what a rule can, until they stand or nothing is left that needs no decision. */

export interface MechanicsInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly gate: Pick<SessionGate, "mechanicPlace">;
  /** Full attribute paths. */
  readonly attributes: readonly string[];
  /** What the first of them fails with, where that is known: it is not built again to hear it. */
  readonly known: NixFailure | undefined;
  readonly yes: boolean;
  /** Is told what a build failed with. */
  readonly sees: (diagnosis: Diagnosis) => void;
}

/** Files that one repair takes over from the checkout, one failure each. */
const MAX_ADOPTED = 20;

export async function* mechanicsFirst(input: MechanicsInput): AsyncGenerator<EventBody, FirstAid> {
  const { place, workspace, attributes } = input;
  const started = place.now();
  const { wallMs } = place.limits;
  const signal = wallMs === undefined ? place.signal : AbortSignal.any([place.signal, AbortSignal.timeout(wallMs)]);
  let builds = 0;
  let known = input.known;
  for (const attribute of attributes) {
    for (let adopted = 0; ; adopted += 1) {
      const taken = known && adopted < MAX_ADOPTED ? yield* adopt(known) : undefined;
      if (taken?.kind === "ended") return taken;
      // What failed was built here, and no file was taken over for it: nothing is left that a rule could do.
      if (known && !taken && known !== input.known) return open();
      const failure: NixFailure | undefined = yield* mend(attribute, taken ? undefined : known);
      known = failure;
      if (!failure) break;
      if (place.signal.aborted) return { kind: "ended", outcome: { kind: "interrupted" } };
      const [first] = failure.diagnoses;
      input.sees(first);
      if (failure.why === "unavailable")
        return { kind: "ended", outcome: { kind: "incomplete", detail: `${first.message}. ${first.next}` } };
      if (failure.why !== "failed" || failure === input.known) return open();
    }
  }
  return { kind: "stands" };

  function open(): FirstAid {
    return { kind: "open", builds, wallMs: place.now() - started };
  }

  /** Takes over the file that a failure says is missing, if it lies in the checkout. */
  async function* adopt({
    diagnoses: [first],
  }: NixFailure): AsyncGenerator<EventBody, { readonly kind: "adopted" } | Extract<FirstAid, { kind: "ended" }> | undefined> {
    let adopted: Adopted = { kind: "none" };
    for (const path of missingPaths(first)) {
      adopted = await adoptUntracked(workspace, path, input.yes);
      if (adopted.kind !== "none") break;
    }
    if (adopted.kind === "ignored") {
      const detail = `${adopted.path} lies in the checkout, and an ignore rule keeps it out of git and so out of the flake (${adopted.rule}); take the rule away, or pass --yes to let git track the file all the same`;
      return { kind: "ended", outcome: { kind: "question", detail } };
    }
    if (adopted.kind !== "adopted") return undefined;
    yield adoptedEvent(adopted);
    return { kind: "adopted" };
  }

  /** @returns what is left; undefined: the attribute stands */
  async function* mend(attribute: string, before: NixFailure | undefined): AsyncGenerator<EventBody, NixFailure | undefined> {
    const heard: ToolNote[] = [];
    const context: ToolContext = { signal, note: (note) => void heard.push(note) };
    const { result } = await buildMending(input.gate.mechanicPlace(context), attribute, {
      signal,
      timeoutMs: place.settings.buildTimeoutMs,
      onProgress: followProgress(context.note, place.progress),
      onEvent: (event) => {
        if (event.kind === "build") builds += 1;
        noteMending(event, context);
      },
      ...(before && { known: before }),
    });
    for (const note of heard) yield noteEvent(note);
    return result.ok ? undefined : result;
  }
}
