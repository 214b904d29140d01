import { allMatches, firstMatch, type Recogniser } from "../../finding.ts";

/** What npm and the hooks of buildNpmPackage say. */

/** npmConfigHook compares the lock of the source with the one that stands beside the fetched archives. */
export const staleNpmHash: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /npmDepsHash is out of date/u);
  if (!found) return undefined;
  return {
    facts: { kind: "stale-hash" },
    message: found.line.replace(/^ERROR: /u, ""),
    next: "The fetched archives belong to another package-lock.json: set npmDepsHash to lib.fakeHash and build; the tool puts in the hash that Nix prints.",
    at: found.at,
  };
};

export const npmLock: Recogniser = (evidence) => {
  const missing = firstMatch(evidence, /The package-lock\.json file does not exist!|Missing package-lock\.json from src/u);
  if (missing)
    return {
      facts: { kind: "untracked-file", path: "package-lock.json" },
      message: "the source holds no package-lock.json",
      next: "A flake sees what git tracks: track package-lock.json, or write it with `npm install --package-lock-only` and commit it.",
      at: missing.at,
    };
  const apart =
    firstMatch(evidence, /`npm ci` can only install packages when your package\.json and .* are in sync/u) ??
    firstMatch(evidence, /request to (\S+) failed: cache mode is 'only-if-cached'/u);
  if (apart) {
    const lacking = allMatches(evidence, /Missing: (\S+) from lock file|Invalid: lock file's (\S+) does not satisfy/u).map(
      ({ match }) => match[1] ?? match[2] ?? "",
    );
    const asked = apart.match[1]?.split("/").at(-1);
    const names = [...new Set(lacking.length > 0 ? lacking : [asked ?? ""])].filter((name) => name !== "");
    return {
      facts: { kind: "cargo-lock", problem: "outdated", path: "package-lock.json" },
      message: `package-lock.json is behind package.json${names.length === 0 ? "" : `: ${names.slice(0, 5).join(", ")}`}`,
      next: "Bring the lock in step where there is a network (`npm install --package-lock-only`), commit it, and set npmDepsHash to lib.fakeHash; no hash or flag makes up for a lock that lacks packages.",
      at: apart.at,
    };
  }
  const empty = firstMatch(evidence, /No cacheable dependencies were found/u);
  if (!empty) return undefined;
  return {
    facts: { kind: "unknown" },
    message: "package-lock.json names nothing that can be fetched",
    next: "Without dependencies use importNpmLock (npmDeps = pkgs.importNpmLock { npmRoot = ./.; }; npmConfigHook = pkgs.importNpmLock.npmConfigHook;), which needs no hash, or set forceEmptyCache = true.",
    at: empty.at,
  };
};

/** `npm rebuild` runs install scripts, and many fetch a program of their own. */
export const npmInstallScript: Recogniser = (evidence) => {
  const failed = firstMatch(evidence, /^npm error command failed/u);
  const place = firstMatch(evidence, /^npm error path \S*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)$/u);
  if (!failed || !place) return undefined;
  const name = place.match[1] ?? "";
  const network = firstMatch(
    evidence,
    /getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|Could not resolve host|fetch failed|network/u,
  );
  if (network)
    return {
      facts: { kind: "network-at-build" },
      message: `the install script of ${name} wants the network: ${network.line.replace(/^npm error /u, "").slice(0, 160)}`,
      next: `Set the variable by which ${name} leaves its download out (env.NAME in the package), or bring the file by fetchurl; npmRebuildFlags = [ "--ignore-scripts" ] only where the program works without it.`,
      at: network.at,
    };
  return {
    facts: { kind: "compile-error" },
    message: `the install script of ${name} fails`,
    next: `See the lines above: an addon in C++ wants its compiler and libraries in nativeBuildInputs and buildInputs; npmRebuildFlags = [ "--ignore-scripts" ] only where the program works without ${name}'s script.`,
    at: place.at,
  };
};

export const npmScript: Recogniser = (evidence) => {
  const missing = firstMatch(evidence, /^npm error Missing script: "([^"]+)"/u);
  if (missing)
    return {
      facts: { kind: "build-tool-missing", program: `npm run ${missing.match[1]}` },
      message: `package.json has no script "${missing.match[1]}"`,
      next:
        missing.match[1] === "test"
          ? "Leave npm test out of the check phase: the package has none."
          : "Set npmBuildScript to the script that builds, or dontNpmBuild = true where nothing is built.",
      at: missing.at,
    };
  const names = allMatches(evidence, /^\s*(?:✖|not ok \d+ -) (.+?)(?: \([\d.]+ms\))?$/u)
    .map(({ match }) => match[1] ?? "")
    .filter((name) => name !== "" && name !== "failing tests:");
  const summary = firstMatch(evidence, /^(?:ℹ|#) fail [1-9]|^Tests: +\d+ failed|^\s*Tests +\d+ failed/u);
  const network = summary && firstMatch(evidence, /getaddrinfo|EAI_AGAIN|ENOTFOUND|ENETUNREACH/u);
  if (network)
    return {
      facts: { kind: "sandboxed-test", tests: [...new Set(names)] },
      message: `tests failed because of the sandbox: ${network.line.slice(0, 160)}`,
      next: "Give the tests what they miss; a test that needs the network may be skipped by its exact name with a reason, and that counts as weakening.",
      at: network.at,
      stage: "check",
    };
  if (summary)
    return {
      facts: { kind: "test-failure", tests: [...new Set(names)] },
      message: `${names.length === 0 ? "tests" : [...new Set(names)].slice(0, 5).join(", ")} failed`,
      next: "The tests judge the program: see what they compare. Leaving npm test out of the check phase, or skipping one, is weakening and needs a person.",
      at: summary.at,
      stage: "check",
    };
  const built = firstMatch(evidence, /^ERROR: `npm build` failed/u);
  if (!built) return undefined;
  return {
    facts: { kind: "compile-error" },
    message: "the build script of package.json fails",
    next: "See the lines above it: the script judges the sources; a tool that it calls must stand among the development dependencies of package-lock.json.",
    at: built.at,
  };
};
