import { expect, test } from "vitest";
import type { BuilderFact } from "../../../../../src/crq/criteria/judge/builders/builder-facts.ts";
import { isStub } from "../../../../../src/crq/criteria/judge/builders/stub-builder.ts";

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
