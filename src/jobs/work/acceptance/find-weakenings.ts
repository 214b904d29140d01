import { existsSync } from "node:fs";
import { join } from "node:path";
import { together } from "../../../crq/criteria/weakening/compare.ts";
import { attach } from "../../../crq/criteria/weakening/concern.ts";
import { readStrength, type Strength, strengthExpression } from "../../../crq/criteria/weakening/strength.ts";
import type { TiedWeakening } from "../../../crq/criteria/weakening/waivers.ts";
import type { Crq } from "../../../crq/model.ts";
import type { NixResult } from "../../../nix/nix.ts";
import { boundNames } from "../../../nix/weakening/nix-text.ts";
import { changedTexts, weakeningsOfChange } from "../../../nix/weakening.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import { tryGit } from "../../../system/git.ts";
import type { JobPlace } from "../../job-place.ts";

export interface WeakeningSetup {
  readonly place: Pick<JobPlace, "nix" | "environment"> & { readonly settings: Pick<JobPlace["settings"], "evalTimeoutMs"> };
  readonly workspace: Workspace;
  readonly crq: Crq;
  /** Runs a question on a fresh copy of the base commit. */
  readonly atBase: <T>(ask: (directory: string) => Promise<T>) => Promise<T>;
}

/**
 * What the work since the base weakens, by its texts and, where the criteria build something and the base has a flake, by the derivations that
 * both evaluate to; each tied to the criteria it takes from. The base is evaluated once.
 */
export class WeakeningFinder {
  readonly #setup: WeakeningSetup;
  /** What was seen at the base, once it was looked at to the end. */
  #before: { readonly strength: Strength | undefined } | undefined;

  constructor(setup: WeakeningSetup) {
    this.#setup = setup;
  }

  /** @param directory a fresh copy of the work @param changed its paths that differ from the base */
  async find(directory: string, changed: readonly string[], signal: AbortSignal): Promise<readonly TiedWeakening[]> {
    const { workspace, crq } = this.#setup;
    const texts = await changedTexts(directory, workspace.base, changed);
    const strengths = changed.length === 0 ? undefined : await this.#compared(directory, signal);
    const compared = strengths && {
      ...strengths,
      written: new Set(texts.flatMap(({ path, before = "" }) => (path.endsWith(".nix") ? boundNames(before) : []))),
      exists: (path: string): boolean => existsSync(join(directory, path)),
    };
    return attach(together(weakeningsOfChange(texts), compared), crq);
  }

  async #compared(directory: string, signal: AbortSignal): Promise<{ before: Strength; after: Strength } | undefined> {
    const { workspace, crq, atBase } = this.#setup;
    if (!crq.criteria.some(({ checks }) => checks.some(({ kind }) => kind === "nix-build" || kind === "flake-check")))
      return undefined;
    const flake = await tryGit(["cat-file", "-e", `${workspace.base}:flake.nix`], { cwd: workspace.directory });
    if (flake.exit !== 0) return undefined;
    this.#before ??= await atBase((base) => this.#strengthOfBase(base, signal));
    const [before, after] = [this.#before?.strength, this.#read(await this.#evaluate(directory, signal))];
    return before && after && { before, after };
  }

  /**
   * A lock that is missing or behind is a fault of its own, and no reason not to look: in the base's copy, which is thrown away, it is written.
   * @returns undefined where the look was stopped before its end: the next one is taken anew, or nothing would be compared from then on
   */
  async #strengthOfBase(
    directory: string,
    signal: AbortSignal,
  ): Promise<{ readonly strength: Strength | undefined } | undefined> {
    let answer = await this.#evaluate(directory, signal);
    if (answer?.ok === false && answer.diagnoses.some(({ kind }) => kind === "lock-outdated")) {
      const locked = await this.#setup.place.nix.lock(directory, { signal });
      answer = locked.ok ? await this.#evaluate(directory, signal) : locked;
    }
    const stopped = signal.aborted || (answer?.ok === false && answer.why !== "failed");
    return stopped ? undefined : { strength: this.#read(answer) };
  }

  async #evaluate(directory: string, signal: AbortSignal): Promise<NixResult<unknown> | undefined> {
    const { nix, environment, settings } = this.#setup.place;
    if (environment.nixBin === undefined) return undefined;
    return nix.evaluate(directory, "", { apply: strengthExpression(nix.system), timeoutMs: settings.evalTimeoutMs, signal });
  }

  /** undefined where the outputs as a whole cannot be evaluated: what stood there cannot be compared, and the checks of the criteria say why. */
  #read(answer: NixResult<unknown> | undefined): Strength | undefined {
    return answer?.ok ? readStrength(answer.value, this.#setup.place.nix.system) : undefined;
  }
}
