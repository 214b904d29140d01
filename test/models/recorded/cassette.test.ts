import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CassetteError, RecordingModel, ReplayingModel } from "../../../src/models/recorded/cassette.ts";
import { Journal } from "../../../src/session/journal.ts";
import { parseJournal } from "../../../src/session/read-journal.ts";
import { call, input, type Played, PRICED, play, playing, toolbox } from "../../agent/play.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cassette-"));
  file = join(folder, "deep", "c.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = [
  {
    text: "I look.",
    calls: [call("a", "look", { at: "x" }), call("b", "look", "{oops")],
    raw: [{ type: "reasoning", encrypted_content: "e" }],
  },
  { calls: [call("c", "finish", { detail: "d" })] },
];

async function record(): Promise<Played> {
  return play(input({ model: await RecordingModel.create(playing(script), file, () => 7) }));
}

const replay = async (part: object = {}): Promise<Played> =>
  play(input({ model: await ReplayingModel.load("test:play", file), ...part }));

describe("a cassette", () => {
  it("plays the same run again, reply for reply, without the model", async () => {
    const recorded = await record();
    const replayed = await replay();
    expect(replayed.end).toEqual(recorded.end);
    expect(replayed.events.filter(({ type }) => type !== "ask")).toEqual(recorded.events.filter(({ type }) => type !== "ask"));
  });

  it("is a journal of its own: asks before replies, hashes that agree", async () => {
    const recorded = await record();
    const { events } = parseJournal(file, readFileSync(file));
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [0, "session"],
      [1, "ask"],
      [2, "reply"],
      [3, "ask"],
      [4, "reply"],
    ]);
    const hashes = (from: readonly { type: string }[]): unknown[] =>
      from.flatMap((event) => ("hash" in event ? [event.hash] : []));
    expect(hashes(events)).toEqual(hashes(recorded.events));
  });

  it("may be any session's journal", async () => {
    const journal = Journal.create(join(folder, "session"), {
      id: "s",
      agent: "0",
      verb: "apply",
      model: "test:play",
      request: {},
    });
    const recorded = await play(input({ model: playing(script) }), (event) => journal.append(event));
    journal.close();
    file = journal.file;
    expect((await replay()).end).toEqual(recorded.end);
  });

  it("goes on after a resume, behind what a crash left of a line", async () => {
    await record();
    appendFileSync(file, '{"seq":5,"at":7,"type":"as');
    await record();
    expect(parseJournal(file, readFileSync(file)).events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("a miss", () => {
  it("ends the run and says what differs, never with a guess", async () => {
    await record();
    const { end } = await replay({ opening: "Mend that." });
    expect(end.outcome).toMatchObject({
      kind: "provider",
      detail: expect.stringMatching(
        /c\.jsonl: no reply is recorded for the request of turn 1 \(sha256:[0-9a-f]{12}\); the recording's request of that turn is sha256:[0-9a-f]{12}\. A prompt, a tool, a tool's output or an earlier reply differs: record it again with --cassette record:/u,
      ),
    });
  });

  it("tells when a tool's output is what differs", async () => {
    await record();
    const tools = toolbox().map((tool) =>
      tool.name === "look" ? { ...tool, run: async () => ({ text: "saw something else" }) } : tool,
    );
    expect((await replay({ tools })).end.outcome).toMatchObject({
      detail: expect.stringContaining("no reply is recorded for the request of turn 2"),
    });
  });

  it("tells when the same request comes more often than it was recorded", async () => {
    await record();
    const model = await ReplayingModel.load("test:play", file);
    await play(input({ model }));
    expect((await play(input({ model }))).end.outcome).toMatchObject({
      detail: expect.stringContaining("was recorded, but fewer times than it is asked now"),
    });
  });
});

describe("what it costs", () => {
  it("is what it cost then, and a cap of money never stops a replay before it sends nothing", async () => {
    await record();
    const { end } = await replay({ limits: { usd: 1 } });
    expect(end.tally.usage).toEqual({ ...PRICED, input: 20, output: 10, usd: 0.02 });
  });

  it("is unknown where it was unknown then: no cap in dollars is set for it", async () => {
    await record();
    const unpriced = readFileSync(file, "utf8").replaceAll(/,"usd":[\d.]+/gu, "");
    expect(unpriced).not.toContain('"usd"');
    writeFileSync(file, unpriced);
    expect((await ReplayingModel.load("test:play", file)).worstCase()).not.toHaveProperty("usd");
    expect((await replay()).end.tally.turns).toBe(2);
  });

  it("is not made up for a recorded model of unknown price", async () => {
    const { worstCase: _, ...unpriced } = playing(script);
    const { end } = await play(input({ model: await RecordingModel.create(unpriced, file), limits: { usd: 1 } }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "usd" });
  });
});

describe("a recording whose model was never asked", () => {
  it("is played again, and knows no request", async () => {
    await RecordingModel.create(playing([]), file);
    const { end } = await play(input({ model: await ReplayingModel.load("m", file) }));
    expect(end.outcome).toMatchObject({ detail: expect.stringContaining("no reply is recorded for the request of turn 1") });
  });
});

describe("a file that is no cassette", () => {
  it("is refused with its line", async () => {
    writeFileSync(join(folder, "bad"), '{"seq":0}\n');
    await expect(ReplayingModel.load("m", join(folder, "bad"))).rejects.toThrow(
      `${join(folder, "bad")}:1: is no crq-event/1 event`,
    );
    await expect(RecordingModel.create(playing([]), join(folder, "bad"))).rejects.toThrow(CassetteError);
    await expect(ReplayingModel.load("m", join(folder, "none"))).rejects.toThrow(
      "there is no such cassette; record it with --cassette record:",
    );
    writeFileSync(join(folder, "empty"), "");
    await expect(ReplayingModel.load("m", join(folder, "empty"))).rejects.toThrow("holds no reply");
  });
});
