import { expect, test } from "vitest";
import { type TaskFile, taskSchema } from "../../../src/evals/task/task-file.ts";
import { verbOf } from "../../../src/evals/trial/verb.ts";

const task = (more: Readonly<Record<string, unknown>>): TaskFile =>
  taskSchema.parse({
    schema: 1,
    id: "words-x",
    kind: "apply",
    cluster: "words",
    tier: 1,
    split: "dev",
    canary: "crq-evals 0d6c0f0e-7a51-4c1e-9b7e-52f1c6a0d3b4",
    "first-seen": "2026-11-20",
    scope: { allowed: ["flake.nix"] },
    ...more,
  });

const PLACES = { statement: "/t/s.md", patch: "/t/p", crq: undefined, list: undefined, world: "/w", model: "descriptor:3" };
const COMMON =
  "--json --model descriptor:3 --world /w --max-turns 60 --max-tokens 120000 --max-builds 25 --max-wall 86400 --max-usd 2";
const CHANGING = "--yes --patch /t/p";

test.each([
  [{ kind: "draft", scope: {} }, { list: "crqs/list.txt" }, `draft --task-file /t/s.md --list crqs/list.txt ${COMMON}`],
  [{ kind: "apply" }, { crq: "crqs/CRQ-001.md" }, `apply crqs/CRQ-001.md ${CHANGING} ${COMMON}`],
  [{ kind: "end-to-end" }, {}, `apply --task-file /t/s.md ${CHANGING} ${COMMON}`],
  [{ kind: "repair", fault: "source-filter" }, {}, `repair --without-rules --task-file /t/s.md ${CHANGING} ${COMMON}`],
  [{ kind: "repair", fault: "source-filter" }, { crq: "crqs/CRQ-001.md" }, `apply crqs/CRQ-001.md ${CHANGING} ${COMMON}`],
  [
    { kind: "refuse", expect: { verb: "repair", outcomes: ["gave-up"] } },
    {},
    `repair --without-rules --task-file /t/s.md ${CHANGING} ${COMMON}`,
  ],
])("%j", (more, places, words) => {
  expect(verbOf(task(more), { ...PLACES, ...places }, { priceKnown: true, unsafeLocal: false }).join(" ")).toBe(words);
});

test("no cap in dollars where no price is known; built programs run unconfined only where that was asked for", () => {
  const words = verbOf(task({}), { ...PLACES, world: undefined }, { priceKnown: false, unsafeLocal: true });
  expect({
    usd: words.includes("--max-usd"),
    world: words.includes("--world"),
    unsafe: words.includes("--unsafe-local"),
  }).toEqual({
    usd: false,
    world: false,
    unsafe: true,
  });
});
