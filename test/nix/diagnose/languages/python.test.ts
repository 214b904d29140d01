import { describe, expect, it } from "vitest";
import { LOG_RECOGNISERS } from "../../../../src/nix/diagnose/recognisers/index.ts";

/** Lines that pypa/build, pytest, unittest and the hooks of buildPythonPackage wrote in real builds, shortened. */

function found(...lines: readonly string[]) {
  const evidence = { stage: "build", lines, text: lines.join("\n") } as const;
  for (const recognise of LOG_RECOGNISERS) {
    const finding = recognise(evidence);
    if (finding) return { ...finding.facts, next: finding.next };
  }
  return undefined;
}

describe("a log of a Python build", () => {
  it("tells a build backend that is not among the inputs", () => {
    const next = expect.stringContaining("build-system");
    expect(
      found(
        "* Getting build dependencies for wheel...",
        "pyproject_hooks._impl.BackendUnavailable: Cannot import 'hatchling.build'",
        "",
        "ERROR Backend 'hatchling.build' is not available.",
      ),
    ).toEqual({ kind: "build-tool-missing", program: "hatchling.build", next });
    expect(found("ERROR Missing dependencies:", "\tsetuptools>=90", "")).toEqual({
      kind: "build-tool-missing",
      program: "setuptools",
      next: expect.stringContaining("does not satisfy setuptools>=90"),
    });
  });

  it("tells requirements of the wheel that are missing, and those of another version", () => {
    const head = "Checking runtime dependencies for shelf-0.4.0-py3-none-any.whl";
    expect(found(head, "  - tabulate not installed")).toEqual({
      kind: "runtime-library",
      library: "tabulate",
      next: "Name it in dependencies (pkgs.python3Packages.NAME).",
    });
    expect(found(head, "  - tabulate>=2 not satisfied by version 0.9.0")).toEqual({
      kind: "runtime-library",
      library: "tabulate",
      next: expect.stringContaining("pythonRelaxDeps"),
    });
  });

  it("tells a module that is not found, and where it is to be named", () => {
    const lost = "ModuleNotFoundError: No module named 'nosuch.part'";
    expect(found("Check whether the following modules can be imported: shelf", lost)).toMatchObject({
      kind: "runtime-library",
      library: "nosuch",
      next: expect.stringContaining("pythonImportsCheck"),
    });
    expect(
      found("Executing pytestCheckPhase", `E   ${lost}`, "ERROR tests/test_cli.py", "=== 1 error in 0.52s ==="),
    ).toMatchObject({
      kind: "runtime-library",
      library: "nosuch",
      next: expect.stringContaining("nativeCheckInputs"),
    });
  });

  it("tells tests that fail from tests that want the network", () => {
    expect(
      found(
        "E               urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>",
        "FAILED tests/test_cli.py::test_net - urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name ...",
        "========================= 1 failed, 1 passed in 2.86s ==========================",
      ),
    ).toMatchObject({ kind: "sandboxed-test", tests: ["tests/test_cli.py::test_net"] });
    expect(
      found("FAIL: test_subtraction (test_roman.Numbers.test_subtraction)", "Ran 3 tests in 0.001s", "FAILED (failures=1)"),
    ).toMatchObject({ kind: "test-failure", tests: ["test_subtraction"] });
    expect(found("Ran 0 tests in 0.000s", "", "NO TESTS RAN")).toMatchObject({ kind: "test-failure", tests: [] });
    expect(found("========================= 2 passed in 0.02s ==========================")).toBeUndefined();
  });
});
