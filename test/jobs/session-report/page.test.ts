import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Event, EventBody } from "../../../src/agent/events.ts";
import { sessionPage } from "../../../src/jobs/session-report/page.ts";
import { readSession } from "../../../src/jobs/session-report/read.ts";
import { longSession } from "./long-session.ts";
import { made, recorded } from "./recorded.ts";

const sectionsOf = (page: string): readonly string[] => [...page.matchAll(/<section id="([a-z]+)"/gu)].map(([, id]) => id ?? "");

/** What a reader sees, tags and style left out. */
const textOf = (page: string): string =>
  page
    .replace(/<style>[\s\S]*?<\/style>/u, "")
    .replace(/<[^>]*>/gu, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/gu, " ");

/** Every tag closed in its order, no attribute that runs something, nothing that is asked for. */
function expectInert(page: string): void {
  const markup = page.replace(/<style>[\s\S]*?<\/style>/u, "");
  expect(markup).not.toMatch(
    /<(?:script|link|img|iframe|object|embed|base|form|input|style)\b|<[a-z0-9]+[^>]*\s(?:on[a-z]+|style|src|srcset|action)=/iu,
  );
  expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
  expect(
    [...markup.matchAll(/\shref="([^"]*)"/gu)].map(([, to = ""]) => to).filter((to) => !/^(?:#|https?:\/\/)/iu.test(to)),
  ).toEqual([]);
  const open: string[] = [];
  for (const [, end, name = ""] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gu)) {
    if (["meta", "hr", "br"].includes(name)) continue;
    if (end === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
}

describe("the page of a session", () => {
  it("shows a session that is done: proof, proposals, what was mended by rule, and every turn", () => {
    const page = sessionPage(recorded("done"));
    expectInert(page);
    expect(sectionsOf(page)).toEqual([
      "ending",
      "acceptance",
      "proposals",
      "diagnoses",
      "mechanics",
      "tokens",
      "cost",
      "request",
      "timeline",
    ]);
    const text = textOf(page);
    for (const shown of [
      "apply: CRQ-001: Nixification of tally",
      "It ended: done. 7 of 7 criteria pass.",
      "git diff HEAD...feature/CRQ-001-nixify-tally",
      "All 7 criteria hold.",
      'exit code 0, stdout "tally 0.3.1"',
      "Exit code 0",
      "nar sha256",
      "Log logs/AC-1.1.txt",
      "2 proposed, 1 accepted.",
      "Proposal 1 (turn 2) ✗ refused at eval",
      "Next: Look the name up in the locked nixpkgs (nix_attr nixfmt) before writing it again.",
      "Proposal 2 (turn 3) ✓ accepted",
      "write-lock 3 flake.lock is written: naersk added, naersk/nixpkgs added, nixpkgs added",
      "No token was used: no language model was asked.",
      "Nothing was paid.",
      "✓ built packages.x86_64-linux.tally",
    ])
      expect(text).toContain(shown);
    expect([...page.matchAll(/id="turn-(\d+)"/gu)].map(([, turn]) => turn)).toEqual(["1", "2", "3", "4", "5", "6"]);
    // The document is HTML, with the headings below the page's own.
    expect(page).toMatch(/<h4>[^<]*Acceptance Criteria<\/h4>/u);
  });

  it("says of a session that failed why it ended and what to try next", () => {
    const page = sessionPage(recorded("failed"));
    expectInert(page);
    const ending = textOf(page.slice(page.indexOf('<section id="ending"'), page.indexOf('<section id="acceptance"')));
    expect(ending.trim()).toMatch(
      /^Why it ended, and what to try next It ended: limit:turns: 2 of 2 turns were used; raise limits\.turns and resume\. Exit code 10\. Go on with more turns\. crq-agent sessions resume \S+ --max-turns N The last diagnoses and refused proposals below say what it was at\.$/u,
    );
    expect(textOf(page)).toContain("? skipped");
  });

  it("calls an unknown price unknown, from the turn on at which it was not known", () => {
    const page = sessionPage(made(longSession(20)));
    expectInert(page);
    const cost = textOf(page.slice(page.indexOf('<section id="cost"'), page.indexOf('<section id="request"')));
    expect(cost).toContain("unknown from turn 18 on, so the cost is unknown too.");
    expect(cost).toMatch(/17 \$0\.0340 18 unknown 19 unknown 20 unknown/u);
    expect(textOf(page)).toMatch(/Cost unknown/u);
    expect(page.match(/<svg /gu)).toHaveLength(2);
  });

  it("stays light over thousands of turns: whole at both ends, a line a turn between, and a pointer to what is left out", () => {
    const page = sessionPage(made(longSession(2_000)));
    expectInert(page);
    expect([...page.matchAll(/id="turn-\d+"/gu)]).toHaveLength(2_000);
    expect([...page.matchAll(/class="card turn"/gu)]).toHaveLength(400);
    expect([...page.matchAll(/<details class="group">/gu)]).toHaveLength(40);
    expect(page.length).toBeLessThan(1_500_000);
  });

  it("cuts a long text around its error and says where the rest is", () => {
    const log = `${"quiet\n".repeat(5_000)}error: the cause\n${"quiet\n".repeat(5_000)}`;
    const page = sessionPage({ ...recorded("done"), readLog: () => log });
    const text = textOf(page);
    expect(text).toContain("error: the cause");
    expect(text).toContain(`${log.trimEnd().length} characters in all; whole in logs/AC-1.0.txt.`);
    expect(page.length).toBeLessThan(300_000);
  });

  it("reads a log of line breaks once", () => {
    const page = sessionPage({ ...recorded("done"), readLog: () => `${"\n".repeat(500_000)}error: the cause` });
    expect(textOf(page)).toContain("error: the cause");
  });

  it("waits for no pipe that lies where a log should", () => {
    const folder = mkdtempSync(join(tmpdir(), "crq-agent-page-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(join(import.meta.dirname, "recorded", "done"), folder, { recursive: true });
    mkdirSync(join(folder, "report", "logs"), { recursive: true });
    const [log] =
      readSession(folder, String).report?.criteria.flatMap(({ checks }) => checks.map((check) => check.log.path)) ?? [];
    const pipe = join(folder, "report", log ?? "");
    rmSync(pipe, { force: true });
    execFileSync("mkfifo", [pipe]);
    expect(textOf(sessionPage(readSession(folder, String)))).toContain("The log is not beside the report.");
  });

  it("takes keys out of all that it shows", () => {
    const folder = join(import.meta.dirname, "recorded", "done");
    const page = sessionPage(readSession(folder, (text) => text.replaceAll("tally", "[key removed]")));
    expect(page).toContain("[key removed] 0.3.1");
    expect(page).not.toContain("tally");
  });

  it("shows whatever a repository, a log or a model wrote as text", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.join("");
        const page = sessionPage({ ...made(said(text)), readLog: () => text, notes: [text] });
        expectInert(page);
        expect(page).not.toMatch(/NaN|Infinity/u);
      }),
      { numRuns: 150 },
    );
  });
});

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "</pre></details></body>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>body{display:none}</style>",
    "\u001b[2J\u001b]0;owned\u0007",
    "\u202e\u0000\ud800",
    "[click](javascript:alert(1))",
    '[click](https://example.org/" onclick="x)',
    "![x](http://example.org/x.png)",
    "<b onclick=x>b</b>\n\n<div>\n",
    "| a | b |\n|---|---|\n| <i> | `</td>` |\n",
    "```html\n</pre><script>\n```\n",
    "&lt;script&gt;",
    "[a]: javascript:x\n\n[a]\n",
    "- [x] done\n  1. one\n\n> quote\n\n# Heading\n",
  ),
);

