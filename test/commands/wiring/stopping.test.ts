import { expect, it } from "vitest";
import { stoppingText } from "../../../src/commands/wiring/stopping.ts";

/** What is said at Ctrl-C must be true of the verb: only a change is resumed. */
it.each([
  ["apply 1 --repo .", /the session is closed and can be resumed\. Ctrl-C again quits at once\.$/u],
  ["sessions resume", /can be resumed/u],
  ["apply --task x", /a change can be resumed, a draft begins anew/u],
  ["apply --task-file=wish.txt", /a change can be resumed, a draft begins anew/u],
  ["draft x", /^Stopping: the running step ends; the same command begins anew\. Ctrl-C again quits at once\.$/u],
  ["repair", /the same command begins anew/u],
  ["vendor", /the same command begins anew/u],
  ["approve 1", /^Stopping: nothing is approved\.$/u],
  ["evals run --id x", /the same --id goes on/u],
  ["evals report", /the same command begins anew/u],
  ["mcp --repo .", /open_change goes on with it/u],
])("%s", (words, said) => {
  expect(stoppingText(words.split(" "))).toMatch(said);
});

it("says nothing where a pager has the terminal", () => {
  expect(stoppingText(["help", "criteria"])).toBeUndefined();
});
