import { describe, expect, it } from "vitest";
import {
  hearAcceptance,
  hearReply,
  hearResult,
  newStreaks,
  ownStreaks,
  repeats,
  type Streaks,
  signals,
  stagnation,
} from "../../../src/agent/conversation/streaks.ts";

const NO_STREAKS = newStreaks();
/** What is heard, as a value of its own. */
function after<Heard extends readonly unknown[]>(hear: (streaks: ReturnType<typeof newStreaks>, ...heard: Heard) => void) {
  return (before: Streaks, ...heard: Heard): Streaks => {
    const streaks = ownStreaks(before);
    hear(streaks, ...heard);
    return streaks;
  };
}
const [afterReply, afterResult, afterAcceptance] = [after(hearReply), after(hearResult), after(hearAcceptance)];

type Step = readonly [tool: string, args: string, failed: boolean, details?: unknown];
const run = (steps: readonly Step[]): Streaks =>
  steps.reduce<Streaks>(
    (streaks, [tool, args, isError, details]) =>
      afterResult(afterReply(streaks, true), { tool, arguments: args }, { text: `${tool} ${args}`, isError, details }),
    NO_STREAKS,
  );

const build = (fingerprint: string, progress?: number): Step => [
  "build",
  "{}",
  true,
  { diagnoses: [{ fingerprint }], ...(progress !== undefined && { progress }) },
];

describe("signals", () => {
  it("finds fingerprints wherever they are, sorted, and progress at the top", () => {
    expect(
      signals({
        progress: 3,
        criteria: [{ diagnoses: [{ fingerprint: "b" }, { fingerprint: "a" }] }, { diagnoses: [{ fingerprint: "b" }] }],
      }),
    ).toEqual({
      fingerprint: "a\nb",
      progress: 3,
    });
  });

  it.each([undefined, null, 3, "fingerprint", [], { progress: "3" }])("finds none in %j", (details) => {
    expect(signals(details)).toEqual({ fingerprint: undefined, progress: undefined });
  });

  it("survives a value that holds itself", () => {
    const loop: Record<string, unknown> = { fingerprint: "a" };
    loop.self = loop;
    expect(signals(loop).fingerprint).toBe("a");
  });
});

describe("repeats", () => {
  it.each<[string, readonly Step[], number]>([
    [
      "identical failures in a row",
      [
        ["read", "a", true],
        ["read", "a", true],
        ["read", "a", true],
      ],
      3,
    ],
    [
      "different arguments",
      [
        ["read", "a", true],
        ["read", "b", true],
        ["read", "c", true],
      ],
      1,
    ],
    ["the same call with another failure", [build("x"), build("y"), build("z")], 1],
    [
      "a loop with a read between that brings no news",
      [["read", "a", false], build("x"), ["read", "a", false], build("x"), ["read", "a", false], build("x")],
      3,
    ],
    ["a new success between", [build("x"), ["edit", "1", false], build("x"), ["edit", "2", false], build("x")], 1],
  ])("%s", (_, steps, expected) => {
    expect(repeats(run(steps))).toBe(expected);
  });

  it("counts replies without a call until one calls", () => {
    const silent = afterReply(afterReply(NO_STREAKS, false), false);
    expect(repeats(silent)).toBe(2);
    expect(repeats(afterReply(silent, true))).toBe(0);
  });
});

describe("stagnation", () => {
  it.each<[string, readonly Step[], number]>([
    [
      "the same diagnosis, whatever is edited between",
      [build("x"), ["edit", "1", false], build("x"), ["edit", "2", false], build("x")],
      3,
    ],
    ["two diagnoses in turn", [build("x"), build("y"), build("x"), build("y")], 2],
    ["a new best starts afresh", [build("x"), build("x"), ["check", "", false, { progress: 1 }], build("x")], 1],
    [
      "a best that was reached before does not",
      [["check", "", false, { progress: 1 }], build("x"), ["check", "", false, { progress: 1 }], build("x")],
      2,
    ],
  ])("%s", (_, steps, expected) => {
    expect(stagnation(run(steps))).toBe(expected);
  });

  it("hears the acceptance as well", () => {
    const report = { progress: 1, criteria: [{ fingerprint: "x" }] };
    expect(stagnation(afterAcceptance(afterReply(afterAcceptance(NO_STREAKS, report), false), report))).toBe(2);
  });

  it("counts several calls of one reply once, and tools that only look not at all", () => {
    const failure = { text: "", isError: true, details: { fingerprint: "x" } };
    const call = (n: number) => ({ tool: "ask", arguments: `${n}` });
    const once = [1, 2, 3].reduce<Streaks>((streaks, n) => afterResult(streaks, call(n), failure), NO_STREAKS);
    expect(stagnation(once)).toBe(1);
    const looked = [1, 2, 3].reduce<Streaks>(
      (streaks, n) => afterResult(afterReply(streaks, true), call(n), failure, false),
      NO_STREAKS,
    );
    expect(stagnation(looked)).toBe(0);
  });
});
