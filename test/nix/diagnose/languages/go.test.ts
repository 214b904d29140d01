import { describe, expect, it } from "vitest";
import { LOG_RECOGNISERS } from "../../../../src/nix/diagnose/recognisers/index.ts";

/** Lines that Go 1.26 wrote in real builds, shortened. */

function found(...lines: readonly string[]) {
  const evidence = { stage: "build", lines, text: lines.join("\n") } as const;
  for (const recognise of LOG_RECOGNISERS) {
    const finding = recognise(evidence);
    if (finding) return finding;
  }
  return undefined;
}

describe("a log of Go", () => {
  it("tells modules that belong to another go.mod", () => {
    const finding = found(
      "go: inconsistent vendoring in /build/source:",
      "\tmods.example.org/wordfold@v1.2.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
      "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.",
    );
    expect(finding?.facts).toEqual({ kind: "stale-hash" });
    expect(finding?.message).toBe("the vendored modules do not fit go.mod: mods.example.org/wordfold@v1.2.0");
  });

  it("tells a go.sum that is behind, and an import that nothing requires", () => {
    const outdated = { kind: "cargo-lock", problem: "outdated", path: "go.sum" };
    expect(
      found(
        "main.go:6:2: missing go.sum entry for module providing package mods.example.org/wordfold (imported by example.org/refold); to add:",
        "\tgo get example.org/refold",
      )?.facts,
    ).toEqual(outdated);
    expect(found("b.go:3:8: no required module provides package example.org/none; to add it:")?.facts).toEqual(outdated);
  });

  it("says of a module that was changed that a person must look", () => {
    expect(
      found("verifying mods.example.org/wordfold@v1.2.0: checksum mismatch", "\tdownloaded: h1:hrOV", "\tgo.sum:     h1:AAAA")
        ?.next,
    ).toContain("A person must look");
  });

  it("tells a Go that is too old", () => {
    expect(found("go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)")?.facts).toEqual({
      kind: "toolchain",
      required: "1.99",
      actual: "1.26.8",
    });
  });

  it("tells failed tests by name, and those that want the network", () => {
    expect(
      found("--- FAIL: TestOuter (0.00s)", "    --- FAIL: TestOuter/inner (0.00s)", "        a_test.go:6: no", "FAIL")?.facts,
    ).toEqual({ kind: "test-failure", tests: ["TestOuter", "TestOuter/inner"] });
    expect(
      found("--- FAIL: TestGet (0.00s)", "    a_test.go:9: Get: dial tcp: lookup example.org: no such host", "FAIL")?.facts,
    ).toEqual({ kind: "sandboxed-test", tests: ["TestGet"] });
  });

  it("tells an embedded file that is not in the source, and what the compiler and vet refuse", () => {
    expect(found("a.go:5:12: pattern nothing.txt: no matching files found")?.facts).toEqual({
      kind: "source-filter",
      path: "nothing.txt",
    });
    expect(found("# example.org/t", "./b.go:3:9: undefined: undefinedThing")).toMatchObject({
      facts: { kind: "compile-error" },
      message: "undefined: undefinedThing",
      position: { file: "b.go", line: 3, column: 9 },
    });
    expect(found("vet: ./main_test.go:7:12: invalid operation")?.facts).toEqual({ kind: "compile-error", code: "vet" });
  });
});
