import { expect, it } from "vitest";
import { newState } from "../../../src/agent/conversation/state.ts";
import { isResumable, type Outcome } from "../../../src/agent/outcome.ts";
import { heldBack } from "../../../src/jobs/work/endings.ts";

const early: Outcome = { kind: "incomplete", detail: "AC-1 cannot be judged here: there is no Nix" };

it("keeps work that was begun where the criteria can no longer be judged, and no other", () => {
  const begun = { conversations: [{ name: "apply", state: newState() }] };
  const held = heldBack(early, begun);
  expect(held).toEqual({
    kind: "infra",
    detail:
      "the criteria no longer stand at the starting point as they did when the work began (incomplete: AC-1 cannot be judged here: there is no Nix); the work is kept: put this machine right and resume",
  });
  expect([isResumable(early), isResumable(held)]).toEqual([false, true]);
  expect(heldBack(early, { conversations: [] })).toBe(early);
  expect(heldBack({ kind: "interrupted" }, begun)).toEqual({ kind: "interrupted" });
});
