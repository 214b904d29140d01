import { describe, expect, test } from "vitest";
import { weakeningsOfChange } from "../../../src/nix/weakening.ts";

type Texts = readonly [before: string | undefined, after: string | undefined];

/** `pattern what path:line` of a change of files: path to texts before and after. */
const found = (files: Readonly<Record<string, Texts>>): readonly string[] =>
  weakeningsOfChange(Object.entries(files).map(([path, [before, after]]) => ({ path, before, after }))).map(
    ({ pattern, file, line, what }) => `${pattern} ${what ?? ""} ${file}:${line}`,
  );

const PACKAGE = '[package]\nname = "a"\n';
const features = (lines: string): string => `${PACKAGE}[features]\n${lines}\n`;
const workspace = (lines: string): string => `[workspace]\n${lines}\n`;
const TEST = "#[test]\nfn t() {\n    f();\n}\n";

describe("features that are on by default", () => {
  const FULL = 'default = ["tls", "log"]\ntls = ["dep:rustls"]\nlog = []';
  test.each([
    ["emptied", 'default = []\ntls = ["dep:rustls"]\nlog = []', ["tls", "log"], 4],
    ["narrowed", 'default = ["tls"]\ntls = ["dep:rustls"]\nlog = []', ["log"], 4],
    ["left out", 'tls = ["dep:rustls"]\nlog = []', ["tls", "log"], 1],
    ["replaced by one that does nothing", 'default = ["tls", "x"]\ntls = ["dep:rustls"]\nx = []', ["log"], 4],
    ["replaced by one that does less", 'default = ["https", "log"]\nhttps = []\nlog = []', ["tls"], 4],
  ] as const)("%s", (_, after, names, line) => {
    expect(new Set(found({ "Cargo.toml": [features(FULL), features(after)] }))).toEqual(
      new Set(names.map((name) => `default feature removed ${name} Cargo.toml:${line}`)),
    );
  });

  test("narrowed one feature further", () => {
    const full = features('default = ["full"]\nfull = ["a", "b"]\na = []\nb = []');
    expect(found({ "Cargo.toml": [full, full.replace('["a", "b"]', '["a"]')] })).toEqual([
      "default feature removed b Cargo.toml:4",
    ]);
  });

  test.each([
    ["in another order, with one more", FULL, 'default = ["log", "tls", "more"]\ntls = ["dep:rustls"]\nlog = []\nmore = []', {}],
    ["under a new name", FULL, 'default = ["https", "log"]\nhttps = ["dep:rustls"]\nlog = []', {}],
    [
      "under a new name that the code asks for",
      FULL,
      'default = ["tls", "trace"]\ntls = ["dep:rustls"]\ntrace = []',
      { "src/lib.rs": ['#[cfg(feature = "log")]\nfn f() {}\n', '#[cfg(feature = "trace")]\nfn f() {}\n'] },
    ],
    [
      "named one by one",
      'default = ["full"]\nfull = ["a", "b"]\na = []\nb = []',
      'default = ["a", "b"]\nfull = ["a", "b"]\na = []\nb = []',
      {},
    ],
    [
      "of a dependency that is always there now",
      'default = ["serde"]\n[dependencies]\nserde = { version = "1", optional = true }',
      '[dependencies]\nserde = "1"',
      {},
    ],
    ["that was not on", "default = []\nx = []", "default = []", {}],
  ] as const)("fine: %s", (_, before, after, more) => {
    expect(found({ "Cargo.toml": [features(before), features(after)], ...more })).toEqual([]);
  });
});

