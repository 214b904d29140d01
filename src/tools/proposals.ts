import type { ToolContext, ToolResult } from "../agent/tool.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import { hindranceOf, withOneName } from "../repo/workspace/editable.ts";
import { applyEdits, type FileChange, type FileState, movedFiles, namesOf } from "../repo/workspace/edits.ts";
import { JailError, nameInJail } from "../repo/workspace/jail.ts";
import { keepFiles } from "../repo/workspace/kept-files.ts";
import { checkoutFiles, readState, stateAt, writeChanges } from "../repo/workspace/workspace.ts";
import type { Edit, ProposalDetails } from "./contract.ts";
import { describeDiagnoses } from "./diagnosis-text.ts";

/** What the gate says of a proposal, before it touches the worktree and after. */
export type GateAnswer =
  | {
      readonly ok: true;
      readonly mechanics: readonly string[];
      /** Files with the text that mechanics left in them. */
      readonly texts: Readonly<Record<string, string>>;
      /** The failures that they answered. */
      readonly answered: readonly Diagnosis[];
      readonly notes: readonly string[];
    }
  | {
      readonly ok: false;
      readonly stage: Exclude<ProposalDetails["stage"], "accepted" | "edit">;
      readonly problems: readonly string[];
      readonly diagnoses: readonly Diagnosis[];
      readonly mechanics: readonly string[];
    };

export interface ProposalGate {
  /** Policy and syntax of the changed files alone; nothing has been written yet. */
  before(changes: readonly FileChange[], context: ToolContext): Promise<GateAnswer>;
  /** Stages, locks and evaluates in the worktree, where the changes now are. A refusal has undone whatever else it did. */
  after(changes: readonly FileChange[], context: ToolContext): Promise<GateAnswer>;
}

export interface ProposePlace {
  readonly directory: string;
  /** Commit that the work began from. */
  readonly base: string;
  readonly gate: ProposalGate;
  /** Why a file is not the agent's to change, or undefined; given its one name, relative to the root and with links resolved. */
  readonly guard: (path: string) => string | undefined;
}

/** Judges edits as one transaction; never throws for a path that leads out. */
export type Propose = (edits: readonly Edit[], amend: boolean, context: ToolContext) => Promise<ToolResult>;

/**
 * The proposals of one conversation, whichever tool they come by. Pending changes are relative to the worktree as it is: a later proposal
 * with `amend` continues them.
 */
