import fc from "fast-check";
import { expect, test } from "vitest";
import { isIdle, onlyCopies } from "../../../../../src/crq/criteria/judge/builders/shell-script.ts";

test.each([
  ["nothing at all", ""],
  ["only comments", "# cargo test\n  # cargo clippy\n"],
  ["touch", "touch $out"],
  ["mkdir and touch", "mkdir -p $out && touch $out/test_result.txt"],
  ["a word in place of a run", 'echo "all tests passed" > $out'],
  ["a bare redirection", "> $out"],
  ["a redirection in two words", "echo ok 2> /dev/null > $out"],
  ["exit 0", "echo ready; exit 0"],
  ["colons and true", ": ; true || false"],
  ["settings and hooks", "set -euo pipefail\nrunHook preBuild\nexport HOME=$TMPDIR\n"],
  ["a condition that is constant", 'if [ "$x" = 1 ]; then echo a; else echo b; fi'],
  ["a word with a sharp inside", "echo a#b > $out"],
  ["a shell in a shell", "bash -euc 'touch $out'"],
  ["an idle program behind starters", "exec env LANG=C command touch $out"],
  ["an evaluated text", "eval 'echo ok; touch $out'"],
  ["constants compared", '[ 1 = 1 ] && [[ a == a ]] && test -n "x"'],
  ["an absolute idle program", "/bin/echo hello > $out"],
])("does nothing: %s", (_, script) => {
  expect(isIdle(script)).toBe(true);
});

test.each([
  ["a test run", "cargo test --offline\ntouch $out"],
  ["a program behind an idle one", "echo start && ./run-tests"],
  ["a command substitution", "echo $(cargo test) > $out"],
  ["backquotes", "echo `cargo test` > $out"],
  ["a process substitution", "test -f <(cargo metadata)"],
  ["a program behind an assignment", "RUST_BACKTRACE=1 cargo test"],
  ["a program in a pipe", "echo input | ./greet > $out"],
  ["a program by its store path", "/nix/store/abc-greet/bin/greet --version > $out"],
  ["copying a result", "cp -r target $out"],
  ["a quoted program", '"$src/run"'],
  ["a program in a branch", "if true; then cargo test; fi"],
  ["a program in a shell in a shell", 'sh -c "touch $out; cargo test"'],
  ["a program behind starters", "env LANG=C exec greet"],
  ["a text that is only known at run time", 'eval "$checkPhase"'],
  ["a file that must be there", "test -x /nix/store/abc-greet/bin/greet && touch $out"],
  ["a file that must be there, by a variable", '[ -s "$result" ]'],
  ["a program after a comment", "# check\ngreet"],
])("does something: %s", (_, script) => {
  expect(isIdle(script)).toBe(false);
});

test("is the same for idle scripts put one behind the other", () => {
  const line = fc.constantFrom("touch $out", "echo 'a; b'", "mkdir -p $out", "# note", "", "cargo test", 'echo "x # y"');
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(isIdle(lines.join("\n"))).toBe(!lines.includes("cargo test"));
    }),
  );
});

test("copying is told from working", () => {
  expect(["cat /nix/store/abc-log > $out", "mkdir $out; cp -r /nix/store/abc-source/docs $out/docs"].map(onlyCopies)).toEqual([
    true,
    true,
  ]);
  expect(
    ["cat $log > $out", "cp $src/x $out; greet", "grep ok /nix/store/abc-log > $out", "cp $(greet) $out"].map(onlyCopies),
  ).toEqual([false, false, false, false]);
});
