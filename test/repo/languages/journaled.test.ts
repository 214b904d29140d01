import { expect, it } from "vitest";
import { survey } from "../../../src/repo/survey.ts";
import { repositoryWith } from "../tree-on-disk.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** One small project a language, each with all that its reader keeps. */
const PROJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: {
    "package.json": json({ name: "reed", version: "1.0.0", bin: { reed: "bin/reed.js" }, dependencies: { padcell: "^1.0.0" } }),
    "package-lock.json": json({
      lockfileVersion: 3,
      packages: {
        "": { name: "reed" },
        "node_modules/padcell": { version: "1.0.3", resolved: "https://npm.example.org/p.tgz", integrity: "sha512-x" },
      },
    }),
    "bin/reed.js": "console.log(1);\n",
    "README.md": "# reed\n\n```console\n$ node bin/reed.js\n1\n```\n",
  },
  go: {
    "go.mod": "module example.org/reed\n\ngo 1.24\n",
    "main.go": "package main\n\nfunc main() { println(1) }\n",
    "README.md": "# reed\n\n```console\n$ go run . x\n1\n```\n",
  },
  python: {
    "pyproject.toml":
      '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "reed"\nversion = "1"\n\n[project.scripts]\nreed = "reed:main"\n',
    "reed.py": "def main():\n    print(1)\n",
    "test_reed.py": "def test_main():\n    pass\n",
  },
  c: { Makefile: "reed: reed.c\n\tcc -o reed reed.c\n", "reed.c": "int main(void) { return 0; }\n" },
};

it.each(Object.keys(PROJECTS))("the survey of a project in %s is the same after a journal has kept it", async (language) => {
  const made = await survey(await repositoryWith(PROJECTS[language] ?? {}), { ref: "HEAD" });
  expect(made.language?.reading).toMatchObject({ kind: "project", language });
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});
