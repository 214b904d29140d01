import { LOOP_PHASE } from "../../agent/conversation/state.ts";
import type { Event } from "../../agent/events.ts";
import type { Usage } from "../../agent/messages.ts";
import { type ProposalArguments, type ProposalVerdict, proposalArguments, proposalDetails } from "./details.ts";

/** A journal as the page shows it: turns with all that happened in them. Pure. */

type Of<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** One reply, what was asked for in it, and what came of that. */
export interface Turn {
  /** Counts all turns of the session, from 1: two conversations may each have a first one. */
  readonly number: number;
  readonly conversation: string;
  /** undefined: the request was lost. */
  readonly reply: Of<"reply"> | undefined;
  /** undefined: the price is unknown. */
  readonly usage: Usage | undefined;
  /** Milliseconds since the session began. */
  readonly since: number;
  readonly calls: readonly Call[];
  /** After the reply: acceptances of the loop, warnings, phases. */
  readonly notes: readonly Event[];
}

export interface Call {
  readonly call: Of<"call">["call"];
  readonly result: Of<"result"> | undefined;
  readonly builds: readonly Of<"build">[];
  readonly mechanics: readonly Of<"mechanic">[];
}

export interface Proposal {
  /** From 1, in the order in which they were made. */
  readonly number: number;
  readonly turn: number;
  readonly sent: ProposalArguments | undefined;
  readonly verdict: ProposalVerdict | undefined;
  /** What the model was told. */
  readonly result: Of<"result"> | undefined;
  /** Text of each file before, as far as the journal knows it. */
  readonly before: ReadonlyMap<string, string>;
}

export interface SessionView {
  readonly turns: readonly Turn[];
  readonly proposals: readonly Proposal[];
  /** Before the first turn, and after the last one's work. */
  readonly before: readonly Event[];
}

const PROPOSING: ReadonlySet<string> = new Set(["propose_edit", "propose_lattice", "propose_step_flakes"]);

export function viewOf(events: readonly Event[]): SessionView {
  const turns = turnsOf(events);
  return { ...turns, proposals: proposalsOf(turns.turns) };
}

interface OpenTurn extends Turn {
  readonly calls: OpenCall[];
  readonly notes: Event[];
}

interface OpenCall extends Call {
  result: Of<"result"> | undefined;
  readonly builds: Of<"build">[];
  readonly mechanics: Of<"mechanic">[];
}

function turnsOf(events: readonly Event[]): Pick<SessionView, "turns" | "before"> {
  const turns: OpenTurn[] = [];
  const before: Event[] = [];
  const start = events[0]?.at ?? 0;
  let conversation = "";
  const open = (event: Event, reply: Of<"reply"> | undefined, usage: Usage | undefined): void => {
    turns.push({ number: turns.length + 1, conversation, reply, usage, since: event.at - start, calls: [], notes: [] });
  };
  for (const event of events) {
    const turn = turns.at(-1);
    const call = turn?.calls.at(-1);
    switch (event.type) {
      case "session":
      case "ask":
      case "progress":
      case "snapshot":
      case "user":
      case "outcome":
        break;
      case "reply":
        open(event, event, event.message.usage);
        break;
      case "lost":
        open(event, undefined, event.usage);
        break;
      case "call":
        turn?.calls.push({ call: event.call, result: undefined, builds: [], mechanics: [] });
        break;
      case "result": {
        const asked = turn?.calls.find((one) => one.call.id === event.callId && one.result === undefined);
        if (asked) asked.result = event;
        // A call that was never run has a result alone.
        else
          turn?.calls.push({
            call: { id: event.callId, tool: event.tool, arguments: "" },
            result: event,
            builds: [],
            mechanics: [],
          });
        break;
      }
      case "build":
      case "mechanic":
        if (call === undefined || call.result !== undefined) (turn?.notes ?? before).push(event);
        else if (event.type === "build") call.builds.push(event);
        else call.mechanics.push(event);
        break;
      case "phase":
        if (event.phase === LOOP_PHASE) conversation = event.detail ?? "";
        (turn?.notes ?? before).push(event);
        break;
      case "acceptance":
      case "warning":
        (turn?.notes ?? before).push(event);
        break;
    }
  }
  return { turns, before };
}

function proposalsOf(turns: readonly Turn[]): readonly Proposal[] {
  const proposals: Proposal[] = [];
  const known = new Map<string, string>();
  for (const { number: turn, calls } of turns) {
    for (const { call, result } of calls) {
      if (!PROPOSING.has(call.tool)) continue;
      const sent = proposalArguments.safeParse(jsonOf(call.arguments)).data;
      const verdict = proposalDetails.safeParse(result?.details).data;
      const paths = sent?.edits.map(({ path }) => path) ?? [];
      const before = new Map(
        paths.flatMap((path): [string, string][] => (known.has(path) ? [[path, known.get(path) ?? ""]] : [])),
      );
      proposals.push({ number: proposals.length + 1, turn, sent, verdict, result, before });
      if (verdict?.accepted === true) learn(known, sent, verdict);
    }
  }
  return proposals;
}

/** What files hold once a proposal counts; a file that is not known whole is forgotten. */
function learn(known: Map<string, string>, sent: ProposalArguments | undefined, verdict: ProposalVerdict): void {
  for (const edit of sent?.edits ?? []) {
    const before = known.get(edit.path);
    known.delete(edit.path);
    if ("create" in edit) known.set(edit.path, edit.create);
    else if ("replace" in edit && before !== undefined)
      known.set(
        edit.path,
        before.replace(edit.replace.old, () => edit.replace.new),
      );
    else if ("move" in edit && before !== undefined) known.set(edit.move, before);
  }
  for (const [path, text] of Object.entries(verdict.texts)) known.set(path, text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off or malformed: the timeline shows it as it came.
    return undefined;
  }
}
