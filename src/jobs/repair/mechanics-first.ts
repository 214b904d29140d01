import type { EventBody } from "../../agent/events.ts";
import { noteEvent } from "../../agent/loop.ts";
import type { ToolContext, ToolNote } from "../../agent/tool.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { buildMending } from "../../nix/mechanics/build-mending.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import { noteMending } from "../../tools/nix-tools.ts";
import { followProgress } from "../../tools/progress.ts";
import type { JobPlace } from "../job-place.ts";
import type { FirstAid } from "../work/apply-contract.ts";
import type { SessionGate } from "../work/gate/proposal-gate.ts";
import { type Adopted, adoptedEvent, adoptUntracked, missingPaths } from "./from-checkout.ts";
import type { Target } from "./targets.ts";

/** Looks at outputs one after the other and mends what a rule can, until each stands or nothing is left of it that needs no decision. */

export interface MechanicsInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly gate: Pick<SessionGate, "mechanicPlace">;
  readonly broken: readonly Target[];
  /** They stand, unless something is changed. */
  readonly stands: readonly Target[];
  /** What shows up once the others were looked at: outputs of a flake that did not evaluate. */
  readonly more: () => Promise<readonly Target[]>;
  /** What an attribute fails with as the worktree is: it is not built again to hear it. */
  readonly known: ReadonlyMap<string, NixFailure>;
  readonly yes: boolean;
  /** Is told what a build failed with. */
  readonly sees: (attribute: string, diagnosis: Diagnosis) => void;
  /** Is told of an output that cannot be tried here, where others can. */
  readonly untried: (target: Target) => void;
}

/** Files that one repair takes over from the checkout, one failure each. */
const MAX_ADOPTED = 20;

type Looked = "stands" | "broken" | "untried" | Extract<FirstAid, { kind: "ended" }>;

export async function* mechanicsFirst(input: MechanicsInput): AsyncGenerator<EventBody, FirstAid> {
  const { place, workspace } = input;
  const started = place.now();
  const { wallMs } = place.limits;
  const signal = wallMs === undefined ? place.signal : AbortSignal.any([place.signal, AbortSignal.timeout(wallMs)]);
  let builds = 0;
  let adoptions = 0;
  let changed = false;
  const left: string[] = [];
  const done: string[] = [];
  const due: Target[] = [...input.broken];
  const first = due[0];
  let asked = false;
  for (;;) {
    const target = due.shift();
    if (target) {
      const looked = yield* look(target);
      if (typeof looked === "object") return looked;
      if (looked === "broken") left.push(target.attribute);
      if (looked === "untried") input.untried(target);
      if (signal.aborted) return open();
    } else if (!asked) {
      asked = true;
      due.push(...(await input.more()), ...(changed ? input.stands : []));
    } else return left.length === 0 ? { kind: "stands" } : open();
  }

  /** Mends what keeps one of them from standing, as far as that needs no decision. */
  async function* look(target: Target): AsyncGenerator<EventBody, Looked> {
    let failure = changed ? undefined : input.known.get(target.attribute);
    for (let built = false; ; built = true) {
      const adopted = failure && adoptions < MAX_ADOPTED ? yield* adopt(failure) : undefined;
      if (adopted?.kind === "ended") return adopted;
      if (adopted) {
        adoptions += 1;
        changed = true;
      }
      // It was built here, and no file was taken over for it: nothing is left that a rule could do.
      else if (failure && built) return "broken";
      const before: NixFailure | undefined = adopted ? undefined : failure;
      failure = yield* mend(target, before);
      if (!failure) return "stands";
      if (place.signal.aborted) return { kind: "ended", outcome: { kind: "interrupted" } };
      const [cause] = failure.diagnoses;
      if (failure.why === "unavailable") {
        const detail = `${cause.message}. ${cause.next}`;
        if (cause.kind === "resources" && cause.resource === "nix") return { kind: "ended", outcome: { kind: "infra", detail } };
        return target === first ? { kind: "ended", outcome: { kind: "incomplete", detail } } : "untried";
      }
      input.sees(target.attribute, cause);
      if (failure.why !== "failed" || failure === before) return "broken";
    }
  }

  function open(): FirstAid {
    return { kind: "open", builds, wallMs: place.now() - started, done };
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
    done.push(`taken from the checkout: ${adopted.paths.join(", ")}`);
    return { kind: "adopted" };
  }

  /** @returns what is left; undefined: it stands */
  async function* mend(
    { attribute, proof }: Target,
    before: NixFailure | undefined,
  ): AsyncGenerator<EventBody, NixFailure | undefined> {
    const heard: ToolNote[] = [];
    const context: ToolContext = { signal, note: (note) => void heard.push(note) };
    const { result, mended } = await buildMending(input.gate.mechanicPlace(context), attribute, {
      signal,
      timeoutMs: proof === "evaluates" ? place.settings.evalTimeoutMs : place.settings.buildTimeoutMs,
      onProgress: followProgress(context.note, place.progress),
      onEvent: (event) => {
        if (event.kind === "build") builds += 1;
        noteMending(event, context);
      },
      evaluateOnly: proof === "evaluates",
      ...(before && { known: before }),
    });
    if (mended.length > 0) changed = true;
    done.push(...mended.map(({ done: { name, detail } }) => `${name}: ${detail}`));
    for (const note of heard) yield noteEvent(note);
    return result.ok ? undefined : result;
  }
}
