import type { Event } from "../../../agent/events.ts";
import { type Child, element, join, type Markup } from "../../../ui/html/markup.ts";
import { duration } from "../../../ui/text.ts";
import type { Excerpts } from "../excerpts.ts";
import type { Call, Proposal, SessionView, Turn } from "../view.ts";
import { dollars } from "./usage.ts";

/** Above this many turns they are shut away in groups of as many. */
const GROUP = 50;

/** Turns that are shown whole: how it began and how it ended. Between them one line a turn has to do, so that a browser opens thousands at once. */
const FIRST = 100;
const LAST = 300;

/** Turn by turn: what was said, called and answered. */
export function timelineSection({ turns, before, proposals }: SessionView, excerpts: Excerpts): Markup {
  const ofTurn = Map.groupBy(proposals, ({ turn }) => turn);
  const isWhole = ({ number }: Turn): boolean => number <= FIRST || number > turns.length - LAST;
  const shown = (some: readonly Turn[]): readonly Markup[] =>
    some.map((turn) => (isWhole(turn) ? turnPart(turn, ofTurn.get(turn.number) ?? [], excerpts) : turnLine(turn, excerpts)));
  return element(
    "section",
    { id: "timeline", "aria-labelledby": "timeline-title" },
    element("h2", { id: "timeline-title" }, "Timeline"),
    ...before.map((event) => notePart(event, excerpts)),
    turns.length === 0 ? element("p", {}, "No model was asked.") : undefined,
    ...(turns.length <= GROUP ? shown(turns) : groups(turns).map((some) => groupPart(some, shown(some)))),
  );
}

const groups = (turns: readonly Turn[]): readonly (readonly Turn[])[] =>
  Array.from({ length: Math.ceil(turns.length / GROUP) }, (_, at) => turns.slice(at * GROUP, (at + 1) * GROUP));

function groupPart(turns: readonly Turn[], shown: readonly Markup[]): Markup {
  const failed = turns.reduce((sum, { calls }) => sum + calls.filter(({ result }) => result?.isError).length, 0);
  return element(
    "details",
    { class: "group" },
    element(
      "summary",
      {},
      element("strong", {}, `Turns ${turns[0]?.number ?? 0} to ${turns.at(-1)?.number ?? 0}`),
      failed > 0 ? ` ${failed} calls failed or were refused` : undefined,
    ),
    ...shown,
  );
}

function turnPart(turn: Turn, proposals: readonly Proposal[], excerpts: Excerpts): Markup {
  const { number, reply, calls, notes, since } = turn;
  const said = reply?.message.text.trim() ?? "";
  return join([
    element(
      "details",
      { class: "card turn", id: `turn-${number}` },
      element(
        "summary",
        {},
        element("strong", {}, `Turn ${number}`),
        element("span", { class: "soft" }, ` ${clock(since)} `),
        said === "" ? undefined : excerpts.line(said, 140),
        calls.length > 0 ? " → " : undefined,
        ...calls.map((call, at) => join([at > 0 ? ", " : undefined, callName(call)])),
      ),
      element("p", { class: "soft" }, factsOf(turn)),
      said.length > 140 || said.includes("\n") ? excerpts.pre(said, `event ${reply?.seq ?? 0} of the journal`) : undefined,
      proposals.length === 0
        ? undefined
        : element(
            "p",
            {},
            "See ",
            join(
              proposals.map((one) => element("a", { href: `#proposal-${one.number}` }, `proposal ${one.number}`)),
              ", ",
            ),
            ".",
          ),
      ...calls.map((call) => callPart(call, excerpts)),
    ),
    ...notes.map((event) => notePart(event, excerpts)),
  ]);
}

function turnLine({ number, reply, calls, since }: Turn, excerpts: Excerpts): Markup {
  const said = excerpts.line(reply?.message.text ?? "", 80);
  const called = calls.map((call) => `${markOf(call)} ${call.call.tool}`).join(", ");
  return element(
    "p",
    { class: "line", id: `turn-${number}` },
    `Turn ${number} ${clock(since)} ${said}${called === "" ? "" : ` → ${called}`}`,
  );
}

const markOf = ({ result }: Call): string => (result === undefined ? "?" : result.isError ? "✗" : "✓");

const callName = ({ call, result }: Call): Markup =>
  element(
    "span",
    { class: result === undefined ? "open" : result.isError ? "bad" : "good" },
    `${markOf({ call, result, builds: [], mechanics: [] })} ${call.tool}`,
  );

function factsOf({ conversation, reply, usage }: Turn): string {
  if (reply === undefined)
    return `The request was in flight when the process ended; it is booked at its worst case (${dollars(usage?.usd)}).`;
  const { input, cacheRead, cacheWrite, output, usd } = reply.message.usage;
  const stop = reply.message.stop === "end" || reply.message.stop === "tools" ? [] : [`stopped: ${reply.message.stop}`];
  return [
    ...(conversation === "" ? [] : [conversation]),
    reply.message.model,
    `answered in ${duration(reply.ms)}`,
    `${input + cacheRead + cacheWrite} tokens in, ${output} out`,
    usd === undefined ? "cost unknown" : dollars(usd),
    ...stop,
  ].join(" · ");
}

const PROPOSES: ReadonlySet<string> = new Set(["propose_edit"]);

function callPart({ call, result, builds, mechanics }: Call, excerpts: Excerpts): Markup {
  const bare = call.arguments === "" || call.arguments === "{}";
  return element(
    "div",
    { class: "call" },
    element(
      "h3",
      {},
      callName({ call, result, builds, mechanics }),
      result === undefined ? undefined : ` (${duration(result.ms)})`,
    ),
    // The differences stand with the proposals.
    bare || PROPOSES.has(call.tool) ? undefined : excerpts.pre(call.arguments, "the journal"),
    ...mechanics.map((event) => notePart(event, excerpts)),
    ...builds.map((event) => notePart(event, excerpts)),
    result === undefined
      ? element("p", { class: "open" }, "It has no result: the session ended while it ran.")
      : excerpts.pre(result.text, `event ${result.seq} of the journal`),
  );
}

function notePart(event: Event, excerpts: Excerpts): Child {
  switch (event.type) {
    case "phase":
      return element(
        "p",
        { class: "phase" },
        excerpts.line(`${event.phase}${event.detail === undefined ? "" : `: ${event.detail}`}`, 200),
      );
    case "mechanic":
      return element("p", {}, `⚙ ${event.name}: ${excerpts.line(event.detail, 300)}`);
    case "build":
      return element(
        "p",
        {},
        element("span", { class: event.ok ? "good" : "bad" }, event.ok ? "✓ built" : "✗ failed"),
        " ",
        element("code", {}, event.installable),
        ` in ${duration(event.seconds * 1000)}`,
      );
    case "acceptance":
      return element("p", {}, `Criteria were run (${event.stage}).`);
    case "warning":
      return element("p", { class: "watermark" }, excerpts.line(event.text, 400));
    default:
      return undefined;
  }
}

function clock(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
