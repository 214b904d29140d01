import { exitCode, isResumable, type Outcome } from "../../../agent/outcome.ts";
import { LIMIT_MOVES } from "../../../session/limit-moves.ts";
import { outcomeText } from "../../../session/show.ts";
import { type Child, element, join, type Markup } from "../../../ui/html/markup.ts";
import { shellWord } from "../../../ui/shell-word.ts";

/** How a session ended, and what a person can do now. */
export interface Ending {
  /** One sentence. */
  readonly sentence: string;
  readonly tone: "good" | "bad" | "open";
  readonly exit: number | undefined;
  /** What to try, most promising first; a command stands by itself. */
  readonly next: readonly { readonly say: string; readonly command?: string }[];
}

export interface EndedSession {
  readonly id: string;
  readonly verb: string;
  /** undefined: it runs still, or was killed. */
  readonly outcome: Outcome | undefined;
  readonly running: boolean;
  /** What `crq-agent` is told the document by; undefined for a session without one. */
  readonly crq: string | undefined;
  /** How the result was handed over, in the journal's words. */
  readonly handOver: { readonly form: string; readonly branch?: string; readonly path?: string } | undefined;
}

export function endingOf(session: EndedSession): Ending {
  const { outcome } = session;
  if (outcome === undefined) {
    return session.running
      ? { sentence: "It runs still; this page shows what came so far.", tone: "open", exit: undefined, next: [] }
      : {
          sentence: "It was cut off and has no end.",
          tone: "open",
          exit: undefined,
          next: [goOn(session, "It can go on where it was; no reply is paid twice.")],
        };
  }
  const tone = outcome.kind === "done" || outcome.kind === "nothing-to-do" ? "good" : isResumable(outcome) ? "open" : "bad";
  return { sentence: `It ended: ${outcomeText(outcome)}.`, tone, exit: exitCode(outcome), next: nextOf(outcome, session) };
}

type Move = Ending["next"][number];

/** Only a change goes on where it was; every other verb begins again. */
function goOn(session: EndedSession, say: string, option = ""): Move {
  return session.verb === "apply"
    ? { say, command: `crq-agent sessions resume ${session.id}${option}` }
    : { say: "It has nothing to go on with; begin again.", command: `${againOf(session)}${option}` };
}

function againOf({ verb, crq }: EndedSession): string {
  if (verb === "draft") return 'crq-agent draft "…"';
  return (verb === "apply" || verb === "verify") && crq !== undefined
    ? `crq-agent ${verb} ${shellWord(crq)}`
    : `crq-agent ${verb}`;
}

function nextOf(outcome: Outcome, session: EndedSession): Ending["next"] {
  const { id, verb, handOver } = session;
  const again = againOf(session);
  switch (outcome.kind) {
    case "done":
      return handOver?.branch === undefined
        ? []
        : [{ say: "Read the change, then merge it.", command: `git diff HEAD...${shellWord(handOver.branch)}` }];
    case "nothing-to-do":
      return [];
    case "interrupted":
      return [goOn(session, "It goes on where it was.")];
    case "limit":
      return [
        goOn(session, LIMIT_MOVES[outcome.limit].say, LIMIT_MOVES[outcome.limit].option),
        { say: "The last diagnoses and refused proposals below say what it was at." },
      ];
    case "partly":
      return [
        ...(handOver?.branch === undefined
          ? []
          : [{ say: "Read what was proven and merge it.", command: `git diff HEAD...${shellWord(handOver.branch)}` }]),
        { say: "The rest wants a person, or another model.", command: `${again} --model PROVIDER:NAME` },
      ];
    case "gave-up":
      return [
        { say: `Do what the reason asks for by hand, commit it, and run ${verb} again.`, command: again },
        { say: "Or let another model try.", command: `${again} --model PROVIDER:NAME` },
      ];
    case "question":
      return verb === "apply"
        ? [{ say: "Put the question into the CRQ, answer it there, and approve anew.", command: `crq-agent sessions take ${id}` }]
        : [{ say: "Do what it asks for, then run it again.", command: again }];
    case "unmet":
      return [
        {
          say: "Read the criteria that do not hold, below. Mend the project or the criterion, commit, and run it again.",
          command: again,
        },
        ...(verb === "verify" ? [] : [{ say: "Or let another model try.", command: `${again} --model PROVIDER:NAME` }]),
      ];
    case "incomplete":
      return [{ say: "Something could not be judged on this machine; the reason names it.", command: "crq-agent doctor" }];
    case "tampering":
      return [
        { say: "What judges the work was changed. Read the gate's failures below and undo that by hand.", command: "git status" },
      ];
    case "provider":
      return [
        goOn(session, "The model's provider did not answer. Once it does again:"),
        { ...goOn(session, "", " --model PROVIDER:NAME"), say: "Or go on with another model." },
      ];
    case "infra":
      return [
        { say: "This machine stood in the way. See what it lacks:", command: "crq-agent doctor" },
        goOn(session, "Then go on."),
      ];
  }
}

export function endingSection(ending: Ending): Markup | undefined {
  if (ending.next.length === 0 && ending.tone === "good") return undefined;
  return element(
    "section",
    { id: "ending", "aria-labelledby": "ending-title" },
    element("h2", { id: "ending-title" }, ending.tone === "good" ? "What to do next" : "Why it ended, and what to try next"),
    ending.tone === "good"
      ? undefined
      : element("p", {}, ending.sentence, ending.exit === undefined ? undefined : ` Exit code ${ending.exit}.`),
    element(
      "ol",
      {},
      ...ending.next.map(
        ({ say, command }): Child =>
          element("li", {}, say, command === undefined ? undefined : join([element("pre", { class: "command" }, command)])),
      ),
    ),
  );
}
