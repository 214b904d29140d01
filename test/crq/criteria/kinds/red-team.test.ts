import { symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { placeBash, printingProgram, shDerivation, shellOutput, treeFlake } from "../flakes.ts";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

/** Changes that want a pass without the work, each beside an honest neighbour that must keep its pass. */

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const seen = async (scenario: Scenario): Promise<readonly string[]> =>
  (await observe(place, scenario)).results.map(({ verdict, code, warnings }) => [verdict, code, ...warnings].join(" "));
const flake = (outputs: string): Readonly<Record<string, string>> => ({
  "flake.nix": `{ outputs = { self }: { ${outputs} }; }\n`,
});
const OUT = "$" + "{out:AC-1.0}";

describe("flake-check", () => {
  const checks = (...named: readonly (readonly [string, string])[]): Readonly<Record<string, string>> =>
    flake(`checks.x86_64-linux = { ${named.map(([name, script]) => `${name} = ${shDerivation(name, script)};`).join(" ")} };`);

  test("a stub in a shell in a shell, and a check of another machine", async () => {
    const require = (name: string): object => ({ kind: "flake-check", require: [name] });
    const change = {
      ...checks(
        ["nested", "/bin/sh -c 'echo ok > $out' "],
        ["honest", 'while read -r line; do [ -n "$line" ] || exit 1; echo "$line"; done < ${./log.txt} > $out'],
      ),
      "log.txt": "test result: ok\n",
    };
    expect(await seen({ change, checks: ["nested", "honest"].map(require) })).toEqual(["vacuous stub", "pass met"]);
    expect(
      await seen({
        change: flake(`checks.aarch64-darwin.test = ${shDerivation("test", "x").replace("x86_64-linux", "aarch64-darwin")};`),
        checks: [{ kind: "flake-check" }, require("test")],
      }),
    ).toEqual(["vacuous nothing-checked", "fail missing"]);
  });
});

describe("attributes that say something else than the derivation they stand beside", () => {
  test("a check, and a check that is built", async () => {
    const derivations: Readonly<Record<string, string>> = {
      dressed: `(${shDerivation("dressed", "echo ok > $out")}) // { drvAttrs = { builder = "/bin/cargo"; args = [ "test" ]; }; }`,
      bare: `let d = ${shDerivation("bare", "echo ok > $out")}; in { type = "derivation"; inherit (d) name system outPath drvPath outputName; }`,
      emptied: `(${shDerivation("emptied", ": > $out")}) // { drvAttrs = { builder = "/bin/cargo"; args = [ "test" ]; }; }`,
      honest: `let d = ${shDerivation("honest", 'read -r line < ${./log.txt}; [ -n "$line" ] && echo "$line" > $out')}; in { type = "derivation"; inherit (d) name system outPath drvPath outputName; }`,
    };
    const change = {
      ...flake(
        `checks.x86_64-linux = { ${Object.entries(derivations)
          .map(([name, value]) => `${name} = ${value};`)
          .join(" ")} };`,
      ),
      "log.txt": "test result: ok\n",
    };
    const checks = [
      ...["dressed", "bare", "honest"].map((name): object => ({ kind: "flake-check", require: [name] })),
      { kind: "nix-build", attr: `checks.${SYSTEM}.emptied` },
    ];
    expect(await seen({ change, checks })).toEqual(["vacuous stub", "vacuous stub", "pass met", "vacuous stub"]);
  });
});

describe("nix-build", () => {
  const build = (name: string, files: readonly string[] = []): object => ({
    kind: "nix-build",
    attr: `packages.${SYSTEM}.${name}`,
    files,
  });

  test("a program that is only a text of the flake is named; a wrapper that needs a build is not", async () => {
    const script = (text: string): string =>
      `derivation { name = "greet"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ''${text}'' ]; }`;
    const change = {
      "flake.nix": treeFlake(`packages.x86_64-linux.fake = ${script("echo 'echo greet 1.0' > $out")};
      packages.x86_64-linux.wrapped = ${script('read -r line < ${self.packages.x86_64-linux.greet}/word; echo "$line" > $out')};`),
      "tree/word": "greet\n",
    };
    expect(await seen({ change, checks: [build("fake"), build("wrapped")] })).toEqual([
      "pass met its builder only writes a text that the flake holds, or copies files as they are: nothing was compiled",
      "pass met",
    ]);
  });

  test("a text in the place of a program", async () => {
    const change = {
      "flake.nix": treeFlake(),
      "tree/bin/greet": "greet 1.0\n",
      "tree/bin/tool": printingProgram("x"),
      "tree/share/note": "greet 1.0\n",
    };
    const checks = [build("greet", ["bin/greet"]), build("greet", ["bin/tool", "share/note", "bin"])];
    expect(await seen({ change, checks })).toEqual(["fail missing", "pass met"]);
  });

  test("files borrowed from the machine, empty ones and empty folders", async () => {
    const change = {
      "flake.nix": treeFlake(),
      "tree/bin/greet": printingProgram("x"),
      "tree/bin/empty": "",
      "tree/share/.keep": "",
    };
    const prepare = (directory: string): void => symlinkSync("/usr/bin/env", `${directory}/tree/bin/borrowed`);
    expect(
      await seen({
        change,
        prepare,
        checks: [
          build("greet", ["bin/greet"]),
          build("greet", ["bin/borrowed"]),
          build("greet", ["bin/empty"]),
          build("greet", ["share"]),
        ],
      }),
    ).toEqual(["pass met", "fail missing", "fail missing", "fail missing"]);
  });
});

describe("flake-outputs", () => {
  test("sets that call themselves derivations", async () => {
    const change = flake(`packages.x86_64-linux = {
      plain = { type = "derivation"; };
      dressed = { type = "derivation"; name = "x"; drvPath = "/nix/store/00000000000000000000000000000000-x.drv"; outPath = "/nix/store/x"; };
      broken = derivation { name = "broken"; system = "x86_64-linux"; builder = { }.nothing; };
      thrown = throw "later";
      real = ${shDerivation("real", "echo > $out")};
    };`);
    const outputs = (name: string): object => ({ kind: "flake-outputs", require: [`packages.${SYSTEM}.${name}`] });
    const checks = ["plain", "dressed", "broken", "thrown", "real"].map(outputs);
    expect(await seen({ change, checks })).toEqual(["fail missing", "fail missing", "fail missing", "fail missing", "pass met"]);
  });
});

describe("flake-outputs by name", () => {
  test("texts and empty sets in the place of packages, apps and a formatter, and paths that no flake could have", async () => {
    const change = flake(`packages.x86_64-linux = { "a.b" = "text"; "c.d" = ${shDerivation("real", "echo > $out")}; };
      apps.x86_64-linux = { none = { }; real = { type = "app"; program = "/bin/x"; }; package = ${shDerivation("app", "echo > $out")}; };
      formatter.x86_64-linux = null;`);
    const require = (path: string): object => ({ kind: "flake-outputs", require: [path] });
    const checks = [
      require('packages.${system}."a.b"'),
      require('packages.${system}."c.d"'),
      require("apps.${system}.none"),
      require("apps.${system}.real"),
      require("apps.${system}.package"),
      require("formatter.${system}"),
      { kind: "flake-outputs", forbid: ["packages.${system}..old"] },
      { kind: "flake-outputs", forbid: ["packages.${system}.old"] },
    ].map((check): object => JSON.parse(JSON.stringify(check).replaceAll("${system}", SYSTEM)));
    expect(await seen({ change, checks })).toEqual([
      "fail missing",
      "pass met",
      "fail missing",
      "pass met",
      "pass met",
      "fail missing",
      "fail forbidden",
      "pass met",
    ]);
  });
});

describe("nix-eval", () => {
  const evaluate = (more: object): object => ({ kind: "nix-eval", ...more });
  test("functions that do not look, and a set that is matched as a word", async () => {
    const change = flake('greeting = "hi"; set = { a = 1; };');
    const checks = [
      evaluate({ expr: "outputs: true", equals: true }),
      evaluate({ expr: "_: 1 + 1", equals: 2 }),
      evaluate({ expr: "builtins.isAttrs", equals: true }),
      evaluate({ expr: "outputs: outputs ? greeting", equals: true }),
      evaluate({ attr: "set", regex: "object" }),
      evaluate({ attr: "set", regex: '"a":1' }),
    ];
    expect(await seen({ change, checks })).toEqual([
      "vacuous nothing-checked",
      "vacuous nothing-checked",
      "vacuous nothing-checked",
      "pass met",
      "fail mismatch",
      "pass met",
    ]);
  });
});

describe("run", () => {
  test("a file that was there before is no file the program left", async () => {
    const change = { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("greet 1.0\n") };
    const run = (more: object): object => ({ kind: "run", argv: [`${OUT}/bin/greet`], cwd: ".", ...more });
    const checks = [
      { kind: "nix-build", attr: `packages.${SYSTEM}.greet` },
      run({ files: ["README.md"] }),
      run({ files: ["README.md"], stdout: { contains: "greet" } }),
    ];
    expect((await seen({ change, checks })).slice(1)).toEqual(["vacuous nothing-checked", "pass met"]);
  });

  test("a program of another system, or on another one's list", async () => {
    const change = { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("greet 1.0\n") };
    const run = (systems: readonly string[]): object => ({
      kind: "run",
      argv: [`${OUT}/bin/greet`],
      stdout: { contains: "greet" },
      systems,
    });
    const checks = [{ kind: "nix-build", attr: `packages.${SYSTEM}.greet` }, run(["x86_64-linux"]), run(["aarch64-linux"])];
    expect((await seen({ change, checks })).slice(1)).toEqual(["pass met", "unavailable other-system"]);
  });
});

describe("dev-shell", () => {
  const shell = (argv: readonly string[], more: object): object => ({ kind: "dev-shell", run: { argv, ...more } });

  test("a hook that says it all, also behind words of chance, and a hook that only greets", async () => {
    const hooks = ["echo $RANDOM; echo tool 1.0", "echo tool 1.0 >&2", "echo welcome"];
    const all = await Promise.all(
      hooks.map((hook) =>
        seen({
          change: {
            "flake.nix": treeFlake(shellOutput(hook)),
            "tools/tool": printingProgram(hook === "echo welcome" ? "tool 1.0\n" : ""),
          },
          prepare: placeBash,
          checks: [
            shell(["tool"], hook.endsWith("2") ? { stderr: { contains: "tool 1.0" } } : { stdout: { regex: "^tool 1.0$" } }),
          ],
        }),
      ),
    );
    expect(all.flat()).toEqual(["vacuous stub", "vacuous stub", "pass met"]);
  });

  test("a hook that leaves before the program runs", async () => {
    const change = { "flake.nix": treeFlake(shellOutput("echo tool 1.0; exit 0")), "tools/tool": printingProgram("") };
    expect(await seen({ change, prepare: placeBash, checks: [shell(["tool"], { stdout: { contains: "tool 1.0" } })] })).toEqual([
      "vacuous stub",
    ]);
  });

  test("a program that tells git not to look at what it changes", async () => {
    const hide =
      "#!/bin/sh\necho '*' > .git/info/exclude\necho '{ outputs = _: { }; }' > flake.nix\nPATH=/usr/bin:/bin\ngit update-index --assume-unchanged flake.nix\necho tool\n";
    const base = { "flake.nix": treeFlake(shellOutput()), "tools/hide": hide };
    expect(
      await seen({ base, change: {}, prepare: placeBash, checks: [shell(["hide"], { stdout: { contains: "tool" } })] }),
    ).toEqual(["fail mutated"]);
  });
});

describe("texts", () => {
  test("a link to nothing is not absent", async () => {
    const absent = (path: string): object => ({ kind: "file", path, absent: true });
    const prepare = (directory: string): void => symlinkSync("nowhere", `${directory}/old.sh`);
    expect(await seen({ prepare, checks: [absent("old.sh"), absent("none.sh")] })).toEqual(["fail mismatch", "pass met"]);
  });

  test("a document that mentions it in a comment, that showed it before, and one that must only stay", async () => {
    const doc = (more: object): object => ({
      kind: "doc",
      files: ["README.md"],
      headings: ["Nix"],
      mentions: ["nix build"],
      ...more,
    });
    const base = { "README.md": "# Tool\n\n## Nix\n\nRun `nix build`.\n" };
    expect(
      await seen({
        base: { "README.md": "# Tool\n" },
        change: { "README.md": "# Tool\n\n<!-- ## Nix: nix build -->\n" },
        checks: [doc({})],
      }),
    ).toEqual(["fail missing"]);
    expect(
      await seen({ base, change: { "README.md": `${base["README.md"]}\nBye.\n` }, checks: [doc({}), doc({ regression: true })] }),
    ).toEqual(["pass met all that README.md is asked for was there before; that it changed is all that was shown", "pass met"]);
    expect(await seen({ base, checks: [doc({}), doc({ regression: true })] })).toEqual(["fail unchanged", "pass met"]);
  });

  test("documents of the CRQs are not what was changed, and what git does not know is said", async () => {
    const scope = { kind: "git-scope", allow: ["flake.nix"] };
    const change = { ...flake(""), "crqs/CRQ-001-x.md": "# CRQ-001: X\n" };
    const options = { crqFolder: "crqs", untracked: ["package.nix", "notes.txt"] };
    expect(await seen({ change, checks: [scope], options })).toEqual([
      "pass met the checkout holds package.nix, which git does not know, so nothing that was checked saw it",
    ]);
    expect(
      await seen({ change: { "crqs/CRQ-001-x.md": "# CRQ-001: X\n" }, checks: [scope], options: { crqFolder: "crqs" } }),
    ).toEqual(["vacuous unchanged"]);
    expect(await seen({ change, checks: [scope] })).toEqual(["fail forbidden"]);
  });
});
