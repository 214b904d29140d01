import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAr, readChanger } from "../../../../src/repo/steps/calls/ar-call.ts";
import { includeCall, readCc } from "../../../../src/repo/steps/calls/cc-call.ts";
import { parseMakeRules } from "../../../../src/repo/steps/calls/make-rules.ts";
import { dependencyCall, links, readRustc, rustcOutputs } from "../../../../src/repo/steps/calls/rustc-call.ts";
import { toolType } from "../../../../src/repo/steps/calls/tools.ts";

const words = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");

describe("a command line of rustc", () => {
  it.each([
    [
      "--crate-name a src/lib.rs --crate-type lib --emit=dep-info,metadata,link -C extra-filename=-1 --out-dir t",
      ["t/a-1.d", "t/liba-1.rmeta", "t/liba-1.rlib"],
    ],
    ["src/main.rs", ["main", "main.exe", "main.wasm"]],
    ["src/main.rs -o bin/tool", ["bin/tool"]],
    ["--crate-type=cdylib,staticlib my-lib.rs", ["libmy_lib.so", "libmy_lib.dylib", "my_lib.wasm", "libmy_lib.a"]],
    ["--emit asm,obj=x.o a.rs", ["a.s", "x.o"]],
    ["--test a.rs --out-dir t", ["t/a"]],
  ])("%s may write %j", (line, outputs) => {
    expect([...rustcOutputs(readRustc(words(line)))].sort()).toEqual([...outputs].sort());
  });

  it.each(["-vV", "--version", "--print=sysroot", "- --crate-name ___ --print=file-names", "", "--explain E0308"])(
    "%j asks only",
    (line) => {
      expect(readRustc(words(line)).probe).toBe(true);
    },
  );

  it("names its libraries, and whether they are linked in", () => {
    const call = readRustc(
      words(
        "--crate-name a src/a.rs --crate-type bin --extern b=t/libb.rlib --extern=noprelude:c=t/libc.so --extern proc_macro -L dependency=t -Lnative=out -l static=z",
      ),
    );
    expect(call).toMatchObject({
      probe: false,
      externs: ["t/libb.rlib", "t/libc.so"],
      searched: [
        { kind: "dependency", folder: "t" },
        { kind: "native", folder: "out" },
      ],
      libraries: ["z"],
    });
    expect(links(call)).toBe(true);
    expect(links(readRustc(words("a.rs --crate-type lib --emit=link")))).toBe(false);
    expect(links(readRustc(words("a.rs --crate-type bin --emit=metadata")))).toBe(false);
  });

  it("is asked again for its dependencies alone, with nothing else that it would write", () => {
    expect(dependencyCall(words("a.rs --emit=link -o x --out-dir t --cfg y"), "/d")).toEqual([
      "a.rs",
      "--cfg",
      "y",
      "--emit=dep-info=/d",
    ]);
  });
});

describe("a command line of a C compiler", () => {
  it.each([
    ["-c a.c", "compile", ["a.o"]],
    ["-c a.c b.cpp -MMD", "compile", ["a.o", "b.o", "a.d", "b.d"]],
    ["-c -o o/a.o -MD -MF o/a.dep a.c", "compile", ["o/a.o", "o/a.dep"]],
    ["-S a.c", "assembly", ["a.s"]],
    ["a.c b.o -lm", "link", ["a.out"]],
    ["-oapp a.o", "link", ["app"]],
    ["-E a.c -o a.i", "preprocess", ["a.i"]],
    ["-E a.c", "preprocess", []],
  ])("%s is to %s into %j", (line, mode, outputs) => {
    expect(readCc(words(line))).toMatchObject({ probe: false, mode, outputs });
  });

  it.each(["--version", "-dumpmachine", "-print-search-dirs", "-v", "", "-E -", "-M a.c", "-c a.c -o /dev/null"])(
    "%j asks only",
    (line) => {
      expect(readCc(words(line)).probe).toBe(true);
    },
  );

  it("names archives, folders and scripts", () => {
    expect(readCc(words("-o app a.o lib/b.a -Llib -L more -lz -l y -T app.ld -Wl,--version-script=app.map"))).toMatchObject({
      files: ["a.o", "lib/b.a"],
      searched: ["lib", "more"],
      libraries: ["z", "y"],
      mentioned: ["app.ld", "--version-script", "app.map"],
    });
    expect(readCc(words("-m elf_x86_64 -o app a.o"), true)).toMatchObject({ files: ["a.o"], output: "app" });
  });

  it("is asked again for what it includes, with every word that decides that", () => {
    expect(includeCall(words("-O2 -Iinc -I inc2 -DX=1 -include pre.h -c a.c -o a.o -MD -MF a.d -Wl,-z,now b.o -lm"))).toEqual(
      words("-M -O2 -Iinc -I inc2 -DX=1 -include pre.h a.c"),
    );
    expect(includeCall(words("-o app a.o b.o"))).toBeUndefined();
  });
});

