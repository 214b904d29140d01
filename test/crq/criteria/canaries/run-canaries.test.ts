import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHECK_KINDS } from "../../../../src/crq/checks.ts";
import { runCanaries, tryCanary } from "../../../../src/crq/criteria/canaries/run-canaries.ts";
import { KINDS } from "../../../../src/crq/criteria/kinds/registry.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

test("every kind rejects its bad example for the reason it was made for", async () => {
  const seen: unknown[] = [];
  for (const kind of CHECK_KINDS) {
    const { canary } = KINDS[kind];
    if (!canary) continue;
    const { verdict, code, tier } = await tryCanary(canary, { ...place, version: "test" });
    seen.push([kind, verdict, code, tier]);
  }
  expect(seen).toEqual([
    ["nix-parse", "fail", "evaluation", "parse"],
    ["nix-eval", "fail", "mismatch", "eval"],
    ["flake-outputs", "fail", "missing", "eval"],
    ["flake-inputs", "fail", "policy", "eval"],
    ["lock", "fail", "mismatch", "eval"],
    ["flake-check", "vacuous", "stub", "build"],
    ["nix-build", "vacuous", "empty", "build"],
    ["dev-shell", "fail", "exit", "run"],
    ["run", "fail", "mismatch", "run"],
    ["file", "fail", "mismatch", "text"],
    ["doc", "vacuous", "nothing-checked", "text"],
    ["git-scope", "fail", "missing", "text"],
    ["steps", "vacuous", "stub", "eval"],
    ["command", "vacuous", "stub", "text"],
  ]);
});

test("only a kind that judges a person's word has no bad example, and every kind says when it proves nothing", () => {
  expect(CHECK_KINDS.filter((kind) => KINDS[kind].canary === undefined)).toEqual(["manual"]);
  expect(CHECK_KINDS.filter((kind) => KINDS[kind].guard.length < 10 || KINDS[kind].kind !== kind)).toEqual([]);
});

describe("the cache", () => {
  const kinds = ["file", "nix-eval", "manual"] as const;
  const options = () => ({ ...place, version: "1.0.0", kinds, cacheFile: join(place.folder, "cache", "canaries.json") });

  test("keeps results, so that a second time nothing runs", async () => {
    const first = await runCanaries(options());
    expect(first.map(({ kind, verdict, accepted }) => [kind, verdict, accepted])).toEqual([
      ["file", "fail", false],
      ["nix-eval", "fail", false],
    ]);
    const before = place.nix.processes;
    expect(await runCanaries(options())).toEqual(first);
    expect(place.nix.processes).toBe(before);
  });

  test("tells a kind that accepted its bad example, from the cache too", async () => {
    const { cacheFile } = options();
    const cache = JSON.parse(readFileSync(cacheFile, "utf8"));
    cache.results[0] = { ...cache.results[0], verdict: "pass", accepted: true };
    writeFileSync(cacheFile, JSON.stringify(cache));
    expect((await runCanaries(options())).map(({ kind, accepted }) => [kind, accepted])).toEqual([
      ["file", true],
      ["nix-eval", false],
    ]);
  });

  test("of another version, or damaged, is not used", async () => {
    expect((await runCanaries({ ...options(), version: "2.0.0" })).map(({ accepted }) => accepted)).toEqual([false, false]);
    writeFileSync(options().cacheFile, "{");
    expect((await runCanaries(options())).map(({ accepted }) => accepted)).toEqual([false, false]);
  });

  test("does not keep what could not be tried", async () => {
    const cacheFile = join(place.folder, "cache", "none.json");
    const environment = { ...place.environment, nixBin: undefined, missing: "Nix is missing" };
    const without = { ...options(), cacheFile, environment, nix: undefined };
    expect((await runCanaries(without)).map(({ kind, verdict, accepted }) => [kind, verdict, accepted])).toEqual([
      ["file", "fail", false],
      ["nix-eval", "unavailable", false],
    ]);
    expect(JSON.parse(readFileSync(cacheFile, "utf8")).results.map(({ kind }: { kind: string }) => kind)).toEqual(["file"]);
  });
});
