import { z } from "zod";
import { defineTool, type Tool, type ToolResult } from "../../agent/tool.ts";
import { CRQ_KINDS } from "../../crq/model.ts";
import type { Answer, Caller } from "../open-work.ts";
import type { SessionHost } from "../session-host.ts";
import type { Ended, Workplace } from "../workplace.ts";
import type { statusOutput } from "./structured.ts";

/** The tools that open, end and look at a session: what a program has on its command line, a client has here. Approval is not among them. */

export interface SessionToolPlace {
  readonly host: SessionHost;
  readonly place: Workplace;
  /** The name that the client gives itself. */
  readonly client: string;
  readonly caller: Caller;
  /** Is told when the session ended with the call. */
  readonly ended: (ended: Ended) => void;
}

export function sessionTools({ host, place, client, caller, ended: tell }: SessionToolPlace): readonly Tool[] {
  const result = ({ text, isError, ended }: Answer): ToolResult => {
    if (ended !== undefined) tell(ended);
    return { text, isError };
  };
  return [
    defineTool({
      name: "open_change",
      about:
        "Opens a CRQ that a person has approved, in a private copy of the repository, and says what is to be done and how the criteria stand. Goes on with the session of that CRQ which was left or cut off, unless `anew`. Runs the criteria once, which may take minutes. Approval is a person's act on a terminal; no tool gives it.",
      args: z.strictObject({
        crq: z.string().min(1).max(500).describe("Id (CRQ-001), number, or path inside the repository."),
        anew: z.boolean().default(false).describe("true: begin again instead of going on."),
      }),
      writes: true,
      run: async (args) => result(await host.openChange(client, args, caller)),
    }),
    defineTool({
      name: "open_draft",
      about:
        "Opens the draft of a new CRQ from one sentence and says how one is written. Look around, then hand the document in with submit_crq: it is linted, tried at the base, written as one new file of the CRQ folder, and waits there for a person's approval.",
      args: z.strictObject({
        wish: z.string().trim().min(1).max(20_000).describe("What is wished for, in the person's own words."),
        kind: z.enum(CRQ_KINDS).exactOptional(),
      }),
      writes: true,
      run: async (args) => result(await host.openDraft(client, args, caller)),
    }),
    defineTool({
      name: "finish",
      about:
        "Says that the open change is done. Every criterion is run on a fresh copy; when all are proven the change is handed over as a branch and the session ends. What is unmet comes back, and the session goes on.",
      args: z.strictObject({
        summary: z
          .string()
          .trim()
          .min(1)
          .max(4_000)
          .describe("One short paragraph: what you changed, and what the criteria did not show."),
      }),
      writes: true,
      run: async ({ summary }) => result(await host.finish(summary, caller)),
    }),
    defineTool({
      name: "session_status",
      about:
        "Says which session is open, what of its limits is used, and what runs now. Answers at once, also while a build runs.",
      args: z.strictObject({}),
      writes: false,
      run: async () => status(host, place),
    }),
    defineTool({
      name: "close_session",
      about: "Leaves the open session as it is, so that another can be opened. A change goes on with open_change later.",
      args: z.strictObject({}),
      writes: true,
      run: async () => result(await host.close(caller)),
    }),
  ];
}

function status(host: SessionHost, { used, limits, clean }: Workplace): ToolResult {
  const { session, doing, waiting } = host;
  const { turns, builds, seconds } = session ? used(session.folder) : { turns: 0, builds: 0, seconds: 0 };
  const maxSeconds = limits.wallMs === undefined ? null : Math.round(limits.wallMs / 1000);
  const running = doing ? { ...doing, latest: doing.latest === undefined ? null : shortened(clean(doing.latest)) } : null;
  const details: z.infer<typeof statusOutput> = {
    session: session?.id ?? null,
    verb: session?.verb ?? null,
    crq: session?.crq ?? null,
    turns,
    maxTurns: limits.turns ?? null,
    builds,
    maxBuilds: limits.builds ?? null,
    seconds,
    maxSeconds,
    running,
    waiting,
  };
  const text = session
    ? `${session.verb} ${session.crq}, session ${session.id}: ${turns} of ${limits.turns ?? "any"} calls, ${builds} of ${limits.builds ?? "any"} builds, ${seconds} of ${maxSeconds ?? "any"} seconds of work.`
    : "No session is open. open_change opens an approved CRQ, open_draft writes a new one.";
  return { text: [text, ...runningText(running, waiting)].join(" "), details };
}

function runningText(running: z.infer<typeof statusOutput>["running"], waiting: number): readonly string[] {
  if (running === null) return [];
  const { tool, seconds, latest } = running;
  return [
    `Now: ${tool}, for ${seconds} seconds${latest === null ? "" : ` (${latest})`}; taking its request back stops it.`,
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "call waits" : "calls wait"} behind it.`]),
  ];
}

/** Characters of a line of a build. */
const LONGEST_LINE = 300;
const shortened = (line: string): string => line.replaceAll(/\s+/gu, " ").trim().slice(0, LONGEST_LINE);