describe("a command line of ar and its kin", () => {
  it.each([
    ["rcs lib.a a.o b.o", { probe: false, inputs: ["a.o", "b.o"], outputs: ["lib.a"] }],
    ["-crD lib.a a.o", { probe: false, inputs: ["a.o"], outputs: ["lib.a"] }],
    ["rb a.o lib.a c.o", { probe: false, inputs: ["c.o"], outputs: ["lib.a"] }],
    ["t lib.a", { probe: true, inputs: [], outputs: [] }],
    ["--version", { probe: true, inputs: [], outputs: [] }],
    ["s lib.a", { probe: false, inputs: [], outputs: ["lib.a"] }],
  ])("ar %s", (line, expected) => {
    expect(readAr(words(line))).toEqual(expected);
  });

  it("changes files in place, or writes another", () => {
    expect(readChanger("strip", ["app"])).toEqual({ probe: false, inputs: [], outputs: ["app"] });
    expect(readChanger("strip", words("-s -o small app"))).toEqual({ probe: false, inputs: ["app"], outputs: ["small"] });
    expect(readChanger("objcopy", words("-O binary app app.bin"))).toEqual({
      probe: false,
      inputs: ["app"],
      outputs: ["app.bin"],
    });
  });
});

describe("rules of make", () => {
  it("hold targets, prerequisites and variables; a target alone is a header that may vanish", () => {
    const text =
      "t/a.d: src/main.rs /o/w.rs\n\nt/a: src/main.rs \\\n /o/w.rs a\\ b.rs\n\nsrc/main.rs:\n\n# env-dep:OUT_DIR=/o\n# env-dep:UNSET\n";
    expect(parseMakeRules(text)).toEqual({
      targets: ["t/a.d", "t/a"],
      prerequisites: ["src/main.rs", "/o/w.rs", "a b.rs"],
      variables: ["OUT_DIR", "UNSET"],
    });
  });

  it("give back any name that a compiler guards", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_./ $#ü-]{1,20}$/u).filter((text) => text.trim() === text && text !== "");
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
        const guarded = names.map((one) => one.replaceAll("$", "$$$$").replaceAll(/[ #]/gu, "\\$&"));
        expect(parseMakeRules(`x.o: ${guarded.join(" \\\n ")}\n`)).toEqual({
          targets: ["x.o"],
          prerequisites: names,
          variables: [],
        });
      }),
    );
  });
});

it.each([
  ["rustc", "rust_compiler_invocation"],
  ["x86_64-linux-gnu-gcc-12", "c_compiler_invocation"],
  ["clang++", "c_compiler_invocation"],
  ["llvm-ar-17", "archiver_invocation"],
  ["ld.lld", "linker_invocation"],
  ["arm-none-eabi-strip", "program_run"],
  ["cargo", undefined],
  ["toString", undefined],
  ["ccache", undefined],
  ["mark", undefined],
])("%s is %s", (name, type) => {
  expect(toolType(name)).toBe(type);
});
