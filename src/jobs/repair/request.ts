import { join } from "node:path";
import type { Outcome } from "../../agent/outcome.ts";
import type { Crq } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import { restore, type Snapshot, snapshot, type Workspace } from "../../repo/workspace/workspace.ts";
import type { JobPlace } from "../job-place.ts";
import type { Acceptance, Judged } from "../work/acceptance/acceptance.ts";
import type { Asked } from "../work/acceptance/standing.ts";
import { gateText } from "../work/conversation-texts.ts";
import type { RepairFacts, RepairScope } from "./criteria.ts";
import { branchOf, type LeftBroken, type RepairDocument, repairSlots } from "./document.ts";
import { baselineFor, holdingIn, NOTHING_SEEN, type Seen, scopeOf, seenIn, together } from "./scope.ts";
import { isKnown, offeredOutputs, type Target, wholeFlake } from "./targets.ts";

/** What a repair asks for so far: it grows with what the flake shows, and shrinks to what could be mended. */

export interface RequestInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  /** Of the CRQ that documents the repair, or of a draft. */
  readonly id: string;
  readonly author: string;
  readonly facts: RepairFacts;
  /** No attribute was named: the flake as a whole is meant. */
  readonly whole: boolean;
  /** Judges the base by a document. */
  readonly acceptanceOf: (crq: Crq) => Acceptance;
}

export class RepairRequest {
  readonly #input: RequestInput;
  #facts: RepairFacts;
  #seen: Seen = NOTHING_SEEN;
  #untried: readonly Target[] = [];
  #left: readonly LeftBroken[] = [];
  #revision = 0;

  constructor(input: RequestInput) {
    this.#input = input;
    this.#facts = input.facts;
  }

  get facts(): RepairFacts {
    return this.#facts;
  }

  /** At the base. */
  get seen(): Seen {
    return this.#seen;
  }

