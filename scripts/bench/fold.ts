import { fold as foldEvents } from "../../src/session/fold.ts";
import { longSession } from "../../test/jobs/session-report/long-session.ts";
import { type Bench, inTurn } from "./figure.ts";

const SHORT = 500;
const TIMES = 10;

const timed = (work: () => void): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

export const fold: Bench = {
  about: `the fold of one journal of ${SHORT * TIMES} turns, as list, show and resume read it, against that of ${TIMES} journals of ${SHORT}: 1 is linear, ${TIMES} is quadratic`,
  bound: { side: "at most", ratio: 2 },
  async run() {
    const [long, short] = [longSession(SHORT * TIMES), longSession(SHORT)];
    const figure = await inTurn(
      9,
      async () => timed(() => foldEvents(long)),
      async () =>
        timed(() => {
          for (let n = 0; n < TIMES; n++) foldEvents(short);
        }),
    );
    return { ...figure, unit: "ms" };
  },
};
