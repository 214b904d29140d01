import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventBody } from "../../src/agent/events.ts";
import { conversation, fold } from "../../src/session/fold.ts";
import { JOURNAL_FILE, Journal } from "../../src/session/journal.ts";
import { LOCK_FILE, LockError } from "../../src/session/lock.ts";
import { JournalError, parseJournal, readJournal } from "../../src/session/read-journal.ts";
import { callsAndResults } from "../agent/play.ts";

const HEADER = { id: "s", agent: "0.1.0", verb: "apply", model: "rules", request: { crq: "CRQ-001" } };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal ü-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, JOURNAL_FILE);
const lines = (): string[] => readFileSync(file(), "utf8").split("\n").slice(0, -1);

describe("Journal", () => {
  it("is one JSON line an event, numbered from 0, readable only by its owner", () => {
    let time = 100;
    const journal = Journal.create(folder, HEADER, () => time++);
    expect(journal.append({ type: "user", text: "two\nlines" })).toEqual({ seq: 1, at: 101, type: "user", text: "two\nlines" });
    journal.close();
    expect(lines()).toEqual([
      '{"seq":0,"at":100,"type":"session","schema":"crq-event/1","id":"s","agent":"0.1.0","verb":"apply","model":"rules","request":{"crq":"CRQ-001"}}',
      '{"seq":1,"at":101,"type":"user","text":"two\\nlines"}',
    ]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, LOCK_FILE))).toBe(false);
  });

  it("does not begin a second session in the same folder", () => {
    Journal.create(folder, HEADER).close();
    expect(() => Journal.create(folder, HEADER)).toThrow(
      new JournalError(file(), 0, "exists already; resume that session or take another id"),
    );
    expect(existsSync(join(folder, LOCK_FILE))).toBe(false);
  });

  it("refuses what is no event, and anything after its end", () => {
    const journal = Journal.create(folder, HEADER);
    const bad: unknown = { type: "ask", turn: "first", hash: "h" };
    expect(() => journal.append(bad as EventBody)).toThrow();
    journal.close();
    journal.close();
    expect(() => journal.append({ type: "user", text: "late" })).toThrow(JournalError);
    expect(lines().length).toBe(1);
  });

  it("goes on where it ended, says that it was resumed, and cuts a torn last line off", () => {
    const first = Journal.create(folder, HEADER, () => 1);
    first.append({ type: "user", text: "Mend this." });
    first.close();
    appendFileSync(file(), '{"seq":2,"at":2,"type":"ask","tu');
    const { journal, events } = Journal.reopen(folder, () => 3);
    journal.append({ type: "progress", text: "on" });
    journal.close();
    const warning = `${file()}: the last 32 bytes are a line that was never finished; they are left out`;
    expect(events.slice(2)).toEqual([
      { seq: 2, at: 3, type: "phase", phase: "resume" },
      { seq: 3, at: 3, type: "warning", text: warning },
    ]);
    expect(readJournal(file())).toMatchObject({ warnings: [], events: [...events, { seq: 4, type: "progress", text: "on" }] });
  });

  it("ends with a whole line when the disk refuses one", () => {
    // A limit on the size of files stands for a full disk; 16 blocks of 512 bytes or of 1024, as the shell has it.
    const script = `
      import { Journal } from ${JSON.stringify(new URL("../../src/session/journal.ts", import.meta.url).href)};
      const journal = Journal.create(process.argv[1], ${JSON.stringify(HEADER)});
      process.on("SIGXFSZ", () => {});
      try { for (;;) journal.append({ type: "user", text: "x".repeat(1000) }); } catch (error) { console.log(error.name, error.message); }
      journal.close();`;
    const child = spawnSync(
      "sh",
      ["-c", 'ulimit -f 16 && exec "$@"', "sh", process.execPath, "--input-type=module", "-e", script, folder],
      { encoding: "utf8" },
    );
    expect(child.stdout).toMatch(/^JournalError .*events\.jsonl: cannot be written \(.+\); make room and resume\n$/u);
    expect(readJournal(file()).warnings).toEqual([]);
    expect(readJournal(file()).events.length).toBeGreaterThan(5);
  });
});

describe("the lock", () => {
  it("keeps a second writer out while the first lives", () => {
    const journal = Journal.create(folder, HEADER);
    expect(() => Journal.reopen(folder)).toThrow(LockError);
    expect(() => Journal.reopen(folder)).toThrow(`this session is in use by process ${process.pid}`);
    journal.close();
    Journal.reopen(folder).journal.close();
  });

  it("is taken over from a process that is gone, and from one whose pid another process has now", () => {
    Journal.create(folder, HEADER).close();
    const gone = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" }).stdout.trim();
    const host = hostname();
    for (const owner of [
      { pid: Number(gone), host, start: null },
      { pid: process.pid, host, start: "another boot 1" },
    ]) {
      writeFileSync(join(folder, LOCK_FILE), JSON.stringify(owner));
      Journal.reopen(folder).journal.close();
    }
  });

  it("is respected when it is another host's or no lock of ours", () => {
    Journal.create(folder, HEADER).close();
    writeFileSync(join(folder, LOCK_FILE), JSON.stringify({ pid: 1, host: "elsewhere.example", start: null }));
    expect(() => Journal.reopen(folder)).toThrow("is held by process 1 on elsewhere.example; remove it if that process is gone");
    writeFileSync(join(folder, LOCK_FILE), "mine!");
    expect(() => Journal.reopen(folder)).toThrow("is no lock of crq-agent");
    expect(readFileSync(join(folder, LOCK_FILE), "utf8")).toBe("mine!");
  });
});

