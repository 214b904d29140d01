import { expect, it } from "vitest";
import { withoutMeasured } from "../../../src/agent/conversation/measured.ts";
import { requestHash } from "../../../src/agent/conversation/request-hash.ts";

it.each([
  [
    "    Finished `release` profile [optimized] target(s) in 1m 02s",
    "    Finished `release` profile [optimized] target(s) in <duration>",
  ],
  ["test result: ok. 3 passed; 0 failed; finished in 0.42s", "test result: ok. 3 passed; 0 failed; finished in <duration>"],
  ["buildPhase completed in 1 minutes 2 seconds", "buildPhase completed in <duration>"],
  ["thread 'main' (4711) panicked at src/main.rs:3:5:", "thread 'main' (<process>) panicked at src/main.rs:3:5:"],
  ["run.sh: line 3:  4711 Aborted", "run.sh: line 3:  <process> Aborted"],
  ["real\t0m1.204s", "real\t<duration>"],
  ["2026-11-28T04:05:06.789Z and 04:05:06", "<time> and <time>"],
])("replaces what another run measures otherwise: %s", (text, expected) => {
  expect(withoutMeasured(text)).toBe(expected);
  expect(withoutMeasured(expected)).toBe(expected);
});

it.each([
  "error[E0425]: cannot find value `x` in 3 crates --> src/main.rs:12:5",
  "tally 0.4.2: 12 lines in 3 files",
  "hash mismatch: specified sha256-AAAA, got sha256-BBBB; 404 after 3 tries",
  "date = 2026-11-28",
])("leaves what a text is about: %s", (text) => {
  expect(withoutMeasured(text)).toBe(text);
});

it("takes two requests for one that differ in what was measured, and in nothing else", async () => {
  const hash = (text: string) =>
    requestHash({
      system: "",
      tools: [],
      messages: [{ role: "tool", callId: "1", tool: "nix_build", text, isError: true }],
      maxOutputTokens: 1,
      signal: new AbortController().signal,
    });
  const log = (seconds: string, panics: number) => `test a ... FAILED (${panics})\nfinished in ${seconds}s`;
  expect(await hash(log("0.42", 1))).toBe(await hash(log("1.70", 1)));
  expect(await hash(log("0.42", 1))).not.toBe(await hash(log("0.42", 2)));
});
