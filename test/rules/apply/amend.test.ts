import { describe, expect, it } from "vitest";
import type { Diagnosis, DiagnosisFacts } from "../../../src/nix/diagnosis.ts";
import type { FlakePlan } from "../../../src/nix/recipes/plan.ts";
import { amendPlan } from "../../../src/rules/apply/amend.ts";
import { plain } from "../../nix/recipes/plans.ts";

const diagnosis = (facts: DiagnosisFacts, message = ""): Diagnosis => ({
  ...facts,
  stage: "build",
  message,
  excerpt: "",
  next: "Look.",
  fingerprint: "x",
});

/** What a fix changes in the plain plan. */
function changes(facts: DiagnosisFacts, plan: FlakePlan = plain, message = ""): Partial<FlakePlan> | string {
  const amendment = amendPlan(plan, diagnosis(facts, message));
  if (amendment.kind === "none") return amendment.reason;
  const after: Record<string, unknown> = { ...amendment.plan };
  const before: Record<string, unknown> = { ...plan };
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])),
  );
}

const cases: readonly (readonly [DiagnosisFacts, Partial<FlakePlan> | string])[] = [
  [
    { kind: "native-library", crate: "alsa-sys", pkgConfigMissing: false },
    { nativeBuildInputs: [{ attribute: "pkg-config" }], buildInputs: [{ attribute: "alsa-lib", only: "linux" }] },
  ],
  [
    { kind: "native-library", library: "libzstd.pc", pkgConfigMissing: false },
    { nativeBuildInputs: [{ attribute: "pkg-config" }], buildInputs: [{ attribute: "zstd" }] },
  ],
  [{ kind: "native-library", library: "nobody-knows", pkgConfigMissing: false }, "missing-in-nixpkgs"],
  [{ kind: "native-library", pkgConfigMissing: true }, { nativeBuildInputs: [{ attribute: "pkg-config" }] }],
  [{ kind: "generator-missing", program: "protoc" }, { nativeBuildInputs: [{ attribute: "protobuf" }] }],
  [{ kind: "build-tool-missing", program: "cmake" }, { nativeBuildInputs: [{ attribute: "cmake" }] }],
  [{ kind: "build-tool-missing", program: "nobody-knows" }, "missing-in-nixpkgs"],
  [{ kind: "libclang" }, { nativeBuildInputs: [{ attribute: "rustPlatform.bindgenHook" }] }],
  [
    { kind: "git-dependency-hash", dependency: "x-1.0.0", stale: false },
    { vendoring: { mode: "cargoLock", gitDependencies: true } },
  ],
  [{ kind: "git-metadata", variable: "VERGEN_GIT_SHA" }, { environment: { VERGEN_IDEMPOTENT: "1", VERGEN_GIT_SHA: "unknown" } }],
  [{ kind: "sandboxed-test", tests: [] }, { testHome: true }],
  [{ kind: "toolchain", required: "1.99" }, "version-not-available"],
  [{ kind: "network-at-build" }, "network-at-build-time"],
  [{ kind: "private-source" }, "needs-credentials"],
  [
    { kind: "input-not-found", url: "https://crates.example/api/v1/crates/anyhow/1.0.105/download", status: 404 },
    "network-at-build-time",
  ],
  [{ kind: "input-not-found", url: "https://example.org/o/r", status: 404 }, "contradiction"],
  [{ kind: "resources", resource: "memory" }, "resources"],
  [{ kind: "foreign-system", system: "aarch64-linux" }, "platform"],
  [{ kind: "hash-mismatch", specified: "sha256-A=", got: "sha256-B=" }, "contradiction"],
  [{ kind: "test-failure", tests: ["a"] }, "source-needs-patch"],
  [{ kind: "untracked-file", path: "Cargo.lock" }, "lock-file-missing"],
  [{ kind: "untracked-file", path: "other" }, "no-known-fix"],
  [{ kind: "attribute", attribute: "clipy", suggestion: "clippy", undefinedVariable: false }, "missing-in-nixpkgs"],
  [{ kind: "unknown" }, "no-known-fix"],
];

describe("amendPlan", () => {
  it.each(cases)("%j", (facts, expected) => expect(changes(facts)).toEqual(expected));

  it("takes naersk's dummy sources away only where there are some", () => {
    expect(changes({ kind: "dummy-source" }, { ...plain, builder: "naersk" })).toEqual({ singleStep: true });
    expect(changes({ kind: "dummy-source" })).toBe("no-known-fix");
  });

  it("writes versions out where Nix cannot read the manifest", () => {
    expect(changes({ kind: "unknown" }, plain, "while executing builtins.fromTOML: expected a value")).toEqual({
      literalVersions: true,
    });
  });

  it("also leaves out naersk's dummy sources there, for which it reads every Cargo.toml below the root", () => {
    const plan = { ...plain, builder: "naersk" } as const;
    expect(changes({ kind: "unknown" }, plan, "while parsing TOML: [error] toml::parse_file: invalid table key")).toEqual({
      literalVersions: true,
      singleStep: true,
    });
  });

  it("leaves a program that a test starts to the mechanic, whose edit no plan knows", () => {
    const said =
      'git_log failed because of the sandbox: git runs: Os { code: 2, kind: NotFound, message: "No such file or directory" }';
    expect(changes({ kind: "sandboxed-test", tests: ["git_log"] }, plain, said)).toBe("source-needs-patch");
    expect(changes({ kind: "sandboxed-test", tests: ["git_log"] }, plain, `${said}; /homeless-shelter`)).toEqual({
      testHome: true,
    });
  });

  it("renames an attribute wherever the plan uses it", () => {
    const plan = { ...plain, buildInputs: [{ attribute: "libpq" }], shellPackages: ["cargo", "libpq"] };
    expect(changes({ kind: "attribute", attribute: "libpq", undefinedVariable: false }, plan)).toEqual({
      buildInputs: [{ attribute: "postgresql" }],
      shellPackages: ["cargo", "postgresql"],
    });
  });

  it("adds nothing twice", () => {
    const plan = { ...plain, nativeBuildInputs: [{ attribute: "cmake" }] };
    expect(changes({ kind: "build-tool-missing", program: "cmake" }, plan)).toEqual({});
  });
});