export function createProposals(place: ProposePlace): Propose {
  let pending: readonly FileChange[] = [];
  /** Of the pending ones, what the base commit held: its bytes and rights are more than a text. */
  let restored: ReadonlyMap<string, FileState> = new Map();
  /** Of the pending ones, which file of the worktree a moved one is: so are its rights. */
  let movedFrom: ReadonlyMap<string, string> = new Map();

  const refuse = (details: ProposalDetails, next: string): ToolResult => ({
    text: [
      `Refused at ${stageName(details.stage)}; the worktree is as it was.`,
      ...details.problems,
      ...(details.diagnoses.length > 0 ? [describeDiagnoses(details.diagnoses)] : []),
      next,
    ].join("\n"),
    details,
    isError: true,
  });

  const judge = async (sent: readonly Edit[], amend: boolean, context: ToolContext): Promise<ToolResult> => {
    const none = { diagnoses: [], changed: [], mechanics: [] } as const;
    if (amend && pending.length === 0) {
      return refuse(
        { accepted: false, pending: false, stage: "edit", problems: ["There is no pending proposal to amend."], ...none },
        "Send the whole proposal with amend: false.",
      );
    }
    if (!amend && sent.length === 0) {
      return refuse(
        { accepted: false, pending: pending.length > 0, stage: "edit", problems: ["The proposal has no edits."], ...none },
        "Send at least one edit.",
      );
    }
    // A mechanic of a build may have been at work since: what the proposal was made for is not there any more.
    const stale = amend ? await staleOf(place.directory, pending) : [];
    if (stale.length > 0) {
      pending = [];
      const problem = `${named(stale)} ${stale.length === 1 ? "has" : "have"} changed since the proposal was refused, so it is pending no longer.`;
      return refuse(
        { accepted: false, pending: false, stage: "edit", problems: [problem], ...none },
        "Read what changed, and send the whole proposal with amend: false.",
      );
    }
    const edits: Edit[] = [];
    for (const edit of sent) edits.push(await withOneName(place.directory, edit));
    const guarded: string[] = [];
    for (const path of edits.flatMap(namesOf)) {
      const refused = place.guard(path) ?? place.guard(await nameInJail(place.directory, path));
      if (refused !== undefined) guarded.push(`${path}: ${refused}`);
    }
    if (guarded.length > 0) {
      return refuse(
        { accepted: false, pending: pending.length > 0, stage: "policy", problems: guarded, ...none },
        "Leave these files out. If a criterion is wrong, call give_up with reason criterion-wrong.",
      );
    }
    const notEditable = (problems: readonly string[]): ToolResult =>
      refuse(
        { accepted: false, pending: pending.length > 0, stage: "edit", problems, ...none },
        amend
          ? "The pending proposal is kept as it was. Correct these edits and send them again with amend: true."
          : "Nothing was kept. Correct these edits and send the proposal again.",
      );
    const hindrances: string[] = [];
    /** What is no text in the worktree may have become one in the proposal. */
    const written = new Set((amend ? pending : []).map(({ path }) => path));
    for (const [index, edit] of edits.entries()) {
      const hindrance = await hindranceOf(place.directory, edit, written.has(edit.path));
      if ("create" in edit) written.add(edit.path);
      if (hindrance !== undefined) hindrances.push(`edit ${index + 1} (${edit.path}): ${hindrance}`);
    }
    if (hindrances.length > 0) return notEditable(hindrances);
    const base = new Map<string, FileState>((amend ? pending : []).map((change) => [change.path, change.after]));
    const original = new Map<string, FileState>((amend ? pending : []).map((change) => [change.path, change.before]));
    for (const edit of edits) {
      for (const path of namesOf(edit)) {
        if (base.has(path)) continue;
        const state = await readState(place.directory, path);
        base.set(path, state);
        original.set(path, state);
      }
    }
    const atBase = new Map<string, FileState>(amend ? restored : []);
    for (const edit of edits) if ("restore" in edit) atBase.set(edit.path, await stateAt(place.directory, place.base, edit.path));
    const applied = applyEdits(edits, base, atBase);
    if (!applied.ok) return notEditable(applied.problems);
    const touched = new Map(base);
    for (const change of applied.changes) touched.set(change.path, change.after);
    const changes = [...touched]
      .map(([path, after]) => ({ path, before: original.get(path), after }))
      .filter((change) => change.before !== change.after)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    if (changes.length === 0) {
      return refuse(
        { accepted: false, pending: false, stage: "edit", problems: ["The files already have this content."], ...none },
        "Go on with the next step, or propose something that changes a file.",
      );
    }
    const changed = changes.map(({ path }) => path);

    const before = await place.gate.before(changes, context);
    if (!before.ok) {
      pending = [];
      return refuse(
        { ...before, accepted: false, pending: false, changed },
        "Nothing was kept. Send the whole proposal again, corrected.",
      );
    }
    const moved = movedFiles(edits, amend ? movedFrom : new Map());
    const kept = await keepFiles(place.directory, changed);
    const write = async (): Promise<GateAnswer> => {
      await writeChanges(place.directory, changes);
      for (const { path, after } of changes) {
        const from = after === undefined ? undefined : moved.get(path);
        if (from !== undefined) await kept.carry(from, path, after);
      }
      const whole = changes
        .filter(({ path, after }) => after !== undefined && atBase.get(path) === after)
        .map(({ path }) => path);
      await checkoutFiles(place.directory, place.base, whole);
      return place.gate.after(changes, context);
    };
    const after = await write().catch(async (error: unknown) => {
      await kept.putBack();
      throw error;
    });
    if (!after.ok) {
      await kept.putBack();
      pending = changes;
      restored = atBase;
      movedFrom = moved;
      return refuse(
        { ...after, accepted: false, pending: true, changed },
        "The proposal is pending: send only the corrections with amend: true.",
      );
    }
    pending = [];
    const details: ProposalDetails = {
      accepted: true,
      pending: false,
      stage: "accepted",
      problems: [],
      diagnoses: [],
      changed,
      mechanics: after.mechanics,
      texts: after.texts,
      answered: after.answered,
    };
    const notes = [...before.notes, ...after.notes];
    return {
      text: [
        `Accepted: ${named(changed)}.`,
        ...(after.mechanics.length > 0 ? [`Done for you: ${after.mechanics.join("; ")}.`] : []),
        ...(notes.length > 0 ? ["Notes:", ...notes.map((note) => `- ${note}`)] : []),
      ].join("\n"),
      details,
    };
  };

  return async (edits, amend, context) => {
    try {
      return await judge(edits, amend, context);
    } catch (error) {
      if (!(error instanceof JailError)) throw error;
      const none = { diagnoses: [], changed: [], mechanics: [] } as const;
      return refuse(
        { accepted: false, pending: pending.length > 0, stage: "policy", problems: [error.message], ...none },
        "Use paths inside the repository.",
      );
    }
  };
}

/** Of the pending changes, the files that are not what they were. */
async function staleOf(directory: string, pending: readonly FileChange[]): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { path, before } of pending) if ((await readState(directory, path)) !== before) stale.push(path);
  return stale;
}

/** A generator may bring hundreds of files. */
const named = (paths: readonly string[]): string =>
  paths.length <= MAX_NAMED ? paths.join(", ") : `${paths.slice(0, MAX_NAMED).join(", ")} and ${paths.length - MAX_NAMED} more`;

const MAX_NAMED = 20;

function stageName(stage: ProposalDetails["stage"]): string {
  switch (stage) {
    case "edit":
      return "the edit itself";
    case "policy":
      return "policy";
    case "parse":
      return "Nix syntax";
    case "lock":
      return "locking the inputs";
    case "eval":
      return "evaluation";
    case "accepted":
      return "nothing";
  }
}
