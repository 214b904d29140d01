import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deedsOf } from "../../../src/nix/weakening/shell/deeds.ts";
import { narrowerWords } from "../../../src/nix/weakening/shell/test-words.ts";

const deeds = (script: string): readonly string[] => deedsOf(script).map(({ kind, words }) => `${kind} ${words.join(" ")}`);

describe("what a script insists on", () => {
  test.each([
    ["tally --sum 1 2", ["runs tally --sum 1 2"]],
    ["runHook preCheck\nmkdir -p x; export A=b; cd x", []],
    ["/nix/store/x-grep/bin/grep -q 1 out", ["compares grep -q 1 out"]],
    ["env A=b timeout 5 tally", ["runs tally"]],
    ["bash -c 'tally; echo ok'", ["runs tally"]],
    ['[ "$(tally --sum 1 2)" = 3 ]', ["runs tally --sum 1 2", "compares [ $(tally --sum 1 2) = 3 ]"]],
    ["test 1 = 1", []],
    ["tally || true", []],
    ["tally | grep x || echo no", []],
    ["tally || { cat log; exit 1; }", ["runs tally"]],
    ["tally && echo ok\nls", ["works ls"]],
    ["tally && touch $out", ["runs tally"]],
    ["if tally; then echo ok; fi", []],
    ["if true; then tally; fi\nls", ["works ls"]],
    ["! tally", []],
    ["tally &\nls", ["works ls"]],
    ["exit 0\ntally", []],
    ["set +e\ntally\nset -e\nls", ["works ls"]],
    ["trap 'exit 0' EXIT\ntally", []],
    ["smoke() { tally; }\nls", ["works ls"]],
    ["smoke() { tally; }\nsmoke", ["runs tally"]],
    ["cargo() { true; }\ncargo test", []],
    ["cat > x <<'END'\ntally\nEND\nls", ["works cat > x", "works ls"]],
    ["for f in a b; do tally $f; done", ["runs tally $f"]],
  ])("%j", (script, expected) => {
    expect(deeds(script)).toEqual(expected);
  });

  test("is told of any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...`ab $(){}'"|&;\n<!#[]`, "if ", "then ", "fi", "exit ") }),
        (text) => void deedsOf(text),
      ),
    );
  });
});

test("words by which fewer tests run", () => {
  const less = (was: string, is: string): readonly string[] => narrowerWords(was.split(" "), is.split(" "));
  expect(less("cargo test --workspace", "cargo test")).toEqual(["without --workspace"]);
  expect(less("cargo test", "cargo test --lib -- parses")).toEqual(["--lib", "only tests named parses"]);
  expect(less("cargo test --test-threads 1", "cargo test --release -j 2")).toEqual([]);
  expect(less("cargo test --features a", "cargo test --all-features")).toEqual([]);
  expect(less("--skip slow", "--nocapture")).toEqual([]);
});
