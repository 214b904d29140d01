import { expect } from "vitest";
import { commitAll, type Place } from "../place.ts";
import { noteFlake, propose, type ScriptedStep } from "../samples.ts";
import { addCrq, CRQ } from "./change.ts";

/** A note with a test that a change leaves out, and the model that asks for it. */

export const TESTS = "tests/net.rs";
export const RUNS = "#[test]\nfn fetches() {}\n";
export const IGNORED = "#[test]\n#[ignore]\nfn fetches() {}\n";
export const ASKS = "May the test fetches be skipped? It needs the network.";
export const KEY = `test ignored:${TESTS}`;

const skip = propose({ path: "flake.nix", create: noteFlake("welcome") }, { path: TESTS, create: IGNORED });
export const ASK = { tool: "ask_waiver", arguments: { question: ASKS } };
export const SKIPS: readonly ScriptedStep[] = [{ call: [skip] }, { call: [ASK] }];
/** A reply that would end the run without a hand-over, were it asked for. */
export const NOT_ASKED: readonly ScriptedStep[] = [
  { call: [{ tool: "give_up", arguments: { reason: "no-known-fix", detail: "asked" } }] },
];

export async function noteWithTest(at: Place): Promise<string> {
  const repo = await at.repository({
    "README.md": "# note\n\nSays hello.\n",
    "note.txt": "Take the umbrella.\n",
    "flake.nix": noteFlake("hello"),
    [TESTS]: RUNS,
  });
  await addCrq(repo, CRQ, {});
  expect((await at.json(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
  await commitAll(repo, "approved");
  return repo;
}
