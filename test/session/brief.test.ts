import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EventBody } from "../../src/agent/events.ts";
import { readBriefs } from "../../src/session/brief.ts";
import { fold } from "../../src/session/fold.ts";
import { JOURNAL_FILE, Journal } from "../../src/session/journal.ts";
import { readJournal } from "../../src/session/read-journal.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "crq-brief-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function journal(id: string, source: string, events: readonly EventBody[]): string {
  const written = Journal.create(
    join(root, id),
    { id, agent: "a@1", verb: "apply", model: "rules", request: { source } },
    () => 7,
  );
  for (const event of events) written.append(event);
  written.close();
  return join(root, id, JOURNAL_FILE);
}

/** Lines longer than the piece that is read at once, too. */
const text = fc.oneof(
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.nat(200_000).map((length) => "ü\n".repeat(length / 2)),
);
const event: fc.Arbitrary<EventBody> = fc.oneof(
  text.map((detail): EventBody => ({ type: "progress", text: detail })),
  fc.constant<EventBody>({ type: "phase", phase: "resume" }),
  text.map((detail): EventBody => ({ type: "outcome", outcome: { kind: "unmet", detail } })),
);

test("the two ends of a journal say what the whole of it says", () => {
  let runs = 0;
  fc.assert(
    fc.property(text, fc.array(event, { maxLength: 6 }), fc.boolean(), (source, events, torn) => {
      const file = journal(String(runs++), source, events);
      if (torn) appendFileSync(file, '{"seq":');
      const whole = fold(readJournal(file).events);
      const brief = readBriefs(root).sessions.find(({ folder }) => file.startsWith(`${folder}/`));
      rmSync(join(file, ".."), { recursive: true });
      const last = events.at(-1);
      expect(brief?.header).toEqual(whole.header);
      expect(brief?.end).toEqual(
        last?.type === "outcome" ? { kind: "ended", outcome: whole.outcome, detail: {}, at: 7 } : { kind: "open" },
      );
    }),
    { numRuns: 40 },
  );
});

test("a journal that somebody writes is running; damaged ones are named, and the others read", () => {
  const open = Journal.create(join(root, "b"), { id: "b", agent: "a@1", verb: "apply", model: "rules", request: {} });
  journal("a", "", []);
  truncateSync(journal("c", "", []), 10);
  writeFileSync(journal("d", "", []), '{"type":"phase","phase":"x","seq":0,"at":1}\n');
  mkdirSync(join(root, "no-session"));
  const { sessions, damaged } = readBriefs(root);
  open.close();
  expect(sessions.map(({ id, end }) => [id, end.kind])).toEqual([
    ["b", "running"],
    ["a", "open"],
  ]);
  expect(damaged).toEqual([
    { file: join(root, "c", JOURNAL_FILE), problem: "it holds no whole line" },
    { file: join(root, "d", JOURNAL_FILE), problem: 'line 1 is "phase", not the session header' },
  ]);
  expect(readBriefs(join(root, "nowhere"))).toEqual({ sessions: [], damaged: [] });
});
