import { expect, it } from "vitest";
import { costFigure, spentByTurn, tokensFigure } from "../../../src/jobs/session-report/sections/usage.ts";
import type { Turn } from "../../../src/jobs/session-report/view.ts";

const TURNS = 130_000;

const turns = Array.from({ length: TURNS }, (_, at): Turn => {
  const usage = { input: 2, output: 1, cacheRead: 0, cacheWrite: 0, usd: 0.01 };
  return { number: at + 1, conversation: "apply", reply: undefined, usage, since: at, calls: [], notes: [] };
});

it("draws curves of more turns than a call takes arguments, up to what was used in the end", () => {
  const spent = spentByTurn(turns);
  const [tokens, cost] = [tokensFigure(spent), costFigure(spent)].map(({ plot }) => plot?.text);
  expect(tokens).toContain(`Tokens over ${TURNS} turns: input 260 k, cached 0, output 130 k.`);
  expect(cost).toContain(`Dollars over ${TURNS} turns: dollars $1300.00.`);
  // The largest sum lies at the upper edge and at the last turn.
  expect(tokens).toMatch(/points="78\.0,216\.0 [^"]* 664\.0,14\.0"/u);
});