describe("members of a workspace", () => {
  const TWO = workspace('members = ["a", "crates/b"]');
  test.each([
    ["removed", TWO, workspace('members = ["a"]'), ["crates/b Cargo.toml:2"]],
    ["all of them", TWO, PACKAGE, ["a Cargo.toml:1", "crates/b Cargo.toml:1"]],
    [
      "excluded",
      workspace('members = ["crates/*"]'),
      workspace('members = ["crates/*"]\nexclude = ["crates/b"]'),
      ["crates/b: exclude Cargo.toml:3"],
    ],
    [
      "excluded, a member by its path only",
      `${workspace("")}[dependencies]\nb = { path = "b" }\n`,
      `${workspace('exclude = ["b"]')}[dependencies]\nb = { path = "b" }\n`,
      ["b: exclude Cargo.toml:2"],
    ],
    ["moved to exclude", TWO, workspace('members = ["a"]\nexclude = ["crates/b"]'), ["crates/b Cargo.toml:2"]],
    [
      "not built by default",
      TWO,
      workspace('members = ["a", "crates/b"]\ndefault-members = ["a"]'),
      ["crates/b: default-members Cargo.toml:3"],
    ],
    [
      "a package that is not built by default",
      `${PACKAGE}${workspace('members = ["b"]')}`,
      `${PACKAGE}${workspace('members = ["b"]\ndefault-members = ["b"]')}`,
      [".: default-members Cargo.toml:5"],
    ],
    ["one of many by name", workspace('members = ["crates/*"]'), workspace('members = ["crates/b"]'), ["crates/* Cargo.toml:2"]],
  ] as const)("%s", (_, before, after, expected) => {
    expect(found({ "Cargo.toml": [before, after] })).toEqual(expected.map((what) => `workspace member removed ${what}`));
  });

  test.each([
    ["by a glob", { "Cargo.toml": [TWO, workspace('members = ["a/", "crates/*"]')] }],
    [
      "that moved",
      {
        "Cargo.toml": [TWO, workspace('members = ["a", "libs/b"]')],
        "crates/b/Cargo.toml": [PACKAGE, undefined],
        "libs/b/Cargo.toml": [undefined, PACKAGE],
      },
    ],
    ["one more", { "Cargo.toml": [TWO, workspace('members = ["a", "crates/b", "c"]\ndefault-members = ["a", "crates/b"]')] }],
    ["a folder that was none excluded", { "Cargo.toml": [TWO, workspace('members = ["a", "crates/b"]\nexclude = ["fuzz"]')] }],
    [
      "a new crate excluded",
      {
        "Cargo.toml": [workspace('members = ["crates/*"]'), workspace('members = ["crates/*"]\nexclude = ["crates/vendored"]')],
        "crates/vendored/Cargo.toml": [undefined, PACKAGE],
      },
    ],
    ["a workspace that is new", { "Cargo.toml": [PACKAGE, `${PACKAGE}${workspace('members = ["b"]')}`] }],
  ] as const)("fine: %s", (_, files) => {
    expect(found(files)).toEqual([]);
  });
});

describe("targets that Cargo leaves out", () => {
  const target = (lines: string, kind = "test"): string =>
    `${features('default = ["on"]\non = []\nslow = []')}[[${kind}]]\n${lines}\n`;
  const bare = features('default = ["on"]\non = []\nslow = []');
  test.each([
    [
      "a test behind a feature that is off",
      { "Cargo.toml": [target('name = "it"'), target('name = "it"\nrequired-features = ["on", "slow"]')] },
      ["test it: required-features = slow Cargo.toml:9"],
    ],
    [
      "a test that was found by its place",
      { "Cargo.toml": [bare, target('name = "it"\nrequired-features = ["slow"]')] },
      ["test it: required-features = slow Cargo.toml:9"],
    ],
    [
      "a program",
      { "Cargo.toml": [bare, target('name = "a"\nrequired-features = ["slow"]', "bin")] },
      ["bin a: required-features = slow Cargo.toml:9"],
    ],
    [
      "a test with no harness",
      { "Cargo.toml": [target('name = "it"'), target('name = "it"\nharness = false')] },
      ["test it: harness = false Cargo.toml:9"],
    ],
    [
      "a test that was found by its place, with no harness",
      { "Cargo.toml": [bare, target('name = "it"\nharness = false')], "tests/it.rs": [TEST, `${TEST}fn main() {}\n`] },
      ["test it: harness = false Cargo.toml:9"],
    ],
    [
      "a test that is not run",
      { "Cargo.toml": [target('name = "it"'), target('name = "it"\ntest = false')] },
      ["test it: test = false Cargo.toml:9"],
    ],
  ] as const)("%s", (_, files, expected) => {
    expect(found(files)).toEqual(expected.map((what) => `test target off ${what}`));
  });

  test.each([
    ["behind a feature that is on", { "Cargo.toml": [target('name = "it"'), target('name = "it"\nrequired-features = ["on"]')] }],
    [
      "that was behind one, under a new name",
      {
        "Cargo.toml": [
          target('name = "it"\npath = "tests/it.rs"\nrequired-features = ["slow"]'),
          target('name = "it2"\npath = "tests/it.rs"\nrequired-features = ["slow"]'),
        ],
      },
    ],
    [
      "that is new",
      { "Cargo.toml": [bare, target('name = "it"\nrequired-features = ["slow"]')], "tests/it.rs": [undefined, TEST] },
    ],
    [
      "that is new, in a folder",
      { "a/Cargo.toml": [bare, target('name = "it"\nharness = false')], "a/tests/it.rs": [undefined, "fn main() {}\n"] },
    ],
  ] as const)("fine: a target %s", (_, files) => {
    expect(found(files)).toEqual([]);
  });
});

test("a manifest that could not be read before is not judged, nor one that cannot be now", () => {
  const good = features('default = ["x"]\nx = []');
  const bad = "[features\n";
  expect(found({ "Cargo.toml": [bad, `${PACKAGE}autotests = false\n`] })).toEqual([]);
  expect(found({ "Cargo.toml": [good, bad] })).toEqual([]);
  expect(found({ "Cargo.toml": [good, undefined] })).toEqual([]);
});
