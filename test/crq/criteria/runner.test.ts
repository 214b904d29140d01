import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSTEM } from "../../../src/crq/criteria/canaries/minimal-flake.ts";
import { shDerivation, treeFlake } from "./flakes.ts";
import { observe } from "./observe.ts";
import { type RealPlace, realPlace } from "./real-environment.ts";
import { criterion } from "./samples.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const GREET = {
  "flake.nix": `{ outputs = { self }: { packages.x86_64-linux.greet = ${shDerivation("greet", "echo hi > $out")}; }; }\n`,
};
const BUILD = { kind: "nix-build", attr: `packages.${SYSTEM}.greet` };
const ALL_NIX = [
  BUILD,
  { kind: "nix-eval", attr: "x", equals: 1 },
  { kind: "flake-outputs", require: ["packages"] },
  { kind: "flake-inputs" },
  { kind: "lock" },
  { kind: "flake-check" },
  { kind: "dev-shell", run: { argv: ["cargo"], stdout: { contains: "cargo" } } },
];

describe("what needs no Nix", () => {
  test("a missing flake.nix is red for its content, without a single Nix process", async () => {
    const { lines, run } = await observe(place, { checks: ALL_NIX });
    expect(lines).toEqual(
      Array(ALL_NIX.length).fill("fail no-flake (text) 0/0: flake.nix does not exist among the tracked files"),
    );
    expect(run.nixProcesses).toBe(0);
  });

  test("an untracked flake.nix does not exist", async () => {
    const { lines, run } = await observe(place, { untracked: GREET, checks: [BUILD] });
    expect([lines, run.nixProcesses]).toEqual([
      ["fail no-flake (text) 0/0: flake.nix does not exist among the tracked files"],
      0,
    ]);
  });

  test("where there is no Nix, only its checks are unavailable, and the reason names the next move", async () => {
    const environment = {
      ...place.environment,
      nixBin: undefined,
      nixVersion: undefined,
      missing: "Nix is missing; next: install it",
    };
    const checks = [...ALL_NIX, { kind: "nix-parse", files: ["*.nix"] }, { kind: "file", path: "README.md", regex: "Greet" }];
    const { lines, run } = await observe(place, { change: GREET, checks, options: { environment } });
    expect(lines).toEqual([
      ...Array(ALL_NIX.length + 1).fill("unavailable no-nix (text) 0/0: Nix is missing; next: install it"),
      "pass met (text) 1/1: README.md holds what was asked for",
    ]);
    expect(run.nixProcesses).toBe(0);
  });
});

describe("selection", () => {
  test("what was not selected is skipped, but a build that is needed runs", async () => {
    const out = "$" + "{out:AC-1.0}";
    const criteria = [
      criterion("AC-1", [BUILD]),
      criterion("AC-2", [{ kind: "run", argv: [`${out}/nope`], stdout: { contains: "x" } }]),
      criterion("AC-3", [{ kind: "file", path: "README.md" }]),
    ];
    const { lines, run } = await observe(place, { change: GREET, criteria, options: { only: ["AC-2"] } });
    expect(lines.map((line) => line.replace(/\/nix\/store\/[0-9a-z]{32}-/, "STORE/"))).toEqual([
      "skipped not-selected (text) 0/0: AC-1 was not selected",
      "fail missing (run) 1/1: STORE/greet/nope is not to be had where programs are confined: only the Nix store is seen there",
      "skipped not-selected (text) 0/0: AC-3 was not selected",
    ]);
    expect(run.nixProcesses).toBeGreaterThan(0);
  });

  test("withdrawn criteria are gone, suggested checks are not executed", async () => {
    const criteria = [
      criterion("AC-1", [BUILD], { withdrawn: "2026-11-21: not wanted" }),
      criterion("AC-2", [{ ...BUILD, suggested: true }]),
      criterion("AC-3", []),
    ];
    const { run, lines } = await observe(place, { change: GREET, criteria });
    expect(run.criteria.map(({ criterion: { id }, checks }) => [id, checks.length])).toEqual([
      ["AC-2", 1],
      ["AC-3", 0],
    ]);
    expect(lines).toEqual([
      "skipped suggested (text) 0/0: an import suggested this check; remove `suggested` to have it executed",
    ]);
  });
});

describe("variables", () => {
  test("are filled in everywhere, and what cannot be is a finding of its own", async () => {
    const base = "$" + "{base}";
    const checks = [
      { kind: "file", path: "base.txt", equals: base },
      { kind: "file", path: "system.txt", equals: SYSTEM },
      { kind: "file", path: "literal.txt", equals: `$${SYSTEM}` },
      { kind: "file", path: "README.md", equals: "$" + "{nope}" },
      { kind: "file", path: "README.md", equals: "$" + "{out:AC-9.0}" },
    ];
    const { lines } = await observe(place, {
      change: { "system.txt": "x86_64-linux\n", "literal.txt": `${SYSTEM}\n` },
      prepare: async (directory) => {
        const { execFileSync } = await import("node:child_process");
        writeFileSync(join(directory, "base.txt"), execFileSync("git", ["rev-parse", "HEAD"], { cwd: directory }));
      },
      checks,
    });
    expect(lines).toEqual([
      "pass met (text) 1/1: base.txt holds what was asked for",
      "pass met (text) 1/1: system.txt holds what was asked for",
      "pass met (text) 1/1: literal.txt holds what was asked for",
      `fail variable (text) 0/0: ${"$"}{nope} cannot be filled in: it has no value`,
      `skipped prerequisite (text) 0/0: ${"$"}{out:AC-9.0} cannot be filled in: its build has not passed`,
    ]);
  });
});

