import type { Model } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { Prompts } from "../jobs/prompts.ts";
import type { Ui } from "../ui/ui.ts";

/** Who is at the work: handed to the job in place of a model and a terminal. */
export interface Attending {
  readonly model: Model;
  readonly ui: Ui;
  /** Ends the session; it can be resumed. */
  readonly signal: AbortSignal;
  readonly opened: (session: OpenedSession) => void;
}

export interface OpenedSession {
  readonly id: string;
  readonly folder: string;
  readonly verb: "apply" | "draft";
  /** Id of the CRQ. */
  readonly crq: string;
}

/** How a session ended, for the client. */
export interface Ended {
  /** With the next move. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly branch: string | null;
  readonly criteria: readonly { readonly id: string; readonly verdict: string }[];
}

export interface DraftRequest {
  readonly wish: string;
  readonly kind?: string;
}

export interface CrqListing {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly path: string;
  readonly source: string;
}

export interface SessionListing {
  readonly id: string;
  readonly folder: string;
  readonly verb: string;
  readonly model: string;
  readonly state: string;
}

/** One repository and what can be done in it, as the program wires it up. Nothing of it lies outside of `--repo` and the session folders. */
export interface Workplace {
  readonly version: string;
  readonly prompts: Prompts;
  /** For the person who started the server. */
  readonly notes: readonly string[];
  /** Whether Nix may reach the network, and not only a world on the disk. */
  readonly network: boolean;
  /** Works on an approved CRQ to the end of its session. @throws for what stands in the way: not approved, unknown, running elsewhere */
  openChange(request: { readonly crq: string; readonly anew: boolean }, attending: Attending): Promise<Ended>;
  openDraft(request: DraftRequest, attending: Attending): Promise<Ended>;
  /** A thrown value in words: what was foreseen says the next move, what was not says that it is a bug. */
  explain(error: unknown): string;
  /** Takes keys and control bytes out of a text from a file. */
  clean(text: string): string;
  crqs(): Promise<readonly CrqListing[]>;
  /** A `crq-survey/1` document of HEAD. */
  survey(): Promise<unknown>;
  /** Newest first. */
  sessions(): Promise<readonly SessionListing[]>;
  /** The timeline of one session. */
  timeline(folder: string): string;
  /** Turns, builds and seconds of work of a session so far. */
  used(folder: string): { readonly turns: number; readonly builds: number; readonly seconds: number };
  readonly limits: { readonly turns?: number; readonly builds?: number; readonly wallMs?: number };
}
