import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphProblems } from "../../../src/repo/dependency-graph.ts";
import type { SplitCrate } from "../../../src/repo/rust/types.ts";
import { splitText } from "./split-folder.ts";

const reasons = (split: SplitCrate): readonly unknown[] =>
  split.leftOut.map(({ item, file, line, column, reason }) => [item, `${file}:${line}:${column}`, reason]);

const shape = (split: SplitCrate): Record<string, readonly string[]> =>
  Object.fromEntries(split.nodes.map(({ name, depends }) => [name, depends]));

describe("a node", () => {
  test("keeps the text of its item but for what the other nodes must see", () => {
    const split = splitText({
      "src/lib.rs":
        "mod deep;\nuse deep::Count as Number;\n\n/// Adds — one.\n// note\n#[inline]\nfn add(n: Number) -> u8 { n.0 /* field */ + 1 }\n",
      "src/deep.rs": "pub(crate) struct Count(pub(super) u8);\n",
    });
    expect(split.nodes).toEqual([
      {
        name: "demo-deep-count",
        items: [{ item: "deep::Count", kind: "struct", file: "src/deep.rs", line: 1, column: 1 }],
        depends: [],
        features: [],
        manifest:
          '[package]\nname = "demo-deep-count"\nversion = "0.1.0"\nedition = "2021"\npublish = false\n\n[lib]\npath = "lib.rs"\ndoctest = false\n',
        source: "//! demo 0.1.0: deep::Count\n#![allow(warnings)]\n\npub mod deep {\npub struct Count(pub u8);\n}\n",
      },
      {
        name: "demo-add",
        items: [{ item: "add", kind: "fn", file: "src/lib.rs", line: 7, column: 1 }],
        depends: ["demo-deep-count"],
        features: [],
        manifest:
          '[package]\nname = "demo-add"\nversion = "0.1.0"\nedition = "2021"\npublish = false\n\n[lib]\npath = "lib.rs"\ndoctest = false\n\n[dependencies]\ndemo-deep-count = { path = "../demo-deep-count" }\n',
        source:
          "//! demo 0.1.0: add\n#![allow(warnings)]\n\nuse deep::Count as Number;\n\n/// Adds — one.\n// note\n#[inline]\npub fn add(n: Number) -> u8 { n.0 /* field */ + 1 }\n\npub mod deep {\npub(crate) use ::demo_deep_count::deep::Count;\n}\n",
      },
    ]);
  });

  test("changes alone when a body changes", () => {
    const files = (body: string): Record<string, string> => ({
      "src/lib.rs": `pub fn one() -> u8 { ${body} }\npub fn two() -> u8 { one() }\npub struct Three;\nimpl Three { pub fn go(&self) -> u8 { two() } }\n`,
    });
    const [before, after] = [splitText(files("1")), splitText(files("let n = 40;\n n + 2"))];
    const changed = after.nodes.filter(({ source }, at) => source !== before.nodes[at]?.source).map(({ name }) => name);
    expect({ changed, shape: shape(after), join: after.root.source === before.root.source }).toEqual({
      changed: ["demo-one"],
      shape: { "demo-one": [], "demo-two": ["demo-one"], "demo-three": ["demo-two"] },
      join: true,
    });
  });

  test("holds together what Rust and circles want together", () => {
    const split = splitText({
      "src/lib.rs": [
        "pub struct A(Box<Option<B>>); pub struct B(Box<Option<A>>);",
        "pub trait Say { fn say(&self) {} }",
        "impl Say for A {} impl<'a> Say for &'a C {} impl Say for str {} impl From<C> for String { fn from(_: C) -> String { String::new() } }",
        "pub struct C; impl C { fn x(&self) { even(1); } }",
        "fn even(n: u8) -> bool { odd(n) } fn odd(n: u8) -> bool { even(n) }",
        "fn param(even: u8) -> u8 { let odd = even; odd }",
      ].join("\n"),
    });
    expect(split.nodes.map(({ name, items }) => [name, items.map(({ item }) => item)])).toEqual([
      ["demo-a-and-b", ["A", "B", "impl Say for A"]],
      ["demo-say", ["Say", "impl Say for str"]],
      ["demo-c", ["impl<'a> Say for &'a C", "impl From<C> for String", "C", "impl C"]],
      ["demo-even-and-odd", ["even", "odd"]],
      ["demo-param", ["param"]],
    ]);
  });
});

