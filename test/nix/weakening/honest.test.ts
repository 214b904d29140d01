import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blanked } from "../../../src/nix/weakening/rust/blank.ts";
import { rustTests } from "../../../src/nix/weakening/rust/tests.ts";
import { weakeningsOfChange } from "../../../src/nix/weakening.ts";

/** `pattern what` of a change of files: path to texts before and after. */
function found(
  files: Readonly<Record<string, readonly [before: string | undefined, after: string | undefined]>>,
): readonly string[] {
  return weakeningsOfChange(Object.entries(files).map(([path, [before, after]]) => ({ path, before, after }))).map(
    ({ pattern, file, line, what }) => `${pattern} ${what ?? ""} ${file}:${line}`,
  );
}

const ADDS = "#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n";
const PARSES = '#[test]\nfn parses() {\n    let got = parse("a = 1").unwrap();\n    assert_eq!(got.len(), 1);\n}\n';

describe("tests of Rust", () => {
  test("are read from code, not from comments and strings", () => {
    const source = [
      "// #[test] fn a() {}",
      "/* /* #[test] */ fn b() {} */",
      'const TEXT: &str = "#[test]\\" fn c() {}";',
      'const RAW: &str = r#"#[test] " fn d() {}"#;',
      "fn f<'a>(x: &'a str) -> char { '\"' }",
      '#[tokio::test(flavor = "multi_thread")]',
      '#[should_panic(expected = "}")]',
      'pub(crate) async fn real() { run("}").await; }',
      '#[test_case(1; "one")]',
      "fn cased(x: u8) { assert!(x > 0); }",
    ].join("\n");
    expect(rustTests(source)).toEqual({
      tests: [
        { name: "real", line: 7, body: 'run("}").await;', off: false, gates: 0 },
        { name: "cased", line: 9, body: "assert!(x > 0);", off: false, gates: 0 },
      ],
      modules: [],
      shut: [],
    });
  });

  test("blanking keeps every offset and line, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`"'/*#rb{}[]\\\n a`) }), (text) => {
        const code = blanked(text);
        expect([code.length, code.split("\n").length]).toEqual([text.length, text.split("\n").length]);
        rustTests(text);
      }),
    );
  });
});

