import type { PythonMetadata, RequirementAt } from "./description/metadata.ts";

/** How the tests of a project are run, told from their sources. */

export interface PythonTests {
  readonly by: "pytest" | "unittest";
  /** Folder in which unittest looks, where it would not find it by itself. */
  readonly start?: string;
  /** Pattern of the files' names, where unittest's own does not match them. */
  readonly pattern?: string;
  readonly requirements: readonly RequirementAt[];
  /** They start the installed programs by name. */
  readonly startPrograms: boolean;
  /** They write into a home folder. */
  readonly wantHome: boolean;
  /** A file of tests that shows it, with the line. */
  readonly file: string;
  readonly line: number;
}

export interface SourceText {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

export const isTestFile = (path: string): boolean =>
  /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests?)\.py$/.test(path) || /(?:^|\/)(?:tests?|testing)\/(?:.*\/)?[^/]*\.py$/.test(path);

/** Modules that a package brings, where its name does not tell. */
const MODULES: Readonly<Record<string, string>> = {
  pyyaml: "yaml",
  "python-dateutil": "dateutil",
  beautifulsoup4: "bs4",
  pillow: "PIL",
  attrs: "attr",
  "scikit-learn": "sklearn",
  setuptools: "setuptools",
};

export function testsOf(
  metadata: PythonMetadata,
  sources: readonly SourceText[],
  isPackage: (folder: string) => boolean,
): PythonTests | undefined {
  const files = sources.filter(({ path }) => isTestFile(path) && !/(?:^|\/)(?:__init__|conftest)\.py$/.test(path));
  const shown = files.flatMap(({ path, text }) => {
    const lines = text.split(/\r?\n/);
    const function_ = lines.findIndex((line) =>
      /^(?:async )?def test_|^\s*(?:import pytest\b|from pytest\b)|^@pytest\./.test(line),
    );
    const class_ = lines.findIndex((line) => /^\s*(?:import unittest\b|from unittest\b)|\bTestCase\b/.test(line));
    const methods = lines.findIndex((line) => /^\s+def test_/.test(line));
    return [
      ...(function_ >= 0 ? [{ by: "pytest" as const, path, line: function_ + 1 }] : []),
      ...(class_ >= 0 && function_ < 0 ? [{ by: "unittest" as const, path, line: class_ + 1 }] : []),
      ...(methods >= 0 && class_ < 0 && function_ < 0 ? [{ by: "pytest" as const, path, line: methods + 1 }] : []),
    ];
  });
  const first = shown.find(({ by }) => by === "pytest") ?? shown[0];
  if (!first) return undefined;
  const by = metadata.pytest ? "pytest" : first.by;
  const texts = sources.filter(({ path }) => isTestFile(path) || /(?:^|\/)conftest\.py$/.test(path)).map(({ text }) => text);
  const imports = new Set(
    texts.flatMap((text) => [...text.matchAll(/^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)/gm)].map(([, name = ""]) => name)),
  );
  const options = metadata.pytest?.options ?? "";
  const own = new Set(metadata.dependencies.map(({ name }) => name));
  const wanted = metadata.testRequirements.filter(({ name }) => {
    if (own.has(name) || name === "pytest" || name === metadata.name.value) return false;
    if (name === "pytest-cov") return /--cov\b/.test(options) && by === "pytest";
    if (name === "pytest-xdist") return /(?:^|\s)-n\b|--numprocesses/.test(options) && by === "pytest";
    if (name.startsWith("pytest-")) return by === "pytest";
    return imports.has(Object.hasOwn(MODULES, name) ? (MODULES[name] ?? "") : name.replaceAll("-", "_"));
  });
  return {
    by,
    ...(by === "unittest" &&
      unittestPlaces(
        shown.map(({ path }) => path),
        isPackage,
      )),
    requirements: wanted.filter(({ name }, index) => wanted.findIndex((other) => other.name === name) === index),
    startPrograms: metadata.scripts.some(({ name }) =>
      texts.some(
        (text) => /\bsubprocess\b|\bshutil\.which\b/.test(text) && (text.includes(`"${name}"`) || text.includes(`'${name}'`)),
      ),
    ),
    wantHome: texts.some((text) => /\bPath\.home\(\)|\bexpanduser\(/.test(text)),
    file: first.path,
    line: first.line,
  };
}

/** unittest looks for `test*.py` in the root and in the packages below it. */
function unittestPlaces(
  paths: readonly string[],
  isPackage: (folder: string) => boolean,
): Pick<PythonTests, "start" | "pattern"> {
  const folders = [...new Set(paths.map((path) => path.split("/").slice(0, -1).join("/")))];
  const tops = [...new Set(folders.map((folder) => folder.split("/")[0] ?? ""))];
  const [top] = tops;
  const isReached = (folder: string): boolean =>
    folder === "" || folder.split("/").every((_, depth, parts) => isPackage(parts.slice(0, depth + 1).join("/")));
  const start = folders.every(isReached) ? undefined : tops.length === 1 && top !== "" ? top : undefined;
  const own = paths.every((path) => /(?:^|\/)test[^/]*\.py$/.test(path));
  return {
    ...(start !== undefined && { start }),
    ...(!own && paths.every((path) => path.endsWith("_test.py")) && { pattern: "*_test.py" }),
  };
}