describe("what cannot stand alone", () => {
  test("is what a macro wants public where a glob would take it for the prelude's", () => {
    const split = splitText({
      "src/lib.rs": [
        "mod a { fn drop(_: u8) {} #[macro_export] macro_rules! quiet { () => { $crate::a::drop(1) } } pub fn run() { quiet!() } }",
        "mod b { use super::a::*; pub fn go() { drop(String::new()); run(); } }",
      ].join("\n"),
    });
    expect(reasons(split)).toEqual([
      ["a::drop", "src/lib.rs:1:9", { kind: "seen-by-glob", glob: "super::a", by: "crate::b" }],
      ["a::quiet", "src/lib.rs:1:43", { kind: "needs-left-out", needs: "a::drop" }],
      ["a::run", "src/lib.rs:1:95", { kind: "needs-left-out", needs: "a::quiet" }],
      ["b::go", "src/lib.rs:2:26", { kind: "needs-left-out", needs: "a::run" }],
    ]);
  });

  test("is named with its place and reason", () => {
    const split = splitText(
      {
        "src/lib.rs": [
          "use rand::Rng;",
          "pub fn roll(r: &mut impl Rng) -> u8 { r.gen() }",
          "#[derive(serde::Serialize)] struct Row;",
          '#[no_mangle] pub extern "C" fn entry() {}',
          'extern "C" { fn puts(); }',
          "pub fn here() -> u32 { line!() }",
          'static TEXT: &str = include_str!("a.txt");',
          "pub fn text() -> &'static str { TEXT }",
          "#[cfg(test)] mod tests { fn a() {} }",
          "mod gone;",
          "lazy! { static ref X: u8 = 1; }",
          "impl Clone for Nowhere { fn clone(&self) -> Self { loop {} } }",
          "pub fn fine() {}",
          "pub fn broken( { }",
        ].join("\n"),
      },
      { dependencies: ["rand", "serde"] },
    );
    expect(reasons(split)).toEqual([
      ["roll", "src/lib.rs:2:1", { kind: "external-crate", crate: "rand" }],
      ["Row", "src/lib.rs:3:29", { kind: "attribute-macro", name: "serde::Serialize" }],
      ["entry", "src/lib.rs:4:14", { kind: "linker-symbol", attribute: "no_mangle" }],
      ['extern "C"', "src/lib.rs:5:1", { kind: "extern-block" }],
      ["here", "src/lib.rs:6:1", { kind: "reads-own-place", macro: "line!" }],
      ["TEXT", "src/lib.rs:7:1", { kind: "build-environment", macro: "include_str" }],
      ["text", "src/lib.rs:8:1", { kind: "needs-left-out", needs: "TEXT" }],
      ["tests", "src/lib.rs:9:14", { kind: "test" }],
      ["gone", "src/lib.rs:10:1", { kind: "missing-file", looked: ["src/gone.rs", "src/gone/mod.rs"] }],
      ["lazy!", "src/lib.rs:11:1", { kind: "unknown-macro", name: "lazy" }],
      ["impl Clone for Nowhere", "src/lib.rs:12:1", { kind: "owner-unknown" }],
      ["broken", "src/lib.rs:14:15", { kind: "parse-error" }],
    ]);
    expect(Object.keys(shape(split))).toEqual(["demo-fine"]);
  });
});

describe("any text", () => {
  const pieces = fc.constantFrom(
    ...'fn f ( ) { } struct S ; impl for trait T where < > :: use crate super self * , = mod m pub macro_rules ! $x #[cfg(test)] \'a "s" // c\n enum E 1'.split(
      " ",
    ),
  );
  const names = fc.constantFrom("a", "b", "c", "d");
  const item = fc.oneof(
    fc.tuple(names, names, names).map(([a, b, c]) => `pub fn ${a}(${b}: u8) { ${c}(); ${b}; }`),
    fc.tuple(names, names).map(([a, b]) => `use self::${a}::{${b}, self as ${b}${a}, *};`),
    fc.tuple(names, names).map(([a, b]) => `pub mod ${a} { pub use super::*; pub fn ${b}() { super::${a}(); } }`),
    fc.tuple(names, names).map(([a, b]) => `macro_rules! ${a} { () => { $crate::${b}(); ${b}!() } }\n${b}!();`),
    fc.tuple(names, names).map(([a, b]) => `enum ${a} { ${b} } impl ${b} for ${a} {}`),
    fc.array(pieces, { maxLength: 12 }).map((list) => list.join(" ")),
  );

  test("ends in nodes without a circle, with every node's edges among the nodes and names that Cargo takes", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 14 }), (items) => {
        const split = splitText({ "src/lib.rs": items.join("\n") });
        expect(graphProblems(split.nodes.map(({ name, depends }) => ({ id: name, depends })))).toEqual([]);
        for (const { name } of split.nodes) expect(name).toMatch(/^[a-z][a-z0-9-]{0,63}$/u);
      }),
      { numRuns: 150 },
    );
  });

  test("of great depth or length is read to the end", () => {
    const deep = `pub fn deep() -> u8 { ${"(".repeat(5_000)}1${")".repeat(5_000)} }\n`;
    const chain = Array.from({ length: 1_500 }, (_, at) => `pub fn f${at}() { ${at === 0 ? "" : `f${at - 1}()`} }`).join("\n");
    const split = splitText({ "src/lib.rs": deep + chain });
    expect(split.leftOut.map(({ item, reason }) => [item, reason.kind])).toEqual([["deep", "too-deep"]]);
    expect(split.nodes.length).toBe(1_500);
  });
});
