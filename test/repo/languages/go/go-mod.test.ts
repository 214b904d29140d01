import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBuildLines } from "../../../../src/repo/languages/go/build-lines.ts";
import { goSumEntries, programName, readGoMod } from "../../../../src/repo/languages/go/go-mod.ts";
import { readGoSource } from "../../../../src/repo/languages/go/go-source.ts";

describe("readGoMod", () => {
  it("tells of module, go, requirements and replacements, each with its line", () => {
    const text = [
      "// a comment",
      'module "example.org/tide"//why',
      "",
      "go 1.23.1",
      "toolchain go1.24.0",
      "",
      "require example.org/one v1.0.0",
      "require (",
      "\texample.org/two/v2 v2.3.4-pre // indirect",
      "\t// example.org/ghost v9.9.9",
      "\texample.org/three v0.0.0-20260101000000-abcdefabcdef // for the tests",
      ")",
      "replace (",
      "\texample.org/one => ./one",
      "\texample.org/two/v2 v2.3.4-pre => example.org/fork v1.2.3",
      ")",
      "exclude example.org/one v0.9.0",
    ].join("\n");
    expect(readGoMod(text)).toEqual({
      module: { path: "example.org/tide", line: 2 },
      go: { version: "1.23.1", line: 4 },
      requires: [
        { path: "example.org/one", version: "v1.0.0", line: 7, indirect: false },
        { path: "example.org/two/v2", version: "v2.3.4-pre", line: 9, indirect: true },
        { path: "example.org/three", version: "v0.0.0-20260101000000-abcdefabcdef", line: 11, indirect: false },
      ],
      replaces: [
        { path: "example.org/one", by: "./one", line: 14 },
        { path: "example.org/two/v2", by: "example.org/fork", line: 15 },
      ],
    });
  });

  const path = fc.stringMatching(/^[a-z]{1,8}\.org\/[a-z][a-z0-9_-]{0,8}$/);
  const version = fc.stringMatching(/^v[0-9]\.[0-9]\.[0-9]$/);
  const requirement = fc.record({ path, version, indirect: fc.boolean(), inBlock: fc.boolean(), quoted: fc.boolean() });

  it("reads back any requirements, however they are laid out", () => {
    fc.assert(
      fc.property(path, fc.array(requirement), fc.constantFrom("\n", "\r\n"), (module, wanted, newline) => {
        const lines = [`module ${module}`];
        const expected = wanted.map(({ path: name, version: at, indirect, inBlock, quoted }) => {
          const words = `${quoted ? JSON.stringify(name) : name} ${at}${indirect ? " // indirect" : ""}`;
          if (inBlock) lines.push("require (", `\t${words}`, ")");
          else lines.push(`require ${words}`);
          return { path: name, version: at, indirect, line: inBlock ? lines.length - 1 : lines.length };
        });
        expect(readGoMod(lines.join(newline))).toEqual({ module: { path: module, line: 1 }, requires: expected, replaces: [] });
      }),
    );
  });

  it("never throws, and ends, whatever it reads", () => {
    const piece = fc.constantFrom(
      "module",
      "require",
      "(",
      ")",
      " ",
      "\n",
      "=>",
      "//",
      '"',
      "`",
      "v1.0.0",
      "a.org/b",
      "replace",
      "\t",
      "go",
      "\\",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.array(piece, { maxLength: 60 }).map((words) => words.join("")),
        ),
        (text) => {
          readGoMod(text);
          readGoSource(text);
          goSumEntries(text);
          readBuildLines([{ source: "Makefile", text }]);
        },
      ),
    );
  });
});

it("a program is called by the last word of its folder, and a major version is no word", () => {
  expect(programName("example.org/tide", ".")).toBe("tide");
  expect(programName("example.org/tide/v2", ".")).toBe("tide");
  expect(programName("example.org/tide/v2", "cmd/high")).toBe("high");
  expect(programName("example.org/v1", ".")).toBe("v1");
  expect(programName("tide", ".")).toBe("tide");
});

it("go.sum names what is pinned", () => {
  expect([...goSumEntries("a.org/b v1.0.0 h1:x=\na.org/b v1.0.0/go.mod h1:y=\nbroken line\n")]).toEqual([
    "a.org/b v1.0.0",
    "a.org/b v1.0.0/go.mod",
  ]);
});

describe("readGoSource", () => {
  it("tells of the package, what it embeds, its version and its tests", () => {
    const text =
      '// Package main is a ghost in a comment.\n/*\npackage ghost\n*/\npackage main\n\nimport _ "embed"\n\n//go:embed "a b.txt" data/*.json\nvar data string\n\nvar (\n\tVersion = "v1.4.0" // of the program\n)\n\nfunc TestRun(t *testing.T) {}\n';
    expect(readGoSource(text)).toEqual({
      package: "main",
      leftOut: false,
      embeds: [
        { pattern: "a b.txt", line: 9 },
        { pattern: "data/*.json", line: 9 },
      ],
      version: { value: "1.4.0", name: "Version", line: 13 },
      test: { line: 16 },
    });
  });

  it("knows what a build leaves out, and what C is called", () => {
    expect(readGoSource("//go:build ignore\n\npackage main\n")).toMatchObject({ package: "main", leftOut: true });
    expect(readGoSource("//go:build linux\n\npackage main\n")).toMatchObject({ leftOut: false });
    const text =
      'package crc\n\n// #cgo pkg-config: zlib --static\n// #cgo linux LDFLAGS: -L/opt -lz -lm\n// #include <zlib.h>\nimport "C"\n';
    expect(readGoSource(text).cgo).toEqual({ line: 6, pkgConfig: ["zlib"], links: ["z", "m"] });
  });
});

it("build lines tell what is set at link time, stripped and left out", () => {
  const text =
    'LDFLAGS := -s -w -X main.version=$(VERSION) -X \'example.org/tide/internal/build.Commit=$(COMMIT)\'\n# go build -ldflags "-X main.ghost=1"\nbuild:\n\tCGO_ENABLED=0 go build -tags netgo,osusergo -ldflags "$(LDFLAGS)" ./cmd/high\n';
  expect(readBuildLines([{ source: "Makefile", text }])).toEqual({
    strip: ["-s", "-w"],
    sets: [
      { variable: "main.version", source: "Makefile", line: 1, quote: text.split("\n")[0] },
      { variable: "example.org/tide/internal/build.Commit", source: "Makefile", line: 1, quote: text.split("\n")[0] },
    ],
    withoutCgo: { source: "Makefile", line: 4, quote: text.split("\n")[3]?.trim() },
    tags: ["netgo", "osusergo"],
  });
});