describe("a test that is lost", () => {
  test.each([
    ["deleted", ADDS + PARSES, ADDS, ["test removed parses src/lib.rs:1"]],
    ["no longer marked as one", ADDS, ADDS.replace("#[test]\n", ""), ["test removed adds src/lib.rs:1"]],
    ["in a comment", ADDS, `/*\n${ADDS}*/\n`, ["test removed adds src/lib.rs:1"]],
    ["emptied", ADDS, "#[test]\nfn adds() {\n    // later\n}\n", ["test removed adds src/lib.rs:1"]],
    ["true for all", ADDS, "#[test]\nfn adds() { assert!(true); }\n", ["test removed adds src/lib.rs:1"]],
    ["ignored", ADDS, ADDS.replace("\nfn", "\n#[ignore]\nfn"), ["test ignored adds src/lib.rs:2"]],
    [
      "ignored by condition",
      ADDS,
      ADDS.replace("\nfn", '\n#[cfg_attr(unix, ignore = "x")]\nfn'),
      ["test ignored adds src/lib.rs:2"],
    ],
    ["never compiled", ADDS, ADDS.replace("\nfn", "\n#[cfg(any())]\nfn"), ["test ignored adds src/lib.rs:2"]],
    [
      "in a module that is never compiled",
      `mod t {\n${ADDS}}\n`,
      `#[cfg(any())]\nmod t {\n${ADDS}}\n`,
      ["test ignored adds src/lib.rs:3"],
    ],
    ["in a file that is never compiled", ADDS, `#![cfg(any())]\n${ADDS}`, ["test ignored adds src/lib.rs:2"]],
    ["behind a feature", ADDS, ADDS.replace("\nfn", '\n#[cfg(feature = "slow")]\nfn'), ["test ignored adds src/lib.rs:2"]],
    [
      "in a module behind a feature",
      `#[cfg(test)]\nmod t {\n${ADDS}}\n`,
      `#[cfg(all(test, feature = "slow"))]\nmod t {\n${ADDS}}\n`,
      ["test ignored adds src/lib.rs:3"],
    ],
    ["in a file behind a feature", ADDS, `#![cfg(feature = "slow")]\n${ADDS}`, ["test ignored adds src/lib.rs:2"]],
    ["only where tests are not", ADDS, ADDS.replace("\nfn", "\n#[cfg(not(test))]\nfn"), ["test ignored adds src/lib.rs:2"]],
    [
      "in a module of its own that is never compiled",
      "#[cfg(test)]\nmod tests;\n",
      "#[cfg(test)]\n#[cfg(any())]\nmod tests;\n",
      ["test ignored mod tests src/lib.rs:1"],
    ],
    [
      "in a module of its own behind a feature",
      "#[cfg(test)]\nmod unit;\n",
      '#[cfg(all(test, feature = "slow"))]\nmod unit;\n',
      ["test ignored mod unit src/lib.rs:1"],
    ],
    [
      "that asserts nothing any more",
      PARSES,
      PARSES.replace(/ {4}assert.*\n/u, "").replace(".unwrap()", ""),
      ["test removed parses src/lib.rs:1"],
    ],
    ["that only prints", ADDS, '#[test]\nfn adds() { println!("ok"); }\n', ["test removed adds src/lib.rs:1"]],
    ["that is left at once", ADDS, ADDS.replace("{\n", "{\n    return;\n"), ["test removed adds src/lib.rs:1"]],
    [
      "under if false",
      ADDS,
      ADDS.replace("assert", "if false { assert").replace("3);", "3); }"),
      ["test removed adds src/lib.rs:1"],
    ],
    ["that compares a value with itself", ADDS, ADDS.replace("add(1, 2), 3", "3, 3"), ["test removed adds src/lib.rs:1"]],
    ["renamed and gutted", ADDS, "#[test]\nfn sums() { let _ = 1; }\n", ["test removed adds src/lib.rs:1"]],
    ["renamed and ignored", ADDS, ADDS.replace("\nfn adds", "\n#[ignore]\nfn sums"), ["test removed adds src/lib.rs:1"]],
    [
      "in a module that nobody includes",
      "#[cfg(test)]\nmod tests;\n",
      "pub fn add() {}\n",
      ["test removed mod tests src/lib.rs:1"],
    ],
  ] as const)("%s", (_, before, after, expected) => {
    expect(found({ "src/lib.rs": [before, after] })).toEqual(expected);
  });

  test("with its whole folder", () => {
    expect(found({ "tests/adds.rs": [ADDS, undefined], "tests/run.sh": ["./greet | grep hello\n", undefined] })).toEqual([
      "test removed adds tests/adds.rs:1",
      "test removed tests/run.sh tests/run.sh:1",
    ]);
  });

  test("because cargo is told not to run it", () => {
    const manifest = '[package]\nname = "a"\n[lib]\npath = "src/lib.rs"\n';
    expect(
      found({
        "Cargo.toml": [manifest, `${manifest}test = false\n`],
        "crates/b/Cargo.toml": ['[package]\nname = "b"\n', '[package]\nname = "b"\nautotests = false\n'],
        ".cargo/config.toml": [undefined, '[target."cfg(all())"]\nrunner = "true"\n'],
      }),
    ).toEqual([
      "test target off lib : test = false Cargo.toml:5",
      "test target off autotests = false crates/b/Cargo.toml:3",
      'test runner replaced cfg(all()): "true" .cargo/config.toml:2',
    ]);
  });
});

