import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkNames } from "../../../src/nix/weakening/nix-text.ts";
import { findWeakenings, weakeningsOf } from "../../../src/nix/weakening.ts";
import { git } from "../../../src/system/git.ts";

const found = (path: string, before: string | undefined, after: string | undefined): readonly string[] =>
  weakeningsOf(path, before, after).map(({ pattern, line }) => `${pattern}:${line}`);

describe("Nix files", () => {
  test.each([
    ["{\n  doCheck = false;\n}", ["doCheck = false:2"]],
    ['{ "doCheck" = false; }', ["doCheck = false:1"]],
    ["{ doCheck = true; } # doCheck = false", []],
    ["{ config.allowBroken = true; }", ["allowBroken:1"]],
    ['{ checkPhase = "cargo test || true"; }', ["|| true:1"]],
    ["{ checkPhase = ''\n  cargo test || :\n''; }", ["|| true:2"]],
    ["{ x = ''\n  set +e\n  nix flake check || echo failed\n''; }", ["set +e:2", "|| echo:3"]],
    ["{ x = ''\n  # nothing || true\n''; }", []],
    ['{ cargoTestFlags = [ "--skip=net::asks" ]; }', ["test skipped:1"]],
    ['{ t = pkgs.runCommand "t" { } "touch $out"; }', ["stub builder:1"]],
    ['{ t = pkgs.runCommand "t" { } "mkdir -p $out; echo ok > $out/result"; }', ["stub builder:1"]],
    ['{ t = pkgs.runCommand "t" { } "${app}/bin/app --version > v; touch $out"; }', []],
    ["{ t = pkgs.runCommand \"t\" { } ''\n  cargo test\n  touch $out\n''; }", []],
    ['{ x = "a || b"; y = "true"; }', []],
  ])("%s", (text, expected) => {
    expect(found("flake.nix", "{ }", text)).toEqual(expected);
  });

  test.each([
    ["cargo test || { true; }", ["|| true:1"]],
    ["cargo test || (:)", ["|| true:1"]],
    ["cargo test || ${pkgs.coreutils}/bin/true", ["|| true:1"]],
    ["cargo test || command true", ["|| true:1"]],
    ["set +o errexit; cargo test", ["set +e:1"]],
    ["trap 'exit 0' ERR; cargo test", ["failure ignored:1"]],
    ["trap 'rm -rf tmp; exit 0' EXIT\ncargo test", ["failure ignored:1"]],
    ["cargo build\ncargo test || touch $out", ["failure ignored:2"]],
    ["timeout 60 pytest -q || cat log", ["failure ignored:1"]],
    ["if cargo test; then echo ok; fi\ntouch $out", ["failure ignored:1"]],
    ["if ! cargo test; then echo failed; fi\ntouch $out", ["failure ignored:1"]],
    ["cargo test & touch $out", ["failure ignored:1"]],
    ["touch $out; exit 0\ncargo test", ["failure ignored:2"]],
    ["cd sub && make check && cd ..\ntouch $out", ["failure ignored:1"]],
  ])("a build whose tests may fail: %s", (script, expected) => {
    expect(found("flake.nix", "{ }", `{ t = pkgs.runCommand "t" { } ''${script}''; }`)).toEqual(expected);
    if (!script.includes("pkgs.")) expect(found("run.sh", "", script)).toEqual(expected);
  });

  test.each([
    "cargo test || exit 1",
    "cargo test || exit",
    "cargo test || { cat log; exit 1; }",
    "cargo test >log 2>&1 || (cat log; false)",
    "if ! cargo test; then cat log; exit 1; fi",
    "code=0\ncargo test || code=$?\nexit $code",
    "cargo test || code=$?\n[ $code = 0 ]",
    "cargo test & pid=$!\nwait $pid",
    '[ -n "$skip" ] || cargo test',
    "if [ -d tests ]; then cargo test; fi",
    "! cargo test --features broken",
    "cargo test | tee log",
    "cd sub && cargo test && touch $out",
    "run() { cargo test; }\nrun",
    "trap 'rm -rf $tmp; true' EXIT\ncargo test",
    "cargo build || cargo build --offline",
    "cat > x <<EOF\ncargo test || touch\nEOF\ncargo test",
  ])("a build whose tests count: %s", (script) => {
    const told = found("flake.nix", "{ }", `{ t = pkgs.runCommand "t" { } ''${script}''; }`);
    expect([...told, ...found("run.sh", "", script)]).toEqual([]);
  });

  test("what was there before is not the change's, but one more of it is", () => {
    const one = "{ a.doCheck = false; }";
    expect(found("flake.nix", one, `# moved\n${one}`)).toEqual([]);
    expect(found("flake.nix", one, "{ a.doCheck = false; b.doCheck = false; }")).toEqual(["doCheck = false:1"]);
  });

  test.each([
    ["{ checks.x86_64-linux.test = 1; checks.x86_64-linux.lint = 2; }", ["test", "lint"]],
    ["{ checks.x86_64-linux = { test = 1; lint = { name = 1; }; }; }", ["test", "lint"]],
    ["{ checks = forAllSystems (system: { test = { doCheck = true; }; }); }", ["test"]],
    [
      "{ checks = genAttrs systems ({ pkgs, ... }: let x = { y = 1; }; in { inherit (self.packages.${pkgs.system}) app lib; test = 1; }); }",
      ["app", "lib", "test"],
    ],
    ["{ checks = { x86_64-linux = { test = 1; }; aarch64-linux.test = 2; }; }", ["test", "test"]],
    ["{ checks.${system} = { test = 1; }; }", ["test"]],
    ["{ checks.${system}.test = 1; }", ["test"]],
    ["{ checks = self.packages; x = { a = 1; }; }", []],
    ["{ x = self.checks; inherit checks; }", []],
  ])("names of checks: %s", (text, expected) => {
    expect(checkNames(text)).toEqual(expected);
  });

  test("a check that is gone", () => {
    const before = "{ checks = each (s: { test = 1; lint = 1; }); }";
    expect(found("flake.nix", before, "{ checks = each (s: { lint = 2; }); }")).toEqual(["check removed:1"]);
    expect(found("flake.nix", before, undefined)).toEqual(["check removed:1", "check removed:1"]);
    expect(found("flake.nix", before, "{ checks.x86_64-linux = { inherit test; lint = 3; more = 1; }; }")).toEqual([]);
  });
});

