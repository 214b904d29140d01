import { describe, expect, test } from "vitest";
import { hashLiterals } from "../../../src/nix/gate/hash-rules.ts";
import { checkNames } from "../../../src/nix/weakening/nix-text.ts";
import { rustTests } from "../../../src/nix/weakening/rust/tests.ts";
import { lostDeeds } from "../../../src/nix/weakening/shell/lost-deeds.ts";
import { weakeningsOf } from "../../../src/nix/weakening.ts";

/** Long texts: work that grew with the square of their length took minutes for each of these. */

describe("one pass over", () => {
  test("a lock with a hash in every line", () => {
    const hash = `sha256-${"A".repeat(40)}b0A=`;
    const lines = Array.from({ length: 8_000 }, (_, at) => `"p${at}": "${hash}"`);
    expect(hashLiterals("package-lock.json", lines.join("\n")).map(({ line }) => line)).toEqual(lines.map((_, at) => at + 1));
  });

  test("a test with a long text in one line", () => {
    const text = "a, b; ".repeat(60_000);
    expect(rustTests(`#[test]\nfn reads() { run("${text}"); /* ${text} */ }\n`).tests[0]?.body).toBe(`run("${text}");`);
  });

  test("two scripts that share nothing, and two that are the same", () => {
    const deeds = (name: string) =>
      Array.from({ length: 2_000 }, (_, at) => ({ kind: "works", program: `${name}${at}`, words: [`${name}${at}`] }) as const);
    expect(lostDeeds(deeds("a"), deeds("b")).lost).toEqual([]);
    expect(lostDeeds(deeds("a"), deeds("a"))).toEqual({ lost: [], changed: [], narrowed: [] });
  });

  test("sets of checks in sets of checks", () => {
    expect(checkNames(`{ ${"checks = { ".repeat(20_000)}`)).toHaveLength(19_999);
  });
});

test("what stands behind a character of two units is read in its place", () => {
  const before =
    "// 😀😀😀😀😀😀😀😀😀😀😀😀\n#[cfg(test)]\nmod t {\n    #[test]\n    fn adds() { assert_eq!(add(1, 2), 3); }\n}\n";
  expect(rustTests(before).tests).toEqual([{ name: "adds", line: 4, body: "assert_eq!(add(1, 2), 3);", off: false, gates: 0 }]);
  expect(weakeningsOf("src/lib.rs", before, before.replace("#[cfg(test)]", "#[cfg(any())]"))).toEqual([
    { pattern: "test ignored", file: "src/lib.rs", line: 4, what: "adds" },
  ]);
});
