import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowsMajor } from "../../../../src/repo/languages/node/engines.ts";
import { readNodeLock } from "../../../../src/repo/languages/node/lock.ts";
import { keyLines, type NodeManifest, readManifest } from "../../../../src/repo/languages/node/manifest.ts";
import { readPackage, readWorkspaces } from "../../../../src/repo/languages/node/project.ts";
import { buildScript, startedFile } from "../../../../src/repo/languages/node/scripts.ts";

const manifest = (fields: object): NodeManifest => {
  const read = readManifest(JSON.stringify({ name: "reed", version: "1.0.0", ...fields }));
  if (typeof read === "string") throw new Error(read);
  return read;
};
const holding =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe("readManifest", () => {
  it("links a text as the package's name without its scope, and an object by its keys", () => {
    expect(manifest({ name: "@meadow/reed", bin: "./cli.js" })).toMatchObject({
      bin: [{ name: "reed", path: "cli.js" }],
      binIsText: true,
    });
    expect(manifest({ bin: { a: "bin/a.js", b: "./bin/b.js" } }).bin).toEqual([
      { name: "a", path: "bin/a.js" },
      { name: "b", path: "bin/b.js" },
    ]);
  });

  it("takes a field of an unexpected type for absent", () => {
    expect(manifest({ bin: 3, scripts: [], engines: "node", version: "1.0.0", workspaces: { nohoist: [] } })).toMatchObject({
      bin: [],
      scripts: new Map(),
      engine: undefined,
      workspaces: [],
    });
    expect(readManifest("[1]")).toBe("is no JSON object");
    expect(readManifest("{,}")).toBe("is no JSON object");
  });
});

describe("keyLines", () => {
  it("gives the line of a key and of one below it, whatever stands in the texts", () => {
    const text =
      '{\n  "name": "{\\"name\\": 1}",\n  "scripts": {\n    "test": "a, b: {",\n    "build": "x"\n  },\n  "files": ["scripts", "bin"],\n  "bin": { "reed": "cli.js" }\n}\n';
    expect(Object.fromEntries(keyLines(text))).toEqual({
      name: 2,
      scripts: 3,
      "scripts.test": 4,
      "scripts.build": 5,
      files: 7,
      bin: 8,
      "bin.reed": 8,
    });
  });

  it("finds every top key of any object, on the line where it is written", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { maxKeys: 6 }), (object) => {
        const text = JSON.stringify(object, null, 2);
        const lines = text.split("\n");
        const found = keyLines(text);
        for (const key of Object.keys(object)) expect(lines[(found.get(key) ?? 0) - 1]).toContain(JSON.stringify(key));
      }),
    );
  });
});

describe("readNodeLock", () => {
  it("tells where each package comes from, what is for development, and what runs a script", () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        "": { dependencies: { a: "1" } },
        "node_modules/a": { version: "1.0.0", resolved: "https://npm.example.org/a/-/a-1.0.0.tgz", integrity: "sha512-xx" },
        "node_modules/a/node_modules/@s/b": { version: "2.0.0", inBundle: true },
        "node_modules/c": {
          version: "3.0.0",
          resolved: "git+ssh://git@forge.example/c.git#1",
          dev: true,
          hasInstallScript: true,
        },
        "node_modules/d": { resolved: "packages/d", link: true },
        "packages/d": { version: "0.1.0" },
        "node_modules/e": { version: "5.0.0" },
      },
    };
    expect(readNodeLock(JSON.stringify(lock))).toEqual({
      version: 3,
      packages: [
        { name: "a", version: "1.0.0", from: "archive", dev: false, installs: false },
        { name: "@s/b", version: "2.0.0", from: "bundled", dev: false, installs: false },
        { name: "c", version: "3.0.0", from: "git", dev: true, installs: true },
        { name: "d", version: "", from: "link", dev: false, installs: false },
        { name: "e", version: "5.0.0", from: "nowhere", dev: false, installs: false },
      ],
      direct: ["a", "c", "d", "e"],
    });
  });

  it("reads the nested form of old, whose git dependencies have their address for a version", () => {
    const lock = {
      lockfileVersion: 1,
      dependencies: {
        a: {
          version: "1.0.0",
          resolved: "https://npm.example.org/a/-/a-1.0.0.tgz",
          integrity: "sha1-xx",
          dependencies: { b: { version: "git+https://forge.example/b.git#1" } },
        },
        c: { version: "file:c" },
      },
    };
    expect(readNodeLock(JSON.stringify(lock))).toMatchObject({
      packages: [
        { name: "a", from: "archive" },
        { name: "b", from: "git" },
        { name: "c", from: "link" },
      ],
      direct: ["a", "c"],
    });
  });

  it("never throws, whatever it reads", () => {
    const odd = fc.oneof(fc.string(), fc.json());
    const locks = fc.record({
      lockfileVersion: fc.constantFrom(1, 2, 3, 4),
      packages: fc.jsonValue(),
      dependencies: fc.jsonValue(),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          odd,
          locks.map((lock) => JSON.stringify(lock)),
        ),
        (text) => {
          readNodeLock(text);
          readManifest(text);
          keyLines(text);
        },
      ),
    );
  });
});

