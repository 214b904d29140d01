import { expect, test } from "vitest";
import { diagnose } from "../../../src/nix/diagnose/diagnose.ts";

/** A failed link: rustc quotes its own call at length, and what the linker said stands behind it. Texts of rustc 1.8x with GNU ld, lld and Apple's ld. */

const CALL = `  = note:  "cc" "-m64" "/build/source/target/release/deps/rustcX/symbols.o" ${'"/build/source/target/release/deps/librlib.rlib" '.repeat(30)}`;
const linking = (...said: readonly string[]): string =>
  [
    "error: linking with `cc` failed: exit status: 1",
    "  |",
    CALL,
    "  = note: some arguments are omitted. use `--verbose` to show all linker arguments",
    ...said,
    "          collect2: error: ld returned 1 exit status",
  ].join("\n");

function said(log: string, name = "app-1.0") {
  const drv = `/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-${name}.drv`;
  const summary = `builder for '${drv}' failed with exit code 101`;
  const lines = log.split("\n").map((text, index) => ({ number: index + 1, text }));
  const { diagnoses } = diagnose(
    {
      started: true,
      messages: [{ level: 0, text: `error: ${summary}`, summary }],
      warnings: [],
      derivations: [{ drv, lines, total: lines.length, phase: "buildPhase", running: false }],
      notices: "",
      plain: "",
    },
    { ownNames: ["app"], requested: [], flakeRoots: [], stage: "build" },
  );
  const [{ kind, message, excerpt }] = diagnoses;
  return { kind, message, excerpt };
}

test("the linker's own line is the message, or part of it, and stands in the excerpt", () => {
  const cases = [
    [linking("  = note: /nix/store/x-binutils/bin/ld: cannot find -lz: No such file or directory"), "app-1.0"],
    [linking("  = note: rust-lld: error: unable to find library -lssl"), "app-1.0"],
    [
      linking(
        "  = note: /nix/store/x-binutils/bin/ld: main.o: in function `app::main':",
        "          main.rs:(.text+0x2a): undefined reference to `tag_of'",
      ),
      "app-1.0",
    ],
    [linking("  = note: rust-lld: error: undefined symbol: sqlite3_open", "          >>> referenced by db.rs:3"), "app-1.0"],
    [linking("  = note: /nix/store/x-binutils/bin/ld: build.o: undefined reference to `deflate'"), "app-deps-1.0"],
    [
      linking("  = note: ld: symbol(s) not found for architecture arm64", "          Undefined symbols for architecture arm64:"),
      "app-1.0",
    ],
  ] as const;
  const seen = cases.map(([log, name]) => said(log, name));
  expect(seen.map(({ kind, message }) => [kind, message])).toEqual([
    ["native-library", "the native library 'z' was not found: ld: cannot find -lz: No such file or directory"],
    ["native-library", "the native library 'ssl' was not found: rust-lld: error: unable to find library -lssl"],
    ["compile-error", "linking with `cc` failed: exit status: 1: main.rs:(.text+0x2a): undefined reference to `tag_of'"],
    ["compile-error", "linking with `cc` failed: exit status: 1: rust-lld: error: undefined symbol: sqlite3_open"],
    ["dummy-source", "error: linking with `cc` failed: exit status: 1: ld: build.o: undefined reference to `deflate'"],
    ["compile-error", "linking with `cc` failed: exit status: 1: Undefined symbols for architecture arm64:"],
  ]);
  expect(seen.every(({ message, excerpt }) => excerpt.includes(message.split(": ").at(-1) ?? "?"))).toBe(true);
});
