import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPyproject } from "../../../../src/repo/languages/python/description/pyproject.ts";
import { readSetupPy } from "../../../../src/repo/languages/python/description/setup-call.ts";
import { readSetupCfg } from "../../../../src/repo/languages/python/description/setup-cfg.ts";

const required = (name: string, line: number, more: object = {}) => ({ name, extras: [], specifier: "", line, ...more });

describe("readPyproject", () => {
  it("tells of a project, each fact with its line", () => {
    const text = `[build-system]
requires = [
  "hatchling",
  "hatch-vcs",
]
build-backend = "hatchling.build"

[project]
name = "tally"
dynamic = ["version"]
license = { text = "BSD-3-Clause" }
requires-python = ">=3.10"
dependencies = ["click[x]>=8",
  "rich"]

[project.scripts]
tally = "tally.cli:main"

[project.optional-dependencies]
test = ["hypothesis"]
docs = ["sphinx"]

[dependency-groups]
dev = ["pytest-mock", { include-group = "lint" }]

[tool.pytest.ini_options]
addopts = ["--cov", "-q"]
`;
    expect(readPyproject(text)).toEqual({
      backend: "hatchling.build",
      backendLine: 6,
      buildRequires: [required("hatchling", 3), required("hatch-vcs", 4)],
      pytest: { options: "--cov -q", line: 26 },
      name: { value: "tally", line: 9 },
      version: { value: { kind: "git", by: "hatch-vcs" }, line: 2 },
      license: "BSD-3-Clause",
      requiresPython: { value: ">=3.10", line: 12 },
      dependencies: [required("click", 13, { extras: ["x"], specifier: ">=8" }), required("rich", 14)],
      testRequirements: [required("hypothesis", 20), required("pytest-mock", 24)],
      scripts: [{ name: "tally", module: "tally.cli", line: 17 }],
    });
  });

  it("tells of a project of Poetry, whose optional dependencies are none", () => {
    const text = `[tool.poetry]
name = "tally"
version = "1.2.0"
[tool.poetry.dependencies]
python = "^3.9"
click = "^8.1"
rich = { version = "*", optional = true }
attrs = { git = "https://example.org/attrs" }
[tool.poetry.group.test.dependencies]
hypothesis = "*"
[tool.poetry.scripts]
tally = "tally:main"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`;
    expect(readPyproject(text)).toEqual({
      backend: "poetry.core.masonry.api",
      backendLine: 15,
      buildRequires: [required("poetry-core", 14)],
      name: { value: "tally", line: 2 },
      version: { value: { kind: "stated", value: "1.2.0" }, line: 3 },
      requiresPython: { value: "^3.9", line: 5 },
      dependencies: [required("click", 6, { specifier: "^8.1" }), required("attrs", 8, { url: "https://example.org/attrs" })],
      testRequirements: [required("hypothesis", 10, { specifier: "*" })],
      scripts: [{ name: "tally", module: "tally", line: 12 }],
    });
  });

  it("says what it does not understand, and that settings of tools are no project", () => {
    expect(readPyproject("[tool.ruff]\nline-length = 120\n")).toBe("tools");
    expect(readPyproject("[project\n")).toContain("no TOML");
    expect(readPyproject('[project]\nname = "a"\ndynamic = ["scripts"]\n')).toContain("scripts of [project] is dynamic");
  });
});

describe("readSetupCfg", () => {
  it("tells of a project, each fact with its line", () => {
    const text = `[metadata]
name = tally
version = file: VERSION
license = MIT
[options]
python_requires = >=3.8
install_requires =
    click>=8
    # a note
    rich; python_version < "3.9"
[options.entry_points]
console_scripts =
    tally = tally.cli:main
[options.extras_require]
test = hypothesis
`;
    expect(readSetupCfg(text)).toEqual({
      backend: "setuptools.build_meta:__legacy__",
      buildRequires: [required("setuptools", 2)],
      name: { value: "tally", line: 2 },
      version: { value: { kind: "file", path: "VERSION" }, line: 3 },
      license: "MIT",
      requiresPython: { value: ">=3.8", line: 6 },
      dependencies: [required("click", 8, { specifier: ">=8" }), required("rich", 10, { marker: 'python_version < "3.9"' })],
      testRequirements: [required("hypothesis", 15)],
      scripts: [{ name: "tally", module: "tally.cli", line: 13 }],
    });
    expect(readSetupCfg("[flake8]\nmax-line-length = 100\n")).toBeUndefined();
  });
});

describe("readSetupPy", () => {
  it("reads plain values and names that are bound to them, and passes over what no flake depends on", () => {
    const text = `import os
from setuptools import setup, find_packages

VERSION = "0.9"
NEEDS = ["click>=8"]

setup(
    name="tally",
    version=VERSION,
    long_description=open(os.path.join("a", "README.md")).read(),
    packages=find_packages(exclude=["tests", "docs"]),
    install_requires=NEEDS,
    entry_points={"console_scripts": ["tally=tally.cli:main"], "other": [f"x"]},
    extras_require={"test": ("hypothesis",)},
    license="MIT",
)
`;
    expect(readSetupPy(text)).toEqual({
      backend: "setuptools.build_meta:__legacy__",
      buildRequires: [required("setuptools", 8)],
      name: { value: "tally", line: 8 },
      version: { value: { kind: "stated", value: "0.9" }, line: 9 },
      license: "MIT",
      dependencies: [required("click", 12, { specifier: ">=8" })],
      testRequirements: [required("hypothesis", 14)],
      scripts: [{ name: "tally", module: "tally.cli", line: 13 }],
    });
  });

  it("names the line of what is computed, and of what is compiled", () => {
    expect(readSetupPy('setup(\n  name="a",\n  version=read("x"),\n)')).toContain("version of setup() is computed (line 3)");
    expect(readSetupPy('V = "1"\nV = V + "2"\nsetup(name="a", version=V)')).toContain("version of setup() is computed (line 3)");
    expect(readSetupPy('setup(name="a" + "b")')).toContain("name of setup() is computed");
    expect(readSetupPy('setup(name="a", ext_modules=[Extension("a", ["a.c"])])')).toContain("compiles an extension (line 1)");
    expect(readSetupPy('setup(name="a", **more)')).toContain("an argument of setup() is computed");
    expect(readSetupPy("from setuptools import setup\nsetup()\n")).toBeUndefined();
  });
});

describe("every reader", () => {
  it("never throws, whatever it reads", () => {
    const piece = fc.constantFrom(
      "setup",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "name",
      "=",
      '"a"',
      "'",
      '"""',
      ",",
      ":",
      "\n",
      "  ",
      "#",
      "*",
      "f'x'",
      "[project]",
      "[metadata]",
      "[options]",
      "\\",
    );
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(piece, { maxLength: 50 }).map((words) => words.join("")),
    );
    fc.assert(
      fc.property(text, (words) => {
        readPyproject(words);
        readSetupCfg(words);
        readSetupPy(`setup(${words}`);
        readSetupPy(words);
      }),
    );
  });
});
