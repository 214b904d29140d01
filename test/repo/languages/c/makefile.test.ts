import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { librariesInMakefile } from "../../../../src/repo/languages/c/libraries.ts";
import { programsOf, readMakefile } from "../../../../src/repo/languages/c/makefile.ts";
import { readCMakeProject, readMakeProject } from "../../../../src/repo/languages/c/project.ts";

const none = (): boolean => false;

describe("readMakefile", () => {
  it("finds the programs that the first goal links, and neither objects nor the tests' own", () => {
    const text =
      "OBJS = a.o \\\n  b.o\nBIN := bin/gauge\nall: $(BIN) lib.a\n$(BIN): $(OBJS)\n\t@$(CC) $(LDFLAGS) -o $@ $(OBJS)\na.o: a.c\n\t$(CC) -c -o $@ a.c\nlib.a: a.o\n\tar rcs $@ a.o\nunit: unit.c\n\t$(CC) -o $@ unit.c\ncheck: unit\n\t./unit\n";
    expect(programsOf(readMakefile(text), none)).toEqual([{ name: "bin/gauge", line: 5 }]);
  });

  it("knows make's own rule for a program of one source", () => {
    expect(programsOf(readMakefile("all: gauge\n"), (path) => path === "gauge.c")).toEqual([{ name: "gauge", line: 1 }]);
  });

  it("never throws, whatever it reads, and a cycle of variables ends", () => {
    expect(readMakeProject("A = $(B)\nB = $(A) $(A)\n$(A): x.o\n\tcc -o $@ x.o\n", none)).toContain("no rule");
    const piece = fc.constantFrom(
      "A = ",
      "$(A)",
      "${B:.c=.o}",
      "\n",
      "\t",
      "all:",
      " -o $@",
      "cc",
      "\\",
      "#",
      "$",
      ":",
      "=",
      "x.c",
      "install:",
      "PREFIX",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.array(piece, { maxLength: 40 }).map((words) => words.join("")),
        ),
        (text) => {
          readMakeProject(text, none);
          readCMakeProject(text);
          librariesInMakefile(text);
        },
      ),
    );
  });
});

describe("readMakeProject", () => {
  it("tells of version, installation, tests and libraries, each with its line", () => {
    const text =
      "VERSION = 2.5\nprefix ?= /usr/local\nLIBS = -lz -lm -lhush\ngauge: gauge.c\n\t$(CC) -o $@ gauge.c $(shell pkg-config --cflags --libs libcurl) $(LIBS)\ntest: gauge\n\t./gauge\ninstall: gauge\n\tinstall gauge $(DESTDIR)$(prefix)/bin\n";
    expect(readMakeProject(text, none)).toEqual({
      system: "make",
      name: "gauge",
      version: { value: "2.5", line: 1 },
      programs: [{ name: "gauge", path: "gauge", line: 4 }],
      install: { by: "make", prefix: "prefix", line: 8 },
      tests: { target: "test", line: 6 },
      libraries: [
        { name: "-lz", by: "linker", line: 3, attribute: "zlib" },
        { name: "-lhush", by: "linker", line: 3 },
        { name: "libcurl", by: "pkg-config", line: 5, attribute: "curl" },
      ],
      setsCompiler: false,
    });
  });

  it("does not take an installation below /usr for one, nor guess what several programs are together", () => {
    const one = "gauge: gauge.o\ninstall:\n\tcp gauge /usr/bin\n";
    expect(readMakeProject(one, none)).not.toHaveProperty("install");
    const two = "all: up down\nup: up.o\ndown: down.o\n";
    expect(readMakeProject(two, none)).toContain("up, down");
    expect(readMakeProject(`NAME = lift\n${two}`, none)).toMatchObject({ name: "lift" });
  });
});

describe("readCMakeProject", () => {
  it("tells of programs, installation, tests and libraries; a test's program is none", () => {
    const text =
      "# add_executable(ghost g.c)\nproject(gauge VERSION 1.2.3 LANGUAGES C)\nfind_package(ZLIB REQUIRED)\npkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7 hush)\nadd_executable(${PROJECT_NAME}\n  main.c)\nadd_executable(unit_test t.c)\nadd_test(NAME unit COMMAND unit_test)\n";
    expect(readCMakeProject(text)).toEqual({
      system: "cmake",
      name: "gauge",
      version: { value: "1.2.3", line: 2 },
      programs: [{ name: "gauge", path: "gauge", line: 5 }],
      tests: { target: "test", line: 8 },
      libraries: [
        { name: "ZLIB", by: "find_package", line: 3, attribute: "zlib" },
        { name: "libcurl", by: "pkg-config", line: 4, attribute: "curl" },
        { name: "hush", by: "pkg-config", line: 4 },
      ],
      setsCompiler: false,
    });
  });
});
