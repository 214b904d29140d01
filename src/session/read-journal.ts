import { readFileSync } from "node:fs";
import { EVENT_SCHEMA, type Event, eventBody, eventEnvelope } from "../agent/events.ts";

/** A journal that cannot be trusted as a whole. Nothing is dropped from the middle of a record of what was spent and done. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly file: string;
  /** Counted from 1; 0 where the whole file is meant. */
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(`${file}${line > 0 ? `:${line}` : ""}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}

export interface ReadJournal {
  readonly events: readonly Event[];
  /** A torn last line: what a crash or a power cut leaves of a line that was being written. It is as if it had never been. */
  readonly warnings: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly goodBytes: number;
}

const NEWLINE = 0x0a;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * @param file for messages
 * @throws JournalError naming file and line, for damage anywhere but in an unterminated last line
 */
export function parseJournal(file: string, bytes: Uint8Array): ReadJournal {
  const goodBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const torn = bytes.length - goodBytes;
  const events: Event[] = [];
  for (let start = 0, line = 1; start < goodBytes; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    events.push(parseLine(file, line, bytes.subarray(start, end), events.length));
    start = end + 1;
  }
  const first = events[0];
  if (first !== undefined && first.type !== "session")
    throw new JournalError(file, 1, `the first line is "${first.type}", not the session header`);
  const warnings = torn === 0 ? [] : [`${file}: the last ${torn} bytes are a line that was never finished; they are left out`];
  return { events, warnings, goodBytes };
}

function parseLine(file: string, line: number, bytes: Uint8Array, seq: number): Event {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new JournalError(
      file,
      line,
      `is not a JSON line (${error instanceof Error ? error.message : String(error)}); restore the file from a copy`,
    );
  }
  const envelope = eventEnvelope.safeParse(json);
  const body = eventBody.safeParse(json);
  if (!envelope.success || !body.success) {
    const issue = (envelope.success ? body : envelope).error?.issues[0];
    const what =
      issue === undefined ? "" : ` (${[issue.path.join("."), issue.message].filter((part) => part !== "").join(": ")})`;
    throw new JournalError(file, line, `is no ${EVENT_SCHEMA} event${what}; a newer crq-agent may have written it`);
  }
  if (envelope.data.seq !== seq) {
    throw new JournalError(file, line, `has seq ${envelope.data.seq} where ${seq} follows; lines are missing or doubled`);
  }
  return { ...envelope.data, ...body.data };
}

/** @throws JournalError also when the file cannot be read or is empty */
export function readJournal(file: string): ReadJournal {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new JournalError(file, 0, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const read = parseJournal(file, bytes);
  if (read.events.length === 0) throw new JournalError(file, 0, "holds no whole line: the session died before it began");
  return read;
}
