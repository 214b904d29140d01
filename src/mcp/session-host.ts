import { randomUUID } from "node:crypto";
import type { ToolMessage } from "../agent/messages.ts";
import { type Answer, type Caller, OpenWork, type Standing } from "./open-work.ts";
import { type Doing, MOST_WAITING, Turns } from "./turns.ts";
import type { Attending, DraftRequest, Ended, OpenedSession, Workplace } from "./workplace.ts";

/** The one session that a connection can have open. Its calls have their turns, as those of one reply of a model have. */
export class SessionHost {
  readonly #place: Workplace;
  readonly #say: (text: string) => void;
  readonly #turns = new Turns();
  #work: OpenWork | undefined;

  /** @param say a line for the person who started the server */
  constructor(place: Workplace, say: (text: string) => void) {
    this.#place = place;
    this.#say = say;
  }

  /** The session that is open now. */
  get session(): OpenedSession | undefined {
    return this.#work?.session;
  }

  /** The call that is carried out now. */
  get doing(): Doing | undefined {
    return this.#turns.doing;
  }

  /** How many calls wait for their turn. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  openChange(client: string, request: { readonly crq: string; readonly anew: boolean }, caller: Caller): Promise<Answer> {
    return this.#inTurn("open_change", caller, (_, attended) =>
      this.#open(client, "opened-change", (attending) => this.#place.openChange(request, attending), attended),
    );
  }

  openDraft(client: string, request: DraftRequest, caller: Caller): Promise<Answer> {
    return this.#inTurn("open_draft", caller, (_, attended) =>
      this.#open(client, "opened-draft", (attending) => this.#place.openDraft(request, attending), attended),
    );
  }

  /** @param args as JSON text */
  call(tool: string, args: string, caller: Caller): Promise<Answer> {
    return this.#inTurn(tool, caller, (work, attended) => {
      if (work === undefined) return nothingOpen(tool);
      return this.#tell(work, "", { id: `mcp-${randomUUID()}`, tool, arguments: args }, attended);
    });
  }

  /** The last word on a change: the acceptance runs, and where it holds the hand-over follows. */
  finish(summary: string, caller: Caller): Promise<Answer> {
    return this.#inTurn("finish", caller, (work, attended) => {
      if (work === undefined) return nothingOpen("finish");
      if (work.session?.verb === "draft")
        return refused("A draft is open, and ends with submit_crq. finish is for a change that open_change opened.");
      return this.#tell(work, summary, undefined, attended);
    });
  }

  /** Leaves the session where it is. */
  close(caller: Caller): Promise<Answer> {
    return this.#inTurn("close_session", caller, async (work) => {
      if (work === undefined) return { text: "No session is open.", isError: false };
      const { session } = work;
      await work.stop();
      this.#work = undefined;
      return { text: `${session?.id ?? "The session"} is closed. ${goOnText(session)}`, isError: false };
    });
  }

  /** For the end of the connection: whatever runs is stopped, and the journal is closed when this resolves. */
  async stop(): Promise<void> {
    const ended = this.#turns.end();
    await this.#work?.stop();
    await ended;
  }

  async #open(
    client: string,
    prompt: "opened-change" | "opened-draft",
    begin: (attending: Attending) => Promise<Ended>,
    caller: Caller,
  ): Promise<Answer> {
    const open = this.#work?.session;
    if (this.#work !== undefined)
      return refused(
        `${open?.crq ?? "A session"} is open already (session ${open?.id ?? "?"}): go on with it, or leave it with close_session first.`,
      );
    const work = new OpenWork(client, begin, (error) => this.#place.explain(error), this.#say);
    this.#work = work;
    const standing = await work.standing(caller);
    if (standing.kind !== "asks") this.#work = undefined;
    return this.#opened(standing, prompt, work.session);
  }

  async #opened(standing: Standing, prompt: string, session: OpenedSession | undefined): Promise<Answer> {
    switch (standing.kind) {
      case "failed":
        return refused(standing.text);
      case "ended":
        return { text: standing.ended.text, isError: !isFine(standing.ended), ended: standing.ended };
      case "asks": {
        const { system, messages } = standing.ask;
        this.#say(`session ${session?.id ?? "?"} is open (${session?.verb ?? "?"} ${session?.crq ?? ""})`);
        const [opening, ...rest] = messages;
        const text = await this.#place.prompts.text(`mcp-${prompt}`, {
          session: session?.id ?? "",
          crq: session?.crq ?? "",
          system,
          opening: opening?.role === "user" ? opening.text : "",
          before: beforeText(rest.filter((message) => message.role === "tool")),
        });
        return { text, isError: false };
      }
    }
  }

  async #tell(work: OpenWork, text: string, call: Parameters<OpenWork["say"]>[1], caller: Caller): Promise<Answer> {
    const { session } = work;
    const answer = await work.say(text, call, caller);
    if (!work.over) return answer;
    this.#work = undefined;
    if (answer.ended !== undefined) this.#say(`session ${session?.id ?? "?"} ended: ${answer.ended.outcome.kind}`);
    return answer;
  }

  async #inTurn(
    tool: string,
    caller: Caller,
    act: (work: OpenWork | undefined, attended: Caller) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const turn = await this.#turns.take(tool, caller, async (attended) => {
      // A limit may have ended the session while nobody called.
      if (this.#work?.over) this.#work = undefined;
      return act(this.#work, attended);
    });
    switch (turn.kind) {
      case "done":
        return turn.result;
      case "refused":
        return refused(`${MOST_WAITING} calls wait already. Nothing was done; send this one again when they are answered.`);
      case "taken-back":
        return refused("Taken back before its turn came; nothing was done.");
    }
  }
}

const refused = (text: string): Answer => ({ text, isError: true });

const nothingOpen = (tool: string): Answer =>
  refused(
    `${tool} was not run: no session is open. Call open_change with the id of an approved CRQ, or open_draft with a wish to write one.`,
  );

const isFine = ({ outcome }: Ended): boolean => outcome.kind === "done" || outcome.kind === "nothing-to-do";

const goOnText = (session: OpenedSession | undefined): string =>
  session?.verb === "apply"
    ? `Nothing is lost: open_change with ${session.crq} goes on where it was.`
    : "A draft that was not handed in has nothing to go on with.";

/** For a client that does not remember what it did before it, or the server, went away. */
function beforeText(results: readonly ToolMessage[]): string {
  const last = results.at(-1);
  if (last === undefined) return "";
  const count = results.length === 1 ? "one call was" : `${results.length} calls were`;
  return [
    `\nThis session goes on: ${count} made in it before, and the copy holds what was accepted then, so read a file before you edit it. The last call was \`${last.tool}\`${last.isError ? ", which failed" : ""}:`,
    "",
    last.text,
    "",
  ].join("\n");
}