describe("nobody is accused of", () => {
  test.each([
    ["a test that moved to another file", { "src/lib.rs": [ADDS + PARSES, PARSES], "tests/adds.rs": [undefined, ADDS] }],
    ["a file of tests that was renamed", { "tests/a.rs": [ADDS, undefined], "tests/b.rs": [undefined, ADDS] }],
    ["a script of tests that moved", { "tests/a.sh": ["./x\n", undefined], "test/b.sh": [undefined, "./x\n"] }],
    ["a test with a better name", { "src/lib.rs": [PARSES, PARSES.replace("fn parses", "fn parses_one_pair")] }],
    [
      "a test with a better name and one more assertion",
      {
        "src/lib.rs": [
          PARSES,
          PARSES.replace("fn parses()", "fn pairs()").replace("1);\n", '1);\n    assert_eq!(got["a"], 1);\n'),
        ],
      },
    ],
    [
      "a test whose assertions went into a function",
      { "src/lib.rs": [ADDS, ADDS.replace("assert_eq!(add(1, 2), 3)", "sums(1, 2, 3)")] },
    ],
    ["a test with fewer assertions", { "src/lib.rs": [PARSES, PARSES.replace(/ {4}assert.*\n/u, "")] }],
    ["a test that never asserted", { "src/lib.rs": ["#[test]\nfn runs() { run(1); }\n", "#[test]\nfn runs() { run(2); }\n"] }],
    ["a test that says more", { "src/lib.rs": [ADDS, ADDS.replace("3);", "3);\n    assert_eq!(add(0, 0), 0);")] }],
    [
      "a test that was ignored already and moved",
      {
        "a.rs": ["#[test]\n#[ignore]\nfn slow() { x(); }\n", ""],
        "b.rs": [undefined, "#[test]\n#[ignore]\nfn slow() { x(); }\n"],
      },
    ],
    ["a new test that is too slow for every day", { "src/lib.rs": [ADDS, `${ADDS}#[test]\n#[ignore]\nfn slow() { x(); }\n`] }],
    [
      "a test behind a feature that is on",
      {
        "Cargo.toml": ['[package]\nname = "a"\n', '[package]\nname = "a"\n[features]\ndefault = ["x"]\nx = []\n'],
        "src/lib.rs": [ADDS, `#[cfg(feature = "x")]\n${ADDS}`],
      },
    ],
    [
      "a test behind a feature under a new name",
      { "src/lib.rs": [`#[cfg(feature = "x")]\n${ADDS}`, `#[cfg(feature = "y")]\n${ADDS}`] },
    ],
    ["a test that a feature would take away", { "src/lib.rs": [ADDS, `#[cfg(not(feature = "x"))]\n${ADDS}`] }],
    ["a new test behind a feature", { "src/lib.rs": [ADDS, `${ADDS}#[cfg(feature = "x")]\n#[test]\nfn w() { x(); }\n`] }],
    ["a test on its own platforms", { "src/lib.rs": [ADDS, `#[cfg(all(test, unix))]\n${ADDS}`] }],
    ["a module that became a choice", { "src/lib.rs": ["mod tls;\n", '#[cfg(feature = "tls")]\nmod tls;\n'] }],
    ["a platform's own test", { "src/lib.rs": [ADDS, `${ADDS}#[cfg(windows)]\n#[test]\nfn w() { x(); }\n`] }],
    [
      "tests that went from a file of their own into the module",
      {
        "src/lib.rs": ["#[cfg(test)]\nmod tests;\n", `#[cfg(test)]\nmod tests {\n${ADDS}}\n`],
        "src/tests.rs": [ADDS, undefined],
      },
    ],
    [
      "a dependency and a target of tests",
      {
        "Cargo.toml": [
          '[package]\nname = "a"\n',
          '[package]\nname = "a"\n[dependencies]\nserde = "1"\n[[test]]\nname = "own"\nharness = false\n',
        ],
      },
    ],
    ["cleaning up", { "run.sh": ["make\n", "rm -f socket || true\nkill $pid || true\n"] }],
    [
      "a new version of an action and more words for a command",
      {
        ".github/workflows/ci.yml": [
          "steps:\n  - uses: actions/checkout@v4\n  - run: cargo test\n",
          "steps:\n  - uses: actions/checkout@v5\n  - run: nix develop -c cargo test --locked\n",
        ],
      },
    ],
    ["a recipe that ignored failures before", { Makefile: ["clean:\n\t-rm -f x\n", "clean:\n\t-rm -f x\n\t-rm -f y\n"] }],
    [
      "a setting that moved to another file",
      { "flake.nix": ["{ a.doCheck = false; }", "{ a = import ./a.nix; }"], "a.nix": [undefined, "{ doCheck = false; }"] },
    ],
    [
      "a check that moved to another file",
      {
        "flake.nix": ["{ checks.x86_64-linux.test = 1; }", "{ }"],
        "nix/checks.nix": [undefined, "{ checks.x86_64-linux.test = 1; }"],
      },
    ],
    ["what package.json swallows", { "package.json": ["{}", '{ "scripts": { "clean": "rm -r dist || true; x || echo" } }'] }],
  ] as const)("%s", (_, files) => {
    expect(found(files)).toEqual([]);
  });

  test("reordering, re-indenting and comments, whatever the tests are", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/u), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, fc.boolean(), (all, nested) => {
        const tests = all.map((name, at) => `#[test]\nfn t_${name}() { assert_eq!(f(${at}), "${name}"); }`);
        const after = [...tests]
          .reverse()
          .map((one) => `// note\n${one.replace(/^/gmu, "    ")}`)
          .join("\n");
        expect(found({ "src/lib.rs": [tests.join("\n"), nested ? `#[cfg(test)]\nmod tests {\n${after}\n}\n` : after] })).toEqual(
          [],
        );
      }),
    );
  });
});

describe("scripts and CI", () => {
  test.each([
    [
      "a recipe whose failure counts no longer",
      { Makefile: ["test:\n\tcargo test\n", "test:\n\t-cargo test\n"] },
      ["failure ignored cargo test Makefile:2"],
    ],
    [
      "a justfile's too",
      { justfile: ["test:\n    cargo test\n", "test:\n    -@cargo test\n"] },
      ["failure ignored cargo test justfile:2"],
    ],
    [
      "a step that does less",
      { ".github/workflows/ci.yml": ["- run: cargo test\n", "- run: cargo test --no-run\n"] },
      ["CI step removed cargo test .github/workflows/ci.yml:1"],
    ],
    [
      "a step behind another workflow's name",
      { ".github/workflows/ci.yml": ["- run: nix flake check\n", undefined] },
      ["CI step removed nix flake check .github/workflows/ci.yml:1"],
    ],
    ["a check phase of nothing", { "flake.nix": ["{ }", '{ checkPhase = ""; }'] }, ["stub builder  flake.nix:1"]],
    [
      "checks that are built, not run",
      { "flake.nix": ["{ }", '{ cargoTestFlags = [ "--no-run" ]; dontCargoCheck = true; }'] },
      ["doCheck = false  flake.nix:1", "test skipped  flake.nix:1"],
    ],
  ] as const)("%s", (_, files, expected) => {
    expect(found(files)).toEqual(expected);
  });
});

