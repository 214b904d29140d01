import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JOURNAL_FILE, Journal } from "../../src/session/journal.ts";
import { findSession, listSessions, newSessionId, repositoryKey, sessionFolder } from "../../src/session/store.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const session = (key: string, id: string, at = 7): Journal =>
  Journal.create(sessionFolder(root, key, id), { id, agent: "0", verb: "apply", model: "rules", request: {} }, () => at);

describe("names", () => {
  it("a session's sorts by time and ends in six characters", () => {
    expect(newSessionId(new Date("2026-03-04T05:06:07.890Z"), Uint8Array.of(0xab, 0x01, 0xff))).toBe("20260304T050607Z-ab01ff");
    expect(newSessionId()).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/u);
  });

  it("a repository's tells people which, and machines exactly", () => {
    expect(repositoryKey("/home/me/My Project!")).toMatch(/^my-project-[0-9a-f]{12}$/u);
    expect(repositoryKey("/home/you/My Project!")).not.toBe(repositoryKey("/home/me/My Project!"));
    expect(repositoryKey("/")).toMatch(/^root-[0-9a-f]{12}$/u);
    expect(repositoryKey("/srv/漢字")).toMatch(/^root-[0-9a-f]{12}$/u);
  });
});

describe("listSessions", () => {
  it("gives the newest first, with what became of each", () => {
    const running = session("a", "20260103T000000Z-cccccc");
    const ended = session("b", "20260102T000000Z-bbbbbb");
    ended.append({ type: "outcome", outcome: { kind: "done" } });
    ended.close();
    session("a", "20260101T000000Z-aaaaaa").close();
    const damaged = session("a", "20260104T000000Z-dddddd");
    damaged.close();
    appendFileSync(damaged.file, "not json\n");
    mkdirSync(join(root, "a", "empty"));
    writeFileSync(join(root, "a", "stray file"), "");
    const list = listSessions(root).map(({ id, key, state }) => [id.slice(-6), key, state]);
    expect(list).toEqual([
      ["empty", "a", { kind: "damaged", problem: expect.stringContaining("cannot be read") }],
      ["dddddd", "a", { kind: "damaged", problem: expect.stringContaining(`${JOURNAL_FILE}:2: is not a JSON line`) }],
      ["cccccc", "a", { kind: "running" }],
      ["bbbbbb", "b", { kind: "ended", outcome: { kind: "done" } }],
      ["aaaaaa", "a", { kind: "interrupted" }],
    ]);
    running.close();
    expect(listSessions(root, "b").map(({ verb, model, startedAt }) => [verb, model, startedAt])).toEqual([
      ["apply", "rules", 7],
    ]);
    expect(listSessions(join(root, "nowhere"))).toEqual([]);
  });
});

describe("two sessions of one second", () => {
  it("stand in the order in which they began, whatever their random part", () => {
    const [first, second] = ["20260101T000000Z-ffffff", "20260101T000000Z-000000"];
    session("a", first, 100).close();
    session("a", second, 900).close();
    expect(listSessions(root).map(({ id }) => id)).toEqual([second, first]);
    expect(findSession(root, "last")).toMatchObject({ kind: "found", session: { id: second } });
  });
});

describe("findSession", () => {
  const ids = ["20260101T000000Z-aaaaaa", "20260101T000001Z-abcdef", "20260102T000000Z-bbbbbb"];
  beforeEach(() => {
    for (const id of ids) session("a", id).close();
  });
  const found = (prefix: string): unknown => {
    const result = findSession(root, prefix);
    return result.kind === "found" ? result.session.id : result.problem;
  };

  it("finds by the beginning, by the random part, and the last", () => {
    expect(found("20260102")).toBe(ids[2]);
    expect(found("abcdef")).toBe(ids[1]);
    expect(found("last")).toBe(ids[2]);
  });

  it("names the candidates of an ambiguous one, and the newest when there is none", () => {
    expect(found("20260101")).toBe(`"20260101" names 2 sessions: ${ids[1]}, ${ids[0]}; give more of the id`);
    expect(found("x")).toBe(`no session "x": the newest are ${ids[2]}, ${ids[1]}, ${ids[0]}`);
    expect(findSession(root, "last", "b")).toEqual({
      kind: "none",
      problem: `no session "last": there are no sessions in ${root}`,
    });
  });
});