describe("logs", () => {
  test("one a check, free of control bytes, with what the report says of it", async () => {
    const script = "printf '\\033[31mred\\033[0m line\\nlast words\\n'; exit 7";
    const change = {
      "flake.nix": `{ outputs = { self }: { packages.x86_64-linux.greet = ${shDerivation("greet", script)}; }; }\n`,
    };
    const seen = await observe(place, { change, criteria: [criterion("AC-1", [{ kind: "file", path: "README.md" }, BUILD])] });
    const logs = seen.run.criteria[0]?.checks.map((check) => check.log) ?? [];
    expect(logs.map((log) => log.path)).toEqual(["logs/AC-1.0.txt", "logs/AC-1.1.txt"]);
    const texts = logs.map((log) => readFileSync(join(seen.folder, log.path), "utf8"));
    expect(texts[0]).toBe("pass (met, tier text): README.md holds what was asked for\n");
    expect(texts[1]).toMatch(/^fail \(build, tier build\): nix build \.#packages\.x86_64-linux\.greet failed: /);
    expect(texts[1]).toContain("red line\nlast words");
    expect(texts[1]).toContain('argv: ["nix","build",".#packages.x86_64-linux.greet"]');
    expect(texts[1]).not.toContain("\u001b");
    expect(logs.map((log) => log.sha256)).toEqual(texts.map((text) => createHash("sha256").update(text).digest("hex")));
  });
});

describe("order and work", () => {
  test("cheap tiers are judged first, and one evaluation serves all", async () => {
    const ended: string[] = [];
    const checks = [
      BUILD,
      { kind: "flake-outputs", require: [`packages.${SYSTEM}.greet`] },
      { kind: "nix-parse", files: ["flake.nix"] },
      { kind: "file", path: "README.md" },
      { kind: "flake-outputs", forbid: [`packages.${SYSTEM}.other`] },
    ];
    const options = { onCheck: ({ check }: { check: { kind: string } }) => ended.push(check.kind) };
    const { run, lines } = await observe(place, { change: GREET, checks, options });
    expect(ended).toEqual(["file", "nix-parse", "flake-outputs", "flake-outputs", "nix-build"]);
    expect(lines.map((line) => line.split(" ")[0])).toEqual(Array(5).fill("pass"));
    // parse, the one evaluation, the build of the derivation it found
    expect(run.nixProcesses).toBe(3);
  });

  test("leaves the target as it was", async () => {
    const { execFileSync } = await import("node:child_process");
    const { directory } = await observe(place, {
      change: { "flake.nix": treeFlake(), "tree/a": "a" },
      checks: [BUILD, { kind: "flake-check" }],
    });
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: directory, encoding: "utf8" })).toBe(
      " A flake.nix\n A tree/a\n",
    );
  });
});

describe("stopping", () => {
  test("what had not ended is unavailable, and the run says that it was stopped", async () => {
    const stop = new AbortController();
    const change = {
      "flake.nix": `{ outputs = { self }: { packages.x86_64-linux.greet = ${shDerivation("greet", "while :; do :; done")}; }; }\n`,
    };
    const checks = [{ kind: "file", path: "README.md" }, BUILD, { kind: "command", argv: ["x"], why: "y" }];
    const options = {
      signal: stop.signal,
      onProgress: (line: string) => /greet|nix-build/.test(line) && setTimeout(() => stop.abort(), 500),
    };
    const { run, lines } = await observe(place, { change, checks, options });
    expect(run.aborted).toBe(true);
    expect(lines).toEqual([
      "pass met (text) 1/1: README.md holds what was asked for",
      expect.stringMatching(
        /^unavailable aborted \(\w+\) 1\/1: nix build \.#packages\.x86_64-linux\.greet was stopped before it ended$/,
      ),
      "unavailable aborted (text) 0/0: the run was stopped before this check began",
    ]);
  });
});

test("a check that breaks by itself is unavailable with its reason, never a pass", async () => {
  const nix = {
    ...place.nix,
    version: place.nix.version,
    system: place.nix.system,
    processes: 0,
    inputs: async () => {
      throw new Error("disk on fire");
    },
  };
  const { lines } = await observe(place, { change: GREET, checks: [{ kind: "flake-inputs" }], options: { nix } });
  expect(lines).toEqual(["unavailable internal (text) 0/0: the check itself broke: disk on fire"]);
});

test("a target whose base is no commit is refused", async () => {
  await expect(
    observe(place, { checks: [], options: { target: { directory: place.folder, base: "0".repeat(40) } } }),
  ).rejects.toThrow(/git rev-parse .* failed/);
});
