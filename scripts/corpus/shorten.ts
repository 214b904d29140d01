import type { Format } from "./run-nix.ts";

/** What of a log is kept: its words whole, its chatter not; the machine's paths and addresses under names that mean nothing. */

const HEAD = 60;
const TAIL = 240;

/** Kinds of events that a reader of logs looks at: builds, transfers, fetches; log lines and phases. */
const STARTS = new Set([101, 105, 112]);
const RESULTS = new Set([101, 104, 107]);

export function shorten(log: string, format: Format): string {
  return format === "internal-json" ? shortenEvents(log) : middleOut(log.split("\n").map(lastDrawn)).join("\n");
}

function shortenEvents(log: string): string {
  const kept: string[] = [];
  const dropped = new Set<number>();
  for (const line of log.split("\n")) {
    const event = eventOf(line);
    if (!event) kept.push(line);
    else if (keeps(event, line, dropped)) kept.push(line);
  }
  return middleOut(kept).join("\n");
}

interface Event {
  readonly action?: string;
  readonly id?: number;
  readonly type?: number;
  readonly level?: number;
  readonly msg?: string;
}

function eventOf(line: string): Event | undefined {
  if (!line.startsWith("@nix ")) return undefined;
  const read: unknown = JSON.parse(line.slice("@nix ".length));
  return read instanceof Object ? read : undefined;
}

function keeps(event: Event, line: string, dropped: Set<number>): boolean {
  switch (event.action) {
    case "msg":
      return (event.level ?? 0) <= 1 || /evaluating file '[^']*\/flake\.nix'/u.test(line);
    case "start":
      if (STARTS.has(event.type ?? -1)) return true;
      dropped.add(event.id ?? -1);
      return false;
    case "stop":
      return !dropped.has(event.id ?? -1);
    case "result":
      return RESULTS.has(event.type ?? -1);
    default:
      return false;
  }
}

function middleOut(lines: readonly string[]): readonly string[] {
  return lines.length <= HEAD + TAIL ? lines : [...lines.slice(0, HEAD), ...lines.slice(-TAIL)];
}

/** Of a line that a terminal drew over and over, the first and the last states. */
function lastDrawn(line: string): string {
  const states = line.split("\r");
  return states.length <= 6 ? line : [...states.slice(0, 2), ...states.slice(-4)].join("\r");
}

/** The flake's folder becomes /tmp/project, the session's folder /tmp/session, the mirror's port one number. */
export function anonymous(log: string, folders: { readonly flake: string; readonly base: string }): string {
  const registry = ["crates", "io"].join(".");
  return log
    .replaceAll(folders.flake, "/tmp/project")
    .replaceAll(folders.base, "/tmp/session")
    .replace(/127\.0\.0\.1:\d+/gu, "127.0.0.1:8080")
    .replace(new RegExp(`(?:static\\.|index\\.)?${registry.replace(".", "\\.")}(?!-)`, "gu"), "registry.example");
}