describe("sources, scripts, CI, policy", () => {
  test("tests that are gone or no longer run", () => {
    const before = "#[test]\nfn one() {}\n#[tokio::test]\nasync fn two() {}\n";
    expect(found("src/lib.rs", before, "#[test]\nfn one() {}\n")).toEqual(["test removed:1"]);
    expect(found("src/lib.rs", before, '#[test]\n#[ignore = "slow"]\nfn one() {}\n#[tokio::test]\nasync fn two() {}\n')).toEqual([
      "test ignored:2",
    ]);
    expect(found("src/lib.rs", before, `${before}// #[ignore]\nfn other() {}\n`)).toEqual([]);
  });

  test("scripts that swallow failures", () => {
    expect(found("scripts/check.sh", "make\n", "make || true\nnix build --impure\n")).toEqual(["|| true:1", "--impure:2"]);
    expect(found("README.md", "", "run `make || true`")).toEqual([]);
  });

  test("CI steps that are gone or may fail", () => {
    const before = "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n";
    expect(found(".github/workflows/ci.yml", before, before.replace("      - run: cargo test\n", ""))).toEqual([
      "CI step removed:1",
    ]);
    expect(found(".github/workflows/ci.yml", before, `${before}        continue-on-error: true\n`)).toEqual([
      "continue-on-error:6",
    ]);
    expect(found(".github/workflows/ci.yml", before, before.replace("cargo test", "cargo test || true"))).toEqual([
      "|| true:5",
      "CI step removed:1",
    ]);
  });

  test("exceptions that a policy gained", () => {
    const policy = '[policy.inputs]\norg = "x"\n';
    const exception = '[[policy.inputs.exception]]\nurl = "github:a/b"\nreason = "r"\n';
    expect(found("crq-agent.toml", policy, policy + exception)).toEqual(["policy exception added:1"]);
    expect(found("crq-agent.toml", policy + exception, policy)).toEqual([]);
  });
});

test("the work since a commit", async () => {
  const directory = mkdtempSync(join(tmpdir(), "crq-weakening-"));
  const run = (...args: readonly string[]): Promise<string> =>
    git(["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd: directory });
  try {
    await run("init", "--quiet");
    writeFileSync(join(directory, "flake.nix"), "{ }");
    writeFileSync(join(directory, "lib.rs"), "#[test]\nfn a() {}\n");
    await run("add", "--all");
    await run("commit", "--quiet", "-m", "base");
    writeFileSync(join(directory, "flake.nix"), "{\n doCheck = false; }");
    rmSync(join(directory, "lib.rs"));
    expect(await findWeakenings(directory, "HEAD", ["flake.nix", "lib.rs", "nowhere.nix"])).toEqual([
      { pattern: "doCheck = false", file: "flake.nix", line: 2 },
      { pattern: "test removed", file: "lib.rs", line: 1, what: "a" },
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