describe("tests of other languages", () => {
  const PY = "def test_a():\n    assert f() == 1\n\n\ndef test_b():\n    assert f() == 2\n";
  const JS = "it('adds', () => {});\ntest(\"subs\", () => {});\n";
  const GO = "func TestA(t *testing.T) {\n\tf()\n}\n";

  test.each([
    ["tests/test_a.py", PY, PY.split("\n\n\n")[0], ["test removed test_b"]],
    ["tests/test_a.py", PY, PY.replaceAll("def test_b", "# def test_b"), ["test removed test_b"]],
    [
      "tests/test_a.py",
      PY,
      PY.replace("def test_b", "@pytest.mark.skip(reason='x')\ndef test_b"),
      ["test skipped @pytest.mark.skip"],
    ],
    ["tests/test_a.py", PY, PY.replace("def test_b", "@unittest.skip('x')\ndef test_b"), ["test skipped @unittest.skip"]],
    ["tests/test_a.py", PY, PY.replace("    assert f() == 2", "    pytest.skip('later')"), ["test skipped pytest.skip"]],
    ["src/a.test.ts", JS, JS.replace("it(", "it.skip("), ["test skipped it.skip"]],
    ["src/a.test.ts", JS, JS.replace("it(", "xit("), ["test skipped xit"]],
    ["src/a.test.ts", JS, JS.replace("it(", "it.only("), ["test skipped it.only"]],
    ["src/a.test.ts", JS, JS.replace("it(", "// it("), ["test removed adds"]],
    ["src/a.spec.mjs", JS, "it('adds', () => {});\n", ["test removed subs"]],
    ["a_test.go", GO, GO.replace("f()", 't.Skip("later")'), ["test skipped t.Skip"]],
    ["a_test.go", GO, "package a\n", ["test removed TestA"]],
    ["CMakeLists.txt", "add_test(NAME adds COMMAND t)\n", "# add_test(NAME adds COMMAND t)\n", ["test removed adds"]],
    ["meson.build", "test('adds', exe)\n", "exe\n", ["test removed adds"]],
    ["Makefile", "test: all\n\t./run\n", "test:\n\t@echo ok\n", ["test removed test"]],
    ["Makefile", "check-all:\n\tcargo test\n", "all:\n\tcargo build\n", ["test removed check-all"]],
    ["justfile", "test:\n    cargo test\n", "test:\n    true\n", ["test removed test"]],
  ] as const)("%s: one less is run (%#)", (path, before, after, expected) => {
    expect(found({ [path]: [before, after] })).toEqual(expected.map((line) => `${line} ${path}:1`));
  });

  test.each([
    [
      "recipes that test in another way",
      { Makefile: ["test:\n\tcargo test\n", "test: build\n\t@cargo nextest run\nbuild:\n\tcargo build\n"] },
    ],
    ["a recipe that only calls others", { Makefile: ["test:\n\tcargo test\n", "test: unit\nunit:\n\tcargo test\n"] }],
    ["a variable named so", { Makefile: ["test_flags := a\ntest := b\n", "all:\n\tx\n"] }],
    ["a note", { "notes.txt": ["add_test(NAME adds COMMAND t)\n", ""] }],
    ["a better name", { "tests/test_a.py": [PY, PY.replace("test_b", "test_two")] }],
    ["another file", { "tests/test_a.py": [PY, PY.split("\n\n\n")[0]], "tests/test_b.py": [undefined, PY.split("\n\n\n")[1]] }],
    ["a new test that is skipped", { "a_test.go": [GO, `${GO}func TestB(t *testing.T) {\n\tt.Skip()\n}\n`] }],
    ["another reason", { "src/a.test.ts": [JS.replace("it(", "it.skip("), JS.replace("it(", "it.todo(")] }],
    ["a test that runs again", { "src/a.test.ts": [JS.replace("it(", "it.skip("), JS] }],
    ["no test at all", { "src/skip.py": ["", "def test(x):\n    self.skipTest(x)\n"], "src/it.ts": ["", "it.skip('x');\n"] }],
    ["tests in quotes", { "src/a.test.ts": [JS, `${JS}const text = "submit.only";\n`] }],
  ] as const)("nobody is accused of %s", (_, files) => {
    expect(found(files)).toEqual([]);
  });
});
