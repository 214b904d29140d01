import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findHost } from "../../src/system/environment/host.ts";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** Projects for Node.js, from one sentence to a branch that Nix has built; their dependencies are archives of the shipped world. */

const WISH = "nixify this project";
const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
const noNode = host.sandboxPaths["/host/node/bin/node"] === undefined ? "no Node.js for the world" : undefined;

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

const passes = (count: number): readonly string[] => Array.from({ length: count }, () => "pass");

/** An entry of package-lock.json for an archive of the world. */
async function locked(name: string, version: string, more: object = {}) {
  const path = `${name}/-/${name}-${version}.tgz`;
  const archive = await readFile(join(PACKAGE_ROOT, "evals", "world", "files", "npm.example.org", path));
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  return { [`node_modules/${name}`]: { version, resolved: `https://npm.example.org/${path}`, integrity, ...more } };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe.skipIf(noNix !== undefined || noNode !== undefined)("a project for Node.js", () => {
  it("without dependencies and without a lock: the start script names the program, which prints what the README shows", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "package.json": json({
          name: "mean-of",
          version: "1.0.0",
          private: true,
          license: "UNLICENSED",
          scripts: { start: "node src/main.js", test: 'echo "Error: no test specified" && exit 1' },
        }),
        "src/main.js":
          'const { mean } = require("./mean");\nconst numbers = process.argv.slice(2).map(Number);\nconsole.log("mean " + mean(numbers).toFixed(1) + " of " + numbers.length);\n',
        "src/mean.js": "exports.mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;\n",
        "README.md": "# mean-of\n\n```console\n$ node src/main.js 60 71\nmean 65.5 of 2\n```\n",
      },
      "mean-of",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(passes(8));
    expect(flake).toContain("npmConfigHook = pkgs.importNpmLock.npmConfigHook;");
    expect(flake).toContain("dontNpmBuild = true;");
    // nixpkgs' own hook fails where npm made no node_modules.
    expect(flake).toContain('mkdir -p "$out/lib/node_modules/mean-of/node_modules"');
    expect(flake).not.toContain("doCheck");
  }, 900_000);

  it("with dependencies, a build step and tests: one hash stands for all archives, and the build runs the tests", async () => {
    const at = await place();
    const manifest = {
      name: "@meadow/tallygrid",
      version: "0.9.0",
      license: "MIT",
      type: "module",
      bin: "dist/tallygrid.js",
      scripts: { build: "sowc src dist", prepack: "npm run build", test: "node --test" },
      engines: { node: ">=20" },
      dependencies: { gridtext: "^0.4.0", reedargs: "^2.0.0" },
      devDependencies: { sowc: "^3.0.0" },
    };
    const repo = await at.repository(
      {
        "package.json": json(manifest),
        "package-lock.json": json({
          name: manifest.name,
          version: manifest.version,
          lockfileVersion: 3,
          requires: true,
          packages: {
            "": { ...manifest, bin: { tallygrid: manifest.bin }, scripts: undefined, type: undefined },
            ...(await locked("gridtext", "0.4.1", { dependencies: { padcell: "^1.0.0" } })),
            ...(await locked("padcell", "1.0.3")),
            ...(await locked("reedargs", "2.1.0")),
            ...(await locked("sowc", "3.0.0", { dev: true, bin: { sowc: "bin/sowc.js" } })),
          },
        }),
        ".gitignore": "node_modules/\ndist/\n",
        "src/count.js":
          "export function count(text) {\n  const counts = new Map();\n  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);\n  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));\n}\n",
        "src/tallygrid.js":
          '#!/usr/bin/env node\nimport { readFileSync } from "node:fs";\nimport { grid } from "gridtext";\nimport { readArgs } from "reedargs";\nimport { count } from "./count.js";\n\nconst { options } = readArgs(process.argv.slice(2), ["top"]);\nconsole.log(grid(count(readFileSync(0, "utf8")).slice(0, Number(options.top ?? 10))));\n',
        "test/count.test.js":
          'import assert from "node:assert/strict";\nimport test from "node:test";\nimport { count } from "../dist/count.js";\n\ntest("the most frequent word comes first", () => assert.deepEqual(count("b a b"), [["b", 2], ["a", 1]]));\n',
        "README.md":
          '# tallygrid\n\n```console\n$ printf "oak elm oak\\n" | tallygrid\noak  2\nelm  1\n$ printf "oak elm oak\\n" | npx tallygrid --top=1\noak  2\n```\n',
      },
      "tallygrid",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(passes(9));
    expect(flake).toMatch(/npmDepsHash = "sha256-[A-Za-z0-9+/]{43}=";/u);
    expect(flake).not.toContain(`sha256-${"A".repeat(43)}=`);
    expect(flake).toContain('npmPackFlags = [ "--ignore-scripts" ];');
    expect(flake).toContain('mainProgram = "tallygrid";');
  }, 900_000);

  it("that is a library with tests: the check runs them, and there is no app", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "package.json": json({
          name: "ratio",
          version: "2.0.1",
          license: "ISC",
          main: "index.js",
          scripts: { test: "node --test" },
        }),
        "package-lock.json": json({
          name: "ratio",
          version: "2.0.1",
          lockfileVersion: 3,
          requires: true,
          packages: { "": { name: "ratio", version: "2.0.1", license: "ISC" } },
        }),
        "index.js": "exports.ratio = (a, b) => (b === 0 ? undefined : a / b);\n",
        "ratio.test.js":
          'const assert = require("node:assert/strict");\nconst test = require("node:test");\nconst { ratio } = require("./index.js");\n\ntest("of nothing is none", () => assert.equal(ratio(1, 0), undefined));\n',
        "README.md": "# ratio\n\nDivides.\n",
      },
      "ratio",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(new Set(verdicts)).toEqual(new Set(["pass"]));
    expect(flake).toContain("npm test");
    expect(flake).not.toContain("apps");
  }, 900_000);

  it("with workspaces: the program of one of them finds the other by the link that npm makes", async () => {
    const at = await place();
    const core = { name: "@orchard/core", version: "1.0.0", main: "index.js" };
    const cli = {
      name: "@orchard/cli",
      version: "1.0.0",
      bin: { orchard: "bin/orchard.js" },
      dependencies: { "@orchard/core": "^1.0.0" },
    };
    const root = { name: "orchard", version: "1.0.0", workspaces: ["packages/*"] };
    const repo = await at.repository(
      {
        "package.json": json({ ...root, private: true }),
        "package-lock.json": json({
          ...root,
          workspaces: undefined,
          lockfileVersion: 3,
          requires: true,
          packages: {
            "": root,
            "node_modules/@orchard/cli": { resolved: "packages/cli", link: true },
            "node_modules/@orchard/core": { resolved: "packages/core", link: true },
            "packages/cli": cli,
            "packages/core": { name: core.name, version: core.version },
          },
        }),
        "packages/core/package.json": json(core),
        "packages/core/index.js": "exports.ripe = (days) => days > 3;\n",
        "packages/cli/package.json": json({ ...cli, scripts: { test: "node bin/orchard.js 4" } }),
        "packages/cli/bin/orchard.js":
          '#!/usr/bin/env node\nconst { ripe } = require("@orchard/core");\nconsole.log(ripe(Number(process.argv[2])) ? "ripe" : "green");\n',
        "README.md": "# orchard\n\n```console\n$ orchard 5\nripe\n```\n",
      },
      "orchard",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(passes(8));
    expect(flake).toContain("forceEmptyCache = true;");
    expect(flake).toContain("npm test --workspaces --if-present");
  }, 900_000);

  it("installed by yarn, or without the lock that its dependencies need, is given up with the reason and the next step", async () => {
    const at = await place();
    const manifest = json({ name: "reeds", version: "1.0.0", bin: "cli.js", dependencies: { padcell: "^1.0.0" } });
    const about = async (files: Readonly<Record<string, string>>, name: string): Promise<string> => {
      const repo = await at.repository({ "package.json": manifest, "cli.js": "console.log(1);\n", ...files }, name);
      const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
      expect(drafted.document).toMatchObject({ ok: false });
      return drafted.about;
    };
    expect(await about({ "yarn.lock": "# yarn lockfile v1\n" }, "by-yarn")).toContain("yarn.lock shows that yarn installs");
    expect(await about({}, "without-lock")).toContain("run `npm install --package-lock-only` and commit it");
  }, 900_000);
});
