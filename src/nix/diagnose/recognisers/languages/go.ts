import { allMatches, firstMatch, type Recogniser } from "../../finding.ts";

/** What the go command and the phases of buildGoModule say. */

/** Modules behind a hash that is known are not fetched again: go then finds those of another go.mod. */
export const staleVendorHash: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /^go: inconsistent vendoring in (\S+?):?$/u);
  if (!found) return undefined;
  const apart = firstMatch(
    evidence,
    /^\s+(\S+@\S+): (?:is (?:explicitly required in go\.mod|marked as (?:explicit|replaced) in)|.* in vendor\/modules\.txt)/u,
  );
  return {
    facts: { kind: "stale-hash" },
    message: `the vendored modules do not fit go.mod${apart ? `: ${apart.match[1]}` : ""}`,
    next: "With vendorHash: they belong to another go.mod; set it to lib.fakeHash and build, the tool puts in the hash that Nix prints. With vendorHash = null: vendor/ of the repository is behind go.mod, and `go mod vendor` renews it where there is a network.",
    at: found.at,
  };
};

const NOT_IN_STEP =
  /missing go\.sum entry|go: updates to go\.(?:mod|sum) needed|no required module provides package (\S+?)[;:]|verifying (\S+): (?:checksum mismatch|go\.mod: checksum)|is replaced but not required/u;

/** go.sum pins modules as Cargo.lock pins crates. */
export const goSum: Recogniser = (evidence) => {
  const found = firstMatch(evidence, NOT_IN_STEP);
  if (!found) return undefined;
  const mismatch = /checksum mismatch/u.test(found.line);
  return {
    facts: { kind: "cargo-lock", problem: "outdated", path: "go.sum" },
    message: found.line.replace(/^(?:go|error): /u, ""),
    next: mismatch
      ? "What was downloaded is not what go.sum pins: somebody changed the module or the line. A person must look before any hash is renewed."
      : "go.mod and go.sum do not name what the sources import: run `go mod tidy` where there is a network, commit both, and set vendorHash to lib.fakeHash; no hash or flag makes up for it.",
    at: found.at,
  };
};

export const goToolchain: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /go\.(?:mod|work) requires go >= (\S+) \(running go (\S+?);/u);
  const [, required, actual] = found?.match ?? [];
  if (!found || required === undefined || actual === undefined) return undefined;
  return {
    facts: { kind: "toolchain", required, actual },
    message: `go.mod requires Go ${required}, and Go ${actual} builds it`,
    next: "The Go of the locked nixpkgs is too old: move the nixpkgs input to a newer release, or take a newer series that it has (pkgs.buildGo126Module and the like); nix_attr go.version says what a nixpkgs has.",
    at: found.at,
  };
};

/** `--- FAIL: TestName (0.00s)`, also indented for a part of a test. */
export const goTests: Recogniser = (evidence) => {
  const failed = allMatches(evidence, /^\s*--- FAIL: (\S+) \(/u);
  const [first] = failed;
  if (!first) return undefined;
  const names = [...new Set(failed.map(({ match }) => match[1] ?? ""))];
  const sandbox = firstMatch(
    evidence,
    /dial (?:tcp|udp)|lookup \S+ on|no such host|network is unreachable|\/homeless-shelter|\$HOME is not defined|executable file not found in \$PATH/u,
  );
  return {
    facts: { kind: sandbox ? "sandboxed-test" : "test-failure", tests: names },
    message: sandbox
      ? `${names.slice(0, 5).join(", ")} failed because of the sandbox: ${sandbox.line.slice(0, 160)}`
      : `${names.slice(0, 5).join(", ")} failed`,
    next: sandbox
      ? "Give the tests what they miss (export HOME=$(mktemp -d) in preCheck, nativeCheckInputs); a test that needs the network may be skipped by its exact name (checkFlags -skip) with a reason, and that counts as weakening."
      : "The tests judge the program: see what they compare. Skipping one or doCheck = false is weakening and needs a person.",
    at: first.at,
    stage: "check",
  };
};

/** `./main.go:12:4: undefined: count`, by the compiler, the linker's front or vet. */
export const goCompileError: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /^(vet: )?(?:\.\/)?([\w./@+-]+\.go):(\d+):(\d+): (.+)$/u);
  if (!found) return undefined;
  const [, vet, file = "", line, column, text = ""] = found.match;
  const embed = /^pattern (\S+): no matching files found/u.exec(text)?.[1];
  return {
    facts: embed === undefined ? { kind: "compile-error", ...(vet && { code: "vet" }) } : { kind: "source-filter", path: embed },
    message: text,
    next:
      embed === undefined
        ? "The compiler refuses the program itself: see whether it compiles at the base commit; if not, sources need a person's patch."
        : `The source that is built lacks ${embed}: let git track it, and leave it in if src is filtered.`,
    at: found.at,
    position: { file, line: Number(line), column: Number(column) },
  };
};
