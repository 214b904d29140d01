import { join } from "node:path";
import type { Built, FlakeInputs, Nix, NixResult, RunNixOptions } from "../../nix/nix.ts";
import { type FlakeFacts, factsExpression, parseFacts, type WantedFacts } from "./judge/flake-facts.ts";

/**
 * The evaluator as the checks of one run share it: what two checks ask is asked once. One evaluation answers for all attributes that any
 * check names, so that the number of Nix processes stays small.
 */

export interface SharedNixOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

export interface ShellRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class SharedNix {
  readonly #nix: Nix;
  readonly #directory: string;
  readonly #wanted: WantedFacts;
  readonly #options: SharedNixOptions;
  readonly #parsed = new Once<NixResult<null>>();
  readonly #inputs = new Once<NixResult<FlakeInputs>>();
  readonly #facts = new Once<NixResult<FlakeFacts>>();
  readonly #values = new Once<NixResult<unknown>>();
  readonly #builds = new Once<NixResult<Built>>();
  readonly #derivations = new Once<NixResult<readonly Built[]>>();
  readonly #rebuilds = new Once<NixResult<Built>>();
  readonly #checks = new Once<NixResult<null>>();
  readonly #shells = new Once<NixResult<ShellRun>>();
  /** Builds run one after the other: Nix would only let them wait for each other. */
  #lastBuild: Promise<unknown> = Promise.resolve();

  /** `wanted`: everything that the checks of this run will ask about. */
  constructor(nix: Nix, directory: string, wanted: WantedFacts, options: SharedNixOptions) {
    this.#nix = nix;
    this.#directory = directory;
    this.#wanted = wanted;
    this.#options = options;
  }

  get version(): string {
    return this.#nix.version;
  }

  get system(): string {
    return this.#nix.system;
  }

  parse(files: readonly string[], timeoutMs: number): Promise<NixResult<null>> {
    return this.#parsed.get(files, () =>
      this.#nix.parse(
        files.map((file) => join(this.#directory, file)),
        this.#limits(timeoutMs),
      ),
    );
  }

  /** `folder` is relative to the target. */
  inputs(folder: string, timeoutMs: number): Promise<NixResult<FlakeInputs>> {
    return this.#inputs.get([folder], () => this.#nix.inputs(join(this.#directory, folder), this.#limits(timeoutMs)));
  }

  /**
   * Existence and type of all wanted attributes, from one evaluation of the flake's outputs with its lock as it is. Where one of them breaks
   * the evaluation of all, a second one asks for less: no derivation, no builder.
   */
  facts(timeoutMs: number): Promise<NixResult<FlakeFacts>> {
    return this.#facts.get([], async () => {
      const { attributes, checks } = this.#wanted;
      const all = await this.#askFacts(this.#wanted, timeoutMs);
      const less = { attributes: attributes.map((attribute) => ({ ...attribute, build: false })), checks: false };
      const askedForMore = checks || attributes.some((attribute) => attribute.build);
      return all.ok || all.why !== "failed" || !askedForMore ? all : this.#askFacts(less, timeoutMs);
    });
  }

  async #askFacts(wanted: WantedFacts, timeoutMs: number): Promise<NixResult<FlakeFacts>> {
    const answer = await this.#nix.evaluate(this.#directory, WHOLE_FLAKE, {
      ...this.#limits(timeoutMs),
      apply: factsExpression(wanted, this.system),
    });
    return answer.ok ? { ...answer, value: parseFacts(answer.value) } : answer;
  }

  evaluate(attribute: string, apply: string | undefined, timeoutMs: number): Promise<NixResult<unknown>> {
    return this.#values.get([attribute, apply ?? ""], () =>
      this.#nix.evaluate(this.#directory, attribute, { ...this.#limits(timeoutMs), ...(apply !== undefined && { apply }) }),
    );
  }

  /** Applies a Nix function to the set of all outputs. */
  evaluateOutputs(apply: string, timeoutMs: number): Promise<NixResult<unknown>> {
    return this.evaluate(WHOLE_FLAKE, apply, timeoutMs);
  }

  /** Applies a Nix function to the outputs of another flake of the target. */
  evaluateAt(folder: string, apply: string, timeoutMs: number): Promise<NixResult<unknown>> {
    return this.#values.get([folder, WHOLE_FLAKE, apply], () =>
      this.#nix.evaluate(join(this.#directory, folder), WHOLE_FLAKE, { ...this.#limits(timeoutMs), apply }),
    );
  }

  /** All of these `.drv` in one process. */
  buildDerivations(drvs: readonly string[], timeoutMs: number): Promise<NixResult<readonly Built[]>> {
    return this.#inTurn(() => this.#nix.build(this.#directory, drvs, this.#limits(timeoutMs)));
  }

  narHashes(paths: readonly string[], timeoutMs: number): Promise<NixResult<Readonly<Record<string, string>>>> {
    return this.#nix.narHashes(paths, this.#limits(timeoutMs));
  }

  build(attribute: string, timeoutMs: number): Promise<NixResult<Built>> {
    return this.#builds.get([attribute], () => this.#inTurn(() => this.#build(attribute, timeoutMs, false)));
  }

  /** Builds again and compares; build first. */
  rebuild(attribute: string, timeoutMs: number): Promise<NixResult<Built>> {
    return this.#rebuilds.get([attribute], () => this.#inTurn(() => this.#build(attribute, timeoutMs, true)));
  }

  flakeCheck(timeoutMs: number): Promise<NixResult<null>> {
    return this.#checks.get([], () => this.#inTurn(() => this.#nix.flakeCheck(this.#directory, this.#limits(timeoutMs))));
  }

  develop(shell: string, argv: readonly string[], timeoutMs: number): Promise<NixResult<ShellRun>> {
    return this.#shells.get([shell, ...argv], () =>
      this.#inTurn(() => this.#nix.develop(this.#directory, shell, argv, this.#limits(timeoutMs))),
    );
  }

  async #build(attribute: string, timeoutMs: number, rebuild: boolean): Promise<NixResult<Built>> {
    // The evaluation that answered for all attributes knows the derivation, unless this attribute or another one spoilt it.
    const facts = this.#wanted.attributes.some((wanted) => wanted.build && wanted.path === attribute)
      ? await this.facts(timeoutMs)
      : undefined;
    if (facts && !facts.ok && facts.why !== "failed") return facts;
    const drvPath = facts?.ok ? facts.value.attributes[attribute]?.drvPath : undefined;
    const named = drvPath ?? attribute;
    const building = () => this.#nix.build(this.#directory, [named], { ...this.#limits(timeoutMs), rebuild });
    // Two names of one derivation (`default` and the program's) fail together, once.
    const answer = await (rebuild ? building() : this.#derivations.get([named], building));
    if (!answer.ok) return answer;
    const [built] = answer.value;
    if (!built) throw new Error(`nix built ${attribute} but named no output`);
    return { ...answer, value: built };
  }

  #limits(timeoutMs: number): RunNixOptions {
    const { signal, onProgress } = this.#options;
    return { timeoutMs, ...(signal && { signal }), ...(onProgress && { onProgress }) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#lastBuild.then(work, work);
    this.#lastBuild = mine;
    return mine;
  }
}

/** Answers a question once; later ones get the same promise. */
class Once<T> {
  readonly #known = new Map<string, Promise<T>>();

  get(key: readonly string[], work: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(key);
    const known = this.#known.get(name) ?? work();
    this.#known.set(name, known);
    return known;
  }
}

/** The empty attribute path: the flake's outputs as a whole. */
const WHOLE_FLAKE = "";
