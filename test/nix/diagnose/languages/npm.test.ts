import { describe, expect, it } from "vitest";
import { LOG_RECOGNISERS } from "../../../../src/nix/diagnose/recognisers/index.ts";

/** Lines that npm 11 and the hooks of buildNpmPackage wrote in real builds, shortened. */

function facts(...lines: readonly string[]): unknown {
  const evidence = { stage: "build", lines, text: lines.join("\n") } as const;
  for (const recognise of LOG_RECOGNISERS) {
    const found = recognise(evidence);
    if (found) return found.facts;
  }
  return undefined;
}

describe("a log of npm", () => {
  it("tells a hash that belongs to another lock", () => {
    expect(
      facts(
        "Validating consistency between /build/source/package-lock.json and /nix/store/pjsb-tallygrid-0.9.0-npm-deps/package-lock.json",
        "3c3",
        '<   "version": "0.9.1",',
        "ERROR: npmDepsHash is out of date",
      ),
    ).toEqual({ kind: "stale-hash" });
  });

  it("tells a lock that lacks what package.json names", () => {
    const outdated = { kind: "cargo-lock", problem: "outdated", path: "package-lock.json" };
    expect(
      facts(
        "Installing dependencies",
        "npm error code ENOTCACHED",
        "npm error request to https://npm.example.org/brambleprobe failed: cache mode is 'only-if-cached' but no cached response is available.",
        "ERROR: npm failed to install dependencies",
      ),
    ).toEqual(outdated);
    expect(
      facts(
        "npm error code EUSAGE",
        "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.",
        "npm error Missing: padcell@1.0.3 from lock file",
      ),
    ).toEqual(outdated);
  });

  it("tells a lock that is not there", () => {
    expect(facts("ERROR: The package-lock.json file does not exist!")).toEqual({
      kind: "untracked-file",
      path: "package-lock.json",
    });
  });

  it("tells whose install script wants the network", () => {
    const lines = [
      "npm error code 1",
      "npm error path /build/source/node_modules/brambleprobe",
      "npm error command failed",
      "npm error command sh -c node fetch-table.js",
    ];
    expect(facts(...lines, "npm error brambleprobe: cannot fetch the table: getaddrinfo EAI_AGAIN tables.example.org")).toEqual({
      kind: "network-at-build",
    });
    expect(facts(...lines, "npm error gyp ERR! find Python")).toEqual({ kind: "compile-error" });
  });

  it("tells a script that is missing, one that fails, and the names of tests that fail", () => {
    expect(facts('npm error Missing script: "build"', "ERROR: `npm build` failed")).toEqual({
      kind: "build-tool-missing",
      program: "npm run build",
    });
    expect(facts("src/cli.ts(3,7): error TS2322: Type 'string' is not assignable", "ERROR: `npm build` failed")).toEqual({
      kind: "compile-error",
    });
    expect(
      facts(
        "✔ counts words (1.2ms)",
        "✖ the most frequent word comes first (24.8ms)",
        "ℹ pass 1",
        "ℹ fail 1",
        "✖ failing tests:",
      ),
    ).toEqual({ kind: "test-failure", tests: ["the most frequent word comes first"] });
    expect(facts("ℹ tests 1", "ℹ fail 0")).toBeUndefined();
  });
});
