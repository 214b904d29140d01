import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show } from "../program/place.ts";
import { noNix } from "../program/samples.ts";

/** Projects in Python, from one sentence to a branch that Nix has built. */

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

/** A module and its program, without a folder and without dependencies: setup.cfg and unittest. */
const ROMAN = {
  "setup.py": "from setuptools import setup\n\nsetup()\n",
  "setup.cfg": `[metadata]
name = roman-count
version = attr: romancount.__version__
description = Writes numbers as the Romans did.
license = MIT

[options]
py_modules = romancount

[options.entry_points]
console_scripts =
    roman-count = romancount:main
`,
  "romancount.py": `"""Writes numbers as the Romans did."""
import sys

__version__ = "2.1"
SIGNS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def roman(number):
    text = ""
    for value, sign in SIGNS:
        text += sign * (number // value)
        number %= value
    return text


def main():
    for word in sys.argv[1:] or sys.stdin.read().split():
        print(roman(int(word)))
`,
  "test_romancount.py": `import unittest

from romancount import roman


class Numbers(unittest.TestCase):
    def test_subtraction(self):
        self.assertEqual(roman(1994), "MCMXCIV")
`,
  "README.md": "# roman-count\n\n```console\n$ roman-count 14 2026\nXIV\nMMXXVI\n```\n",
};

/** The layout with src, hatchling, a program that needs a package, and pytest. */
const SHELF = {
  "pyproject.toml": `[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "Shelf_List"
version = "0.4.0"
description = "Shows a table of titles."
license = "Apache-2.0"
requires-python = ">=3.9"
dependencies = [
  "tabulate>=0.9",
  "colorama; sys_platform == 'win32'",
  "tomli>=2; python_version < '3.11'",
]

[project.optional-dependencies]
test = ["pytest>=7", "pytest-cov", "attrs"]

[project.scripts]
shelf = "shelf_list.cli:main"

[tool.pytest.ini_options]
testpaths = ["tests"]
`,
  "src/shelf_list/__init__.py": "",
  "src/shelf_list/cli.py": `import argparse
import sys

from tabulate import tabulate


def rows(lines):
    for line in lines:
        title, _, year = line.strip().rpartition(",")
        yield [title.strip(), int(year)]


def main():
    parser = argparse.ArgumentParser(prog="shelf")
    parser.add_argument("--by", choices=["title", "year"], default="title")
    args = parser.parse_args()
    index = ["title", "year"].index(args.by)
    table = sorted(rows(sys.stdin), key=lambda row: row[index])
    print(tabulate(table, headers=["title", "year"]))
`,
  "tests/test_cli.py": `import subprocess

import attr

from shelf_list.cli import rows


def test_rows():
    assert list(rows(["Emma, 1815"])) == [["Emma", 1815]]


def test_program():
    out = subprocess.run(["shelf"], input="Emma, 1815", capture_output=True, text=True, check=True).stdout
    assert "1815" in out and attr
`,
  "README.md":
    "# Shelf\n\n```console\n$ printf 'Ulysses, 1922\\nEmma, 1815\\n' | shelf --by year\ntitle      year\n-------  ------\nEmma       1815\nUlysses    1922\n```\n",
};

/** flit, a version in the module, and tests of unittest in a folder of their own that read data files. */
const TIDES = {
  "pyproject.toml": `[build-system]
requires = ["flit_core >=3.2,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "tides"
dynamic = ["version", "description"]
dependencies = []
classifiers = ["License :: OSI Approved :: ISC License (ISCL)"]

[project.scripts]
tides = "tides:main"
tides-span = "tides:span"
`,
  "tides/__init__.py": `"""Finds high water in a list of levels."""
import importlib.resources
import sys

__version__ = "1.0.3"


def peaks(levels):
    return [i for i in range(1, len(levels) - 1) if levels[i - 1] < levels[i] >= levels[i + 1]]


def unit():
    return importlib.resources.files("tides").joinpath("unit.txt").read_text().strip()


def main():
    levels = [float(word) for word in sys.stdin.read().split()]
    for peak in peaks(levels):
        print(f"{peak}: {levels[peak]:g} {unit()}")


def span():
    levels = [float(word) for word in sys.stdin.read().split()]
    print(f"{max(levels) - min(levels):g} {unit()}")
`,
  "tides/unit.txt": "m\n",
  "tests/levels.txt": "1 2 3 2 1 4 1\n",
  "tests/test_peaks.py": `import pathlib
import unittest

import tides

HERE = pathlib.Path(__file__).parent


class Peaks(unittest.TestCase):
    def test_file(self):
        levels = [float(word) for word in (HERE / "levels.txt").read_text().split()]
        self.assertEqual(tides.peaks(levels), [2, 5])

    def test_unit(self):
        self.assertEqual(tides.unit(), "m")
`,
  "README.md": "# tides\n\n```console\n$ echo 0 3 1 5 2 | tides\n1: 3 m\n3: 5 m\n$ echo 0 3 1 5 2 | tides-span\n5 m\n```\n",
};

describe.skipIf(noNix !== undefined)("a project in Python", () => {
  it("of one module, described by setup.cfg: the version is read where it is left to the sources, and unittest runs", async () => {
    const at = await place();
    const repo = await at.repository(ROMAN, "roman");
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(Array.from({ length: 8 }, () => "pass"));
    expect(flake).toContain('version = "2.1";');
    expect(flake).toContain("nativeCheckInputs = [ pkgs.python3Packages.unittestCheckHook ];");
    expect(flake).toContain('pythonImportsCheck = [ "romancount" ];');
  }, 600_000);

  it("with src, hatchling and a dependency: what holds on this platform is required, and pytest starts the installed program", async () => {
    const at = await place();
    const repo = await at.repository(SHELF, "shelf");
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(Array.from({ length: 8 }, () => "pass"));
    expect(flake).toContain("dependencies = [ pkgs.python3Packages.tabulate ];");
    expect(flake).toMatch(/nativeCheckInputs = \[\s*pkgs\.python3Packages\.pytestCheckHook\s+pkgs\.python3Packages\.attrs\s*\];/);
    expect(flake).toContain('export PATH="$out/bin:$PATH"');
    expect(flake).toContain("license = nixpkgs.lib.licenses.asl20;");
  }, 600_000);

  it("with flit, two programs and data files: both are apps, and unittest is told where its tests are", async () => {
    const at = await place();
    const repo = await at.repository(TIDES, "tides");
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(Array.from({ length: 9 }, () => "pass"));
    expect(flake).toMatch(/unittestFlags = \[\s*"-s"\s+"tests"\s*\];/);
    expect(flake).toContain('mainProgram = "tides";');
  }, 600_000);

  it("whose setup.py computes its requirements is given up, with the line", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "setup.py":
          "from setuptools import setup\n\nsetup(\n    name='tally',\n    install_requires=open('requirements.txt').read().split(),\n)\n",
        "tally.py": "print(1)\n",
      },
      "tally",
    );
    const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
    expect(drafted.document).toMatchObject({ ok: false });
    expect(drafted.about).toContain("install_requires of setup() is computed (line 5)");
  }, 600_000);
});
