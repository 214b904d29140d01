import type { EventBody } from "../../agent/events.ts";
import { EVALUATES } from "../../nix/mechanics/build-mending.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";
import type { JobPlace } from "../job-place.ts";
import type { LeftBroken } from "./document.ts";
import { offeredOutputs, type Target, wholeFlake } from "./targets.ts";

/** Where a person named an attribute: how the rest of the flake fares. It decides nothing, and the person waits for it. */

export interface OtherOutputs {
  readonly broken: readonly LeftBroken[];
  /** Full paths: this machine or the time did not allow it. */
  readonly untried: readonly string[];
}

/** For all of them together. */
const MAX_MS = 10 * 60 * 1000;

export async function* lookAtOthers(
  place: JobPlace,
  directory: string,
  named: readonly string[],
): AsyncGenerator<EventBody, OtherOutputs> {
  const signal = AbortSignal.any([place.signal, AbortSignal.timeout(MAX_MS)]);
  const options = { signal, timeoutMs: place.settings.evalTimeoutMs };
  const offered = await offeredOutputs(place.nix, directory, options);
  const targets = wholeFlake(offered, place.nix.system).filter(({ attribute }) => !named.includes(attribute));
  const broken: LeftBroken[] = [];
  const untried: string[] = [];
  if (targets.length > 0) yield { type: "phase", phase: "others", detail: `${targets.length} other outputs of the flake` };
  for (const target of targets) {
    place.progress(target.attribute);
    const looked = await tried(place.nix, directory, target, { ...options, timeoutMs: place.settings.buildTimeoutMs });
    if (looked.ok) continue;
    if (looked.why === "failed") broken.push({ attribute: target.attribute, diagnosis: looked.diagnoses[0] });
    else untried.push(target.attribute);
  }
  return { broken, untried };
}

const tried = (nix: Nix, directory: string, { attribute, proof }: Target, options: RunNixOptions) =>
  proof === "builds"
    ? nix.build(directory, [attribute], options)
    : nix.evaluate(directory, attribute, { ...options, apply: EVALUATES });
