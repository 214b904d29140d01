import { describe, expect, it } from "vitest";
import { places } from "../../../../src/repo/steps/calls/places.ts";

const at = places({
  source: ["/home/pat/my (odd) project", "/p"],
  build: ["/out"],
  crates: new Map([["/home/pat/.cargo/registry/src/index-1/itoa-1.0.18", "itoa-1.0.18"]]),
  toolchain: ["/home/pat/.rustup/toolchains/stable"],
  wrappers: "/tmp/crq/bin",
  sources: new Set(["src/main.c", "include/a.h", "mixed/b.h", "a b.c"]),
  written: new Set(["/p/mixed/made.h", "/p/src/main.o", "/out/x.o"]),
});

describe("places", () => {
  it.each([
    ["/p/src/main.c", "@source@/src/main.c"],
    ["/p/a b.c", "@source@/a b.c"],
    ["/home/pat/my (odd) project/src/main.c", "@source@/src/main.c"],
    ["/p", "@source@"],
    ["/p/", "@source@"],
    ["/p/src/main.o", "@build@/src/main.o"],
    ["/out/x.o", "@build@/x.o"],
    ["/p2/src", "/p2/src"],
    ["-I/p/include", "-I@source@/include"],
    ["-I/p/mixed", "-I@build@/mixed"],
    ["-O2 -I/p/include -L/out", "-O2 -I@source@/include -L@build@"],
    ["-Wl,-rpath,/out/lib,--map=/p/map.txt", "-Wl,-rpath,@build@/lib,--map=@build@/map.txt"],
    ["itoa=/p/target/libitoa.rlib", "itoa=@build@/target/libitoa.rlib"],
    ["dependency=/p/target", "dependency=@build@/target"],
    ["/out/deps:/home/pat/.rustup/toolchains/stable/lib", "@build@/deps:@toolchain@/lib"],
    ["/home/pat/.cargo/registry/src/index-1/itoa-1.0.18/src/lib.rs", "@crates@/itoa-1.0.18/src/lib.rs"],
    ["--remap-path-prefix=/p=/x", "--remap-path-prefix=@source@=/x"],
    ["/tmp/crq/bin/cc", "cc"],
    ["/home/pat/secret plans/include", "@machine@/secret plans/include"],
    ["-I/home/pat/include", "-I@machine@/include"],
    ["-I/usr/include/libxml2", "-I/usr/include/libxml2"],
    ['-DETC="/etc"', '-DETC="/etc"'],
    ["-DURL=https://example.org/home/pat", "-DURL=https://example.org/home/pat"],
    ["/nix/store/abc-zlib/lib", "/nix/store/abc-zlib/lib"],
  ])("writes %s of a command line as %s", (text, expected) => {
    expect(at.text(text, "argument")).toBe(expected);
  });

  it("takes a folder with files of both kinds for the source's in a variable, and where a step stands", () => {
    expect(at.text("/p/mixed", "variable")).toBe("@source@/mixed");
    expect(at.folder("/p/mixed")).toBe("@source@/mixed");
    expect(at.folder("/p/target")).toBe("@build@/target");
  });

  it("leaves the toolchain and the system out of inputs, and knows a source that a step wrote anew", () => {
    expect(at.input("/usr/include/stdio.h", false)).toBeUndefined();
    expect(at.input("/home/pat/.rustup/toolchains/stable/lib/libstd.rlib", false)).toBeUndefined();
    expect(at.input("/p/src/main.c", false)).toBe("@source@/src/main.c");
    expect(at.input("/p/src/main.c", true)).toBe("@build@/src/main.c");
    expect(at.input("/p/left-over.h", false)).toBe("@build@/left-over.h");
    expect(at.output("/p/src/main.c")).toBe("@build@/src/main.c");
  });
});
