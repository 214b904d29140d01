import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show } from "../program/place.ts";
import { noNix } from "../program/samples.ts";

/** Projects in plain C, from one sentence to a branch that Nix has built. */

const WISH = "nixify this project";

async function draftAndApply(at: Place, repo: string) {
  const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
  expect(drafted.document, drafted.about).toMatchObject({ ok: true });
  await commitAll(repo, "ask for a flake");
  const applied = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
  expect(applied.document, applied.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });
  const { report } = applied.document.data as { report: { criteria: { id: string; verdict: string }[] } };
  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  return { verdicts: report.criteria.map(({ verdict }) => verdict), flake: await show(repo, `${branch}:flake.nix`) };
}

const tally = (newline: string) => `#include <stdio.h>
int main(void) {
  int lines = 0;
  for (int c; (c = getchar()) != EOF;) lines += c == '\\n';
  printf("%d lines${newline}", lines);
  return 0;
}
`;

describe.skipIf(noNix !== undefined)("a project in C", () => {
  it("with make and nothing that installs: the flake copies the program, which prints what the README shows", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        Makefile: "CC = gcc\n\nall: tally\n\ntally: tally.o\n\t$(CC) -o $@ tally.o\n\nclean:\n\trm -f tally *.o\n",
        "tally.c": tally("\\n"),
        "README.md": "# tally\n\nCounts lines.\n\n```console\n$ printf 'oak\\nelm\\n' | ./tally\n2 lines\n```\n",
      },
      "tally",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(Array.from({ length: 8 }, () => "pass"));
    expect(flake).toContain('install -D -m 755 tally "$out/bin/tally"');
    expect(flake).toContain('version = "0-unstable";');
  }, 600_000);

  it("with an installation, tests and a library: they are the project's own", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        Makefile: [
          "VERSION = 1.4.2",
          "PREFIX ?= /usr/local",
          "bindir = $(PREFIX)/bin",
          "",
          "crc: crc.c",
          "\t$(CC) $(CFLAGS) $$(pkg-config --cflags zlib) -o $@ crc.c $$(pkg-config --libs zlib)",
          "",
          "check: crc",
          '\ttest "$$(printf a | ./crc)" = e8b7be43',
          "",
          "install: crc",
          "\tmkdir -p $(DESTDIR)$(bindir)",
          "\tcp crc $(DESTDIR)$(bindir)/crc",
          "",
        ].join("\n"),
        "crc.c":
          '#include <stdio.h>\n#include <zlib.h>\nint main(void) {\n  unsigned char b[4096];\n  uLong c = crc32(0L, Z_NULL, 0);\n  for (size_t n; (n = fread(b, 1, sizeof b, stdin)) > 0;) c = crc32(c, b, (uInt)n);\n  printf("%08lx\\n", c);\n  return 0;\n}\n',
        "README.md": "# crc\n\nThe checksum of what it reads.\n",
      },
      "crc",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(new Set(verdicts)).toEqual(new Set(["pass"]));
    expect(flake).toContain(`makeFlags = [ "PREFIX=\${placeholder "out"}" ];`);
    expect(flake).toContain('version = "1.4.2";');
    expect(flake).toContain('checkTarget = "check";');
  }, 600_000);

  it("with CMake: a program, its installation and its test", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "CMakeLists.txt":
          "cmake_minimum_required(VERSION 3.16)\nproject(tally VERSION 0.3 LANGUAGES C)\nadd_executable(tally tally.c)\nenable_testing()\nadd_test(NAME runs COMMAND tally)\ninstall(TARGETS tally)\n",
        "tally.c": tally("\\n"),
        "README.md": "# tally\n\n```console\n$ printf 'oak\\n' | ./build/tally\n1 lines\n```\n",
      },
      "tally",
    );
    const { verdicts } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(Array.from({ length: 8 }, () => "pass"));
  }, 600_000);

  it("with autotools is given up, with the reason", async () => {
    const at = await place();
    const repo = await at.repository({ "configure.ac": "AC_INIT([tally], [1.0])\n", "tally.c": tally("\\n") }, "tally");
    const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
    expect(drafted.document).toMatchObject({ ok: false });
    expect(drafted.about).toContain("configure.ac shows that autotools builds it");
  }, 600_000);
});