describe("the reader", () => {
  const good = [
    '{"seq":0,"at":1,"type":"session","schema":"crq-event/1","id":"s","agent":"0","verb":"v","model":"m","request":{}}',
    '{"seq":1,"at":1,"type":"user","text":"ü"}',
    '{"seq":2,"at":1,"type":"progress","text":"z"}',
  ];
  const parse = (text: string | Uint8Array): ReturnType<typeof parseJournal> =>
    parseJournal("j", typeof text === "string" ? Buffer.from(text) : text);

  it.each<[string, string, string]>([
    ["a line that is no JSON", [good[0], "{oops", good[2], ""].join("\n"), "j:2: is not a JSON line"],
    ["an unknown event", [good[0], '{"seq":1,"at":1,"type":"telepathy"}', ""].join("\n"), "j:2: is no crq-event/1 event"],
    ["a missing line", [good[0], good[2], ""].join("\n"), "j:2: has seq 2 where 1 follows; lines are missing or doubled"],
    ["a doubled line", [good[0], good[1], good[1], ""].join("\n"), "j:3: has seq 1 where 2 follows"],
    [
      "a wrong beginning",
      ['{"seq":0,"at":1,"type":"user","text":"x"}', ""].join("\n"),
      'j:1: the first line is "user", not the session header',
    ],
    ["an empty line", [good[0], "", good[1], ""].join("\n"), "j:2: is not a JSON line"],
  ])("refuses %s, naming file and line", (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("refuses bytes that are no UTF-8 in the middle", () => {
    expect(() => parse(Buffer.concat([Buffer.from(`${good[0]}\n`), Buffer.from([0xff, 0xfe, 0x0a])]))).toThrow(
      "j:2: is not a JSON line",
    );
  });

  it("says so when there is nothing, or no file", () => {
    writeFileSync(file(), '{"seq":0');
    expect(() => readJournal(file())).toThrow("holds no whole line: the session died before it began");
    expect(() => readJournal(join(folder, "no"))).toThrow("cannot be read");
  });

  it("reads any cut of a journal as the whole lines before it", () => {
    const whole = Buffer.from(`${good.join("\n")}\n`);
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (at) => {
        const { events, goodBytes, warnings } = parse(whole.subarray(0, at));
        const kept = whole.subarray(0, at).toString("latin1").split("\n").length - 1;
        expect(events.length).toBe(kept);
        expect(warnings.length).toBe(goodBytes === at ? 0 : 1);
      }),
    );
  });
});

describe("kill -9 at any point", () => {
  it("loses nothing, asks for no journaled reply again and gives every call one result", async () => {
    const worker = fileURLToPath(new URL("fixtures/worker.ts", import.meta.url));
    let kills = 0;
    for (let finished = false; !finished; ) {
      const child = spawn(process.execPath, [worker, folder], { stdio: ["ignore", "inherit", "pipe"] });
      let problems = "";
      child.stderr.on("data", (chunk) => {
        problems += chunk;
      });
      const exited = once(child, "exit");
      if (kills < 8) {
        // Each time somewhere into its work: once the journal grows, a few steps more.
        const before = existsSync(file()) ? statSync(file()).size : 0;
        while (child.exitCode === null && !(existsSync(file()) && statSync(file()).size > before)) await sleep(1);
        await sleep(5 + Math.random() * 40);
        child.kill("SIGKILL");
        kills += 1;
      }
      const [code] = await exited;
      if (code !== 0 && code !== null) throw new Error(problems);
      finished = code === 0;
    }
    const { events } = readJournal(file());
    const state = fold(events);
    expect(state.outcome).toEqual({ kind: "done" });
    expect(state.resumes).toBeGreaterThan(0);
    const { calls, results } = callsAndResults(conversation(state, "apply")?.messages ?? []);
    expect(results).toEqual(calls);
    expect(calls.length).toBe(51);
    const count = (type: EventBody["type"]): number => events.filter((event) => event.type === type).length;
    expect(count("reply")).toBe(26);
    expect(count("ask")).toBe(count("reply") + count("lost"));
    expect(conversation(state, "apply")?.tally.lost.requests).toBe(count("lost"));
    const asked = readFileSync(join(folder, "requests.log"), "utf8").split("\n").length - 1;
    expect(asked).toBeLessThanOrEqual(count("ask"));
    const effects = readFileSync(join(folder, "effects.log"), "utf8").split("\n").slice(0, -1);
    expect(new Set(effects).size).toBe(effects.length);
  });
});