/** A session in which everything that somebody else writes is the given text. */
function said(text: string): readonly Event[] {
  const call = {
    id: text,
    tool: "propose_edit",
    arguments: JSON.stringify({ edits: [{ path: text || "x", create: text }], why: text }),
  };
  const diagnosis = { kind: text, message: text, fingerprint: text, excerpt: `${text}!`, next: text };
  const bodies: EventBody[] = [
    {
      type: "session",
      schema: "crq-event/1",
      id: "20260101T000000Z-aaaaaa",
      agent: "crq-agent@0.1.0",
      verb: text,
      model: text,
      request: { source: text },
    },
    { type: "phase", phase: "loop", detail: text },
    {
      type: "reply",
      turn: 1,
      hash: "h",
      ms: 1,
      message: {
        role: "assistant",
        text,
        calls: [call],
        usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
        stop: "tools",
        model: text,
      },
    },
    { type: "call", turn: 1, call },
    { type: "mechanic", name: text, detail: text, paths: [text] },
    { type: "build", installable: text, ok: false, seconds: 1 },
    {
      type: "result",
      turn: 1,
      callId: text,
      tool: "propose_edit",
      text,
      isError: true,
      ms: 1,
      details: {
        accepted: false,
        stage: text,
        pending: true,
        problems: [text],
        diagnoses: [diagnosis],
        changed: [text],
        texts: { [`${text}.lock`]: text },
      },
    },
    { type: "call", turn: 1, call: { id: "2", tool: text, arguments: text } },
    { type: "warning", text },
    { type: "outcome", outcome: { kind: "gave-up", reason: "no-known-fix", detail: text } },
  ];
  return bodies.map((body, seq): Event => ({ seq, at: seq * 1_000, ...body }));
}
