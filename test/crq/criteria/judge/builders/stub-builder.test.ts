import { expect, test } from "vitest";
import type { BuilderFact } from "../../../../../src/crq/criteria/judge/builders/builder-facts.ts";
import { isStub, testsNothing } from "../../../../../src/crq/criteria/judge/builders/stub-builder.ts";

const bash = "/nix/store/abc-bash/bin/bash";
const fact = (part: Partial<BuilderFact>): BuilderFact => ({
  name: "test",
  derivation: true,
  builder: bash,
  arguments: ["-e", "/nix/store/abc-default-builder.sh"],
  buildCommand: null,
  source: true,
  phases: {},
  off: ["checkPhase", "installCheckPhase"],
  needsBuilds: false,
  asFile: [],
  emptyLists: [],
  testFlags: [],
  ...part,
});

test.each([
  ["runCommand that only touches", fact({ buildCommand: "touch $out", source: false })],
  ["a bare shell that echoes", fact({ builder: "/bin/sh", arguments: ["-c", "echo ok > $out"] })],
  ["a shell with flags before -c", fact({ builder: bash, arguments: ["-euc", "mkdir $out"] })],
  ["a builder that is touch itself", fact({ builder: "/nix/store/abc-coreutils/bin/touch", arguments: [] })],
  ["phases without sources", fact({ source: false, phases: { installPhase: "touch $out" } })],
  ["a build phase that does nothing", fact({ phases: { buildPhase: "echo building", installPhase: "mkdir $out" } })],
  [
    "a build that is off",
    fact({ phases: { installPhase: "touch $out" }, off: ["buildPhase", "checkPhase", "installCheckPhase"] }),
  ],
])("stub: %s", (_, example) => {
  expect(isStub(example)).toBe(true);
});

test.each([
  ["runCommand that runs the program", fact({ buildCommand: "/nix/store/abc-greet/bin/greet --version > $out" })],
  ["default phases over sources", fact({})],
  ["a real check phase", fact({ phases: { buildPhase: "echo", checkPhase: "cargo test", installPhase: "touch $out" }, off: [] })],
  ["sources with only the install phase written out", fact({ phases: { installPhase: "touch $out" } })],
  ["a builder nobody can look into", fact({ builder: "/nix/store/abc-tool/bin/tool", arguments: [] })],
  ["a phase that cannot be read", fact({ phases: { buildPhase: null, installPhase: "touch $out" } })],
  ["no derivation", fact({ derivation: false, buildCommand: "touch $out" })],
])("no stub: %s", (_, example) => {
  expect(isStub(example)).toBe(false);
});

const PATH = "/nix/store/00000000000000000000000000000000-tested";

/** A stub that prints the paths of other derivations waits for them; printing anything else does not. */
test.each([
  ["paths of builds", `echo ${PATH} ${PATH}-lib > $out`, true, false],
  ["a path in quotes, behind another command", `mkdir x; printf '%s\\n' "${PATH}" > $out`, true, false],
  ["a path that is of no build", `echo ${PATH} > $out`, false, true],
  ["a tool of the store", `${PATH}/bin/touch $out`, true, true],
  ["a word beside a tool of the store", `echo ok; ${PATH}/bin/touch $out`, true, true],
  ["a word into a path", `echo ok > ${PATH}`, true, true],
])("testsNothing: %s", (_, buildCommand, needsBuilds, nothing) => {
  const example = fact({ buildCommand, needsBuilds, source: false });
  expect([isStub(example), testsNothing(example)]).toEqual([true, nothing]);
});