  /** What is asked for; `untried`: what this machine gave no answer for. */
  get scope(): RepairScope & { readonly untried: readonly Target[] } {
    const { broken, stands, untried } = scopeOf(this.#seen);
    const here = (targets: readonly Target[]): readonly Target[] => targets.filter((target) => !this.#untried.includes(target));
    return { broken: here(broken), stands: here(stands), untried: [...untried, ...this.#untried] };
  }

  /** Grows whenever something else is asked for. */
  get revision(): number {
    return this.#revision;
  }

  /** Still broken in what is handed over. */
  get left(): readonly LeftBroken[] {
    return this.#left;
  }

  /** The document that asks about outputs nobody has looked at yet. */
  open(targets: readonly Target[]): Promise<Crq> {
    return this.#written({ broken: targets, stands: [] }, false);
  }

  /** Looks at outputs at the base. */
  async look(targets: readonly Target[], crq: Crq): Promise<void> {
    const acceptance = this.#input.acceptanceOf(crq);
    const { checks } = await acceptance.baseline(this.#input.place.signal);
    this.#revision += 1;
    this.#seen = together(this.#seen, seenIn(targets, this.#facts, checks, acceptance.baselineRun));
  }

  async asked(): Promise<Asked> {
    const { scope } = this;
    const left = new Set(this.#left.map(({ attribute }) => attribute));
    const rest = { broken: scope.broken.filter(({ attribute }) => !left.has(attribute)), stands: scope.stands };
    return { crq: await this.#written(rest, true), known: baselineFor(rest, this.#facts, this.#seen) };
  }

  /** Outputs that show up now that the worktree's flake evaluates further than the base did; they are looked at there. */
  async more(): Promise<readonly Target[]> {
    const { place, workspace, whole } = this.#input;
    if (!whole || isKnown(this.#facts.offered)) return [];
    const options = { signal: place.signal, timeoutMs: place.settings.evalTimeoutMs };
    const offered = await offeredOutputs(place.nix, workspace.directory, options);
    const had = new Set(this.#seen.targets.map(({ attribute }) => attribute));
    const targets = wholeFlake(offered, place.nix.system).filter(({ attribute }) => !had.has(attribute));
    this.#facts = { ...this.#facts, offered };
    if (targets.length > 0) await this.look(targets, await this.open(targets));
    return targets;
  }

  cannotTry(target: Target): void {
    this.#revision += 1;
    this.#untried = [...this.#untried, target];
  }

  /**
   * Finds the tree of which most stands, the one before any model first, and puts the worktree to it.
   * @returns what is asked for without the rest, and whether it is the tree before any model; undefined: nothing broken stands, or something
   * else broke
   */
  async narrowed(
    ended: Outcome,
    acceptance: Acceptance,
    aided: Snapshot,
  ): Promise<(Asked & { readonly outcome: Outcome; readonly isAided: boolean }) | undefined> {
    const { place, workspace } = this.#input;
    const now = await snapshot(workspace);
    const worked = this.#part(await acceptance.judge("loop", place.signal));
    const sparing =
      now.tree === aided.tree
        ? undefined
        : this.#part(await acceptance.judgeCommit(aided.commit, aided.tree, "loop", place.signal));
    const takesAided = sparing !== undefined && sparing.mended.length >= (worked?.mended.length ?? 0);
    const part = takesAided ? sparing : worked;
    if (place.signal.aborted || !part || part.mended.length === 0 || part.left.length === 0) return undefined;
    if (takesAided) await restore(workspace, aided.tree);
    this.#left = part.left;
    const detail = `mended: ${part.mended.join(", ")}; still broken: ${part.left.map(leftWords).join(", ")}. ${endWords(ended)}`;
    const reason = "reason" in ended && ended.reason !== undefined ? { reason: ended.reason } : {};
    return { ...(await this.asked()), outcome: { kind: "partly", ...reason, detail }, isAided: takesAided };
  }

  /** Undefined: the tree is worth nothing, since something that stood broke or is checked less. */
  #part({ outcomes, report }: Judged): { readonly mended: readonly string[]; readonly left: readonly LeftBroken[] } | undefined {
    const { broken } = this.scope;
    const besides = outcomes.slice(broken.length).some(({ verdict }) => verdict !== "pass");
    if (besides || gateText(report).length > 0) return undefined;
    const stands = (at: number): boolean => outcomes[at]?.verdict === "pass";
    return {
      mended: broken.filter((_, at) => stands(at)).map(({ attribute }) => attribute),
      left: broken.flatMap(({ attribute }, at) =>
        stands(at) ? [] : [{ attribute, diagnosis: outcomes[at]?.checks.flatMap(({ judged }) => judged.diagnoses)[0] }],
      ),
    };
  }

  async #written(scope: RepairScope, looked: boolean): Promise<Crq> {
    const { place, workspace, id, author } = this.#input;
    const [first] = scope.broken.flatMap(({ attribute }) => this.#seen.diagnoses.get(attribute)?.[0] ?? []);
    const document: RepairDocument = {
      id,
      author,
      created: new Date(place.now()).toISOString().slice(0, 10),
      base: workspace.baseName,
      facts: this.#facts,
      scope,
      holds: looked ? holdingIn(this.#seen) : new Set(),
      diagnosis: looked ? first : undefined,
      left: this.#left,
    };
    const source = `${await place.prompts.text("templates/crq-repair", repairSlots(document))}\n`;
    return parseCrq(join(place.settings.crqFolder, `${id}-${branchOf(scope).replace("fix/", "repair-")}.md`), source);
  }
}

const leftWords = ({ attribute, diagnosis }: LeftBroken): string =>
  diagnosis ? `${attribute} (${diagnosis.kind}: ${diagnosis.message})` : attribute;

/** Why no more was mended. */
function endWords(ended: Outcome): string {
  const why = "reason" in ended && ended.reason !== undefined ? `${ended.kind}, ${ended.reason}` : ended.kind;
  return "detail" in ended ? `(${why}) ${ended.detail}` : `(${why})`;
}
