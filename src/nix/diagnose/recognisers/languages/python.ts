import { allMatches, type Evidence, firstMatch, type Recogniser } from "../../finding.ts";

/** What the hooks of buildPythonPackage, pypa/build, pytest and unittest say. */

/** pypa/build without isolation: requirements of [build-system] that are not among the inputs. */
export const pythonBackend: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /^ERROR Missing dependencies:/u);
  const unloadable = found ? undefined : firstMatch(evidence, /^ERROR Backend '([\w.]+)[^']*' is not available/u);
  const hit = found ?? unloadable;
  if (!hit) return undefined;
  const below = evidence.lines.slice(hit.at + 1, hit.at + 20);
  const end = below.findIndex((line) => !/^\s+\S/u.test(line));
  const wanted = found ? (end < 0 ? below : below.slice(0, end)).map((line) => line.trim()) : [unloadable?.match[1] ?? ""];
  const [first = ""] = wanted;
  const bounded = wanted.find((name) => /[<>=~!]/u.test(name));
  return {
    facts: { kind: "build-tool-missing", program: first.replace(/[^\w.-].*$/u, "") },
    message: `the build backend needs ${wanted.slice(0, 5).join(", ")}, which is not among the inputs`,
    next: `Name it in build-system (pkgs.python3Packages.NAME, the name in lower case with hyphens)${bounded === undefined ? "" : `; if it stands there already, its version does not satisfy ${bounded}: widen the requirement in pyproject.toml, or take a nixpkgs that has it`}.`,
    at: hit.at,
  };
};

/** pythonRuntimeDepsCheckHook: requirements of the wheel against the packages that are there. */
export const pythonRequirements: Recogniser = (evidence) => {
  const head = firstMatch(evidence, /^Checking runtime dependencies for /u);
  if (!head) return undefined;
  const missing = allMatches(evidence, /^\s*- (\S+) not installed$/u);
  const unmet = allMatches(evidence, /^\s*- ([\w.-]+?)([<>=~!]\S*) not satisfied by version (\S+)$/u);
  const [first] = [...missing, ...unmet].sort((a, b) => a.at - b.at);
  if (!first) return undefined;
  const names = missing.map(({ match }) => match[1] ?? "");
  const bounds = unmet.map(({ match }) => `${match[1]}${match[2]} (there: ${match[3]})`);
  return {
    facts: { kind: "runtime-library", library: first.match[1] ?? "" },
    message: [
      ...(names.length > 0 ? [`the wheel requires ${names.slice(0, 5).join(", ")}, which is not among the inputs`] : []),
      ...(bounds.length > 0 ? [`the wheel requires ${bounds.slice(0, 5).join(", ")}`] : []),
    ].join("; "),
    next: [
      ...(names.length > 0 ? ["Name it in dependencies (pkgs.python3Packages.NAME)."] : []),
      ...(bounds.length > 0
        ? [
            'Take a nixpkgs that has the version, or, if the tests pass without the bound, pythonRelaxDeps = [ "NAME" ] with the reason beside it.',
          ]
        : []),
    ].join(" "),
    at: first.at,
  };
};

const NO_MODULE = /ModuleNotFoundError: No module named '([\w.]+)'/u;

/** A module that is not found: by the check of the imports, or by the tests before one of them ran. */
export const pythonModule: Recogniser = (evidence) => {
  const found = firstMatch(evidence, NO_MODULE) ?? firstMatch(evidence, /python3[\d.]*: No module named ([\w.]+)/u);
  const [name = ""] = (found?.match[1] ?? "").split(".");
  if (!found || name === "") return undefined;
  const ofTests = /^(?:Executing (?:pytest|unittest)CheckPhase|Running phase: (?:pytest|unittest)CheckPhase)/mu.test(
    evidence.lines.slice(0, found.at).join("\n"),
  );
  const ofImports = !ofTests && /Check whether the following modules can be imported/u.test(evidence.text);
  return {
    facts: { kind: "runtime-library", library: name },
    message: `Python finds no module ${name}${ofTests ? " when the tests run" : ofImports ? " in the installed package" : ""}`,
    next: ofTests
      ? `Name the package that brings ${name} in nativeCheckInputs; a module of the project itself must be installed with it, or lie where the tests look (unittestFlags = [ "-s" "FOLDER" ]).`
      : ofImports
        ? `If ${name} is the project's own, pythonImportsCheck names what is not installed, or the description leaves it out; else name its package in dependencies.`
        : `Name the package that brings ${name} in build-system, if the build wants it, else in dependencies.`,
    at: found.at,
    ...(ofTests || ofImports ? { stage: "check" as const } : {}),
  };
};

const SANDBOX =
  /gaierror|Temporary failure in name resolution|Name or service not known|Network is unreachable|Failed to establish a new connection|Connection refused|\/homeless-shelter|Read-only file system|Could not determine home directory/u;

export const pythonTests: Recogniser = (evidence) => {
  const summary =
    firstMatch(evidence, /^=+ .*\b\d+ (?:failed|errors?)\b.* in [\d.]+s/u) ??
    firstMatch(evidence, /^FAILED \((?:failures|errors)=\d+/u);
  const none = firstMatch(evidence, /^NO TESTS RAN\b|^=+ no tests ran in /u);
  if (!summary && none)
    return {
      facts: { kind: "test-failure", tests: [] },
      message: "no test was found",
      next: 'Say where the tests are: unittestFlags = [ "-s" "FOLDER" ], or pytestFlags; leave the hook out only where the project has none.',
      at: none.at,
      stage: "check",
    };
  if (!summary) return undefined;
  const names = failedTests(evidence);
  const sandbox = firstMatch(evidence, SANDBOX);
  const list = names.length === 0 ? "tests" : names.slice(0, 5).join(", ");
  if (sandbox)
    return {
      facts: { kind: "sandboxed-test", tests: names },
      message: `${list} failed because of the sandbox: ${sandbox.line.slice(0, 160)}`,
      next: "Give the tests what they miss (writableTmpDirAsHomeHook in nativeCheckInputs for a home); a test that needs the network may be skipped by its exact name (disabledTests) with a reason, and that counts as weakening.",
      at: sandbox.at,
      stage: "check",
    };
  return {
    facts: { kind: "test-failure", tests: names },
    message: `${list} failed`,
    next: "The tests judge the program: see what they compare. A program that a test starts by its name is on the path only with preCheck = ''export PATH=\"$out/bin:$PATH\"''. Skipping a test or doCheck = false is weakening and needs a person.",
    at: summary.at,
    stage: "check",
  };
};

/** `tests/test_a.py::test_b` of pytest's summary, `test_b (test_a.Case.test_b)` of unittest. */
function failedTests(evidence: Evidence): readonly string[] {
  const pytest = allMatches(evidence, /^(?:FAILED|ERROR) ([\w./-]+\.py(?:::[^\s]+)?)(?: - .*)?$/u);
  const unittest = allMatches(evidence, /^(?:FAIL|ERROR): (\w+) \([\w.]+\)$/u);
  return [...new Set([...pytest, ...unittest].map(({ match }) => match[1] ?? ""))].filter((name) => name !== "");
}