describe("allowsMajor", () => {
  it("reads ranges as npm does, for the newest release of each major version", () => {
    const allowed = (range: string): readonly number[] => [18, 20, 22, 24].filter((major) => allowsMajor(range, major) === true);
    expect(allowed(">=20.10")).toEqual([20, 22, 24]);
    expect(allowed("^18.12.0 || >= 22.0.0")).toEqual([18, 22, 24]);
    expect(allowed("20.x")).toEqual([20]);
    expect(allowed("18 - 22")).toEqual([18, 20, 22]);
    expect(allowed(">=18 <23")).toEqual([18, 20, 22]);
    expect(allowed("~22.4")).toEqual([]);
    expect(allowed("*")).toEqual([18, 20, 22, 24]);
    expect(allowed("<=20")).toEqual([18, 20]);
    expect(allowsMajor("lts/*", 22)).toBeUndefined();
  });
});

describe("readPackage", () => {
  it("takes for the program what bin names, else what the start script runs, else finds a library", () => {
    expect(readPackage(manifest({ bin: "cli.js", scripts: { start: "node x.js" } }), holding("cli.js"))).toMatchObject({
      programs: [{ name: "reed", path: "cli.js" }],
      programsBy: { kind: "bin" },
    });
    expect(
      readPackage(manifest({ scripts: { start: "node --no-warnings ./src/main.js" } }), holding("src/main.js")),
    ).toMatchObject({
      programs: [{ name: "reed", path: "src/main.js" }],
      programsBy: { kind: "start", flags: ["--no-warnings"] },
    });
    expect(readPackage(manifest({ main: "lib.js" }), holding("lib.js"))).toMatchObject({
      programs: [],
      programsBy: { kind: "none" },
    });
  });

  it("wants a script for what is not in the repository, and keeps what that makes from being left out", () => {
    const missing = { bin: "dist/cli.js", scripts: { prepack: "sowc src dist" } };
    expect(readPackage(manifest(missing), holding())).toMatchObject({ built: "prepack", made: "dist", packing: ["prepack"] });
    expect(readPackage(manifest({ ...missing, files: ["dist"] }), holding())).not.toHaveProperty("made");
    expect(readPackage(manifest({ bin: "dist/cli.js" }), holding())).toContain("no script that builds it");
  });

  it("gives up with the reason where a package is more than one", () => {
    expect(readPackage(manifest({ bin: "cli.js" }), holding("cli.js", "binding.gyp"))).toContain("addon");
    expect(readPackage(manifest({ bin: { "a b": "cli.js" } }), holding("cli.js"))).toContain("quotes");
    expect(readPackage(manifest({ version: undefined, bin: "cli.js" }), holding("cli.js"))).toContain("no version");
    expect(readPackage(manifest({}), holding("src/app.js"))).toContain("no program");
  });
});

describe("readWorkspaces", () => {
  const cli = {
    folder: "packages/cli",
    manifest: manifest({ version: "2.0.0", bin: { reed: "./cli.js" }, scripts: { test: "node x" } }),
  };
  const core = { folder: "packages/core", manifest: manifest({ name: "core", main: "index.js" }) };

  it("takes the programs of all members, and runs in each what the package itself has no script for", () => {
    expect(
      readWorkspaces(manifest({ name: "all", version: undefined }), [cli, core], holding("packages/cli/cli.js")),
    ).toMatchObject({
      packageName: "all",
      version: "2.0.0",
      programs: [{ name: "reed", path: "packages/cli/cli.js" }],
      workspaces: { folders: ["packages/cli", "packages/core"], buildsEach: false, testsEach: true },
    });
  });

  it("gives up where no member has a program, or one that nothing builds", () => {
    expect(readWorkspaces(manifest({}), [core], holding())).toContain("none of them names a program");
    expect(readWorkspaces(manifest({}), [cli], holding())).toContain("no script that builds it");
  });
});

describe("scripts", () => {
  it("that set up a clone build nothing", () => {
    expect(buildScript(manifest({ scripts: { prepare: "husky" } }), true)).toBeUndefined();
    expect(buildScript(manifest({ scripts: { prepare: "tsc", build: "" } }), true)).toBe("prepare");
    expect(buildScript(manifest({ scripts: { prepare: "tsc" } }), false)).toBeUndefined();
  });

  it("start a file only where no shell is needed to know which", () => {
    expect(startedFile("node server.js")).toEqual({ path: "server.js", flags: [] });
    for (const script of [
      "node $MAIN",
      "npm run build && node x.js",
      "nodemon x.js",
      "node",
      "node ../x.js",
      "node x.js --port 3",
      undefined,
    ])
      expect(startedFile(script)).toBeUndefined();
  });
});
