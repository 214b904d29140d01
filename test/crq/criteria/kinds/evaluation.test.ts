import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { shDerivation } from "../flakes.ts";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const lines = async (scenario: Scenario): Promise<readonly string[]> => (await observe(place, scenario)).lines;
const flake = (outputs: string): Readonly<Record<string, string>> => ({
  "flake.nix": `{ outputs = { self }: { ${outputs} }; }\n`,
});

describe("nix-parse", () => {
  const parse = (...files: string[]): object => ({ kind: "nix-parse", files });

  test("reads every tracked file that matches", async () => {
    const change = { ...flake(""), "nix/a.nix": "{ }: 1\n", "nix/b.nix": "x: x\n", "readme.txt": "no nix" };
    expect(await lines({ change, checks: [parse("**/*.nix"), parse("flake.nix")] })).toEqual([
      "pass met (parse) 3/3: 3 files parse",
      "pass met (parse) 1/1: 1 file parses",
    ]);
  });

  test("fails at the place of the error", async () => {
    const change = { "nix/bad.nix": "{\n  a = 1\n}\n", "nix/open.nix": "{ text = '''\n  hello\n'''; }\n" };
    const { results } = await observe(place, { change, checks: [parse("nix/bad.nix"), parse("nix/open.nix")] });
    expect(results.map(({ verdict, code, diagnoses: [first] }) => [verdict, code, first?.kind, first?.position?.line])).toEqual([
      ["fail", "evaluation", "syntax", 3],
      ["fail", "evaluation", "syntax", 4],
    ]);
  });

  test("fails when a file that is named is not there", async () => {
    expect(
      await lines({ change: flake(""), checks: [parse("flake.nix", "package.nix"), parse("flake.nix", "nix/*.nix")] }),
    ).toEqual([
      "fail missing (parse) 1/1: package.nix does not exist among the tracked files",
      "pass met (parse) 1/1: 1 file parses",
    ]);
  });

  test("is vacuous when nothing matches, and follows no link out of the target", async () => {
    const { symlinkSync } = await import("node:fs");
    const prepare = (directory: string): void => symlinkSync("/etc/hostname", `${directory}/host.nix`);
    expect(await lines({ prepare, checks: [parse("none/*.nix"), parse("*.nix")] })).toEqual([
      "vacuous nothing-checked (parse) 0/0: no tracked file matches none/*.nix",
      "fail outside-target (parse) 1/1: host.nix leads out of the target",
    ]);
  });
});

describe("nix-eval", () => {
  const evaluate = (more: object): object => ({ kind: "nix-eval", ...more });

  test("compares a value, its type, a part of it or its text", async () => {
    const change = flake(
      'info = { name = "greet"; list = [ 1 2.5 null true ]; }; greet = { type = "derivation"; name = "greet-1.0"; outPath = "/x"; };',
    );
    const checks = [
      evaluate({ attr: "info", equals: { name: "greet", list: [1, 2.5, null, true] } }),
      evaluate({ attr: "info", type: "set" }),
      evaluate({ attr: "greet", type: "derivation" }),
      evaluate({ attr: "greet.name", regex: "^greet-\\d" }),
      evaluate({ attr: "info", pointer: "/list/1", type: "float", equals: 2.5 }),
      evaluate({ expr: "flake: builtins.attrNames flake.info", equals: ["list", "name"] }),
    ];
    expect(await lines({ change, checks })).toEqual([
      "pass met (eval) 1/1: info is as asked for",
      "pass met (eval) 1/1: info is as asked for",
      "pass met (eval) 1/1: greet is as asked for",
      "pass met (eval) 1/1: greet.name is as asked for",
      "pass met (eval) 1/1: info is as asked for",
      "pass met (eval) 1/1: the function of the flake is as asked for",
    ]);
  });

  test("fails on another value, type, text or place", async () => {
    const change = flake('name = "greet"; throwing = throw "no";');
    const checks = [
      evaluate({ attr: "name", equals: "other" }),
      evaluate({ attr: "name", type: "int" }),
      evaluate({ attr: "name", regex: "^x" }),
      evaluate({ attr: "name", pointer: "/a", equals: 1 }),
      evaluate({ attr: "name", expr: "flake: 1" }),
      evaluate({ attr: "throwing", equals: 1 }),
    ];
    expect((await lines({ change, checks })).map((line) => line.replace(/failed: .*/s, "failed"))).toEqual([
      'fail mismatch (eval) 1/1: name: the value is "greet" instead of "other"',
      "fail mismatch (eval) 1/1: name: its type is string instead of int",
      'fail mismatch (eval) 1/1: name: the value "greet" does not match /^x/',
      'fail mismatch (eval) 1/1: name: nothing at "/a"',
      "fail mismatch (parse) 0/0: the check needs either attr or expr",
      "fail evaluation (eval) 1/1: evaluating throwing failed",
    ]);
  });

  test("is vacuous when the flake does not matter", async () => {
    const change = flake('name = "greet";');
    const checks = [
      evaluate({ expr: "flake: true", equals: true }),
      evaluate({ expr: "flake: builtins.isAttrs flake", equals: true }),
      evaluate({ expr: "flake: !(flake ? other)", equals: true }),
      evaluate({ attr: "name", regex: "x*" }),
    ];
    const same = "vacuous nothing-checked (eval) 1/1: the function gives the same for a flake without outputs";
    expect(await lines({ change, checks })).toEqual([
      same,
      same,
      same,
      "vacuous nothing-checked (eval) 0/0: /x*/ matches the empty string",
    ]);
  });
});

describe("flake-outputs", () => {
  const outputs = (more: object): object => ({ kind: "flake-outputs", ...more });
  const change = flake(`
    packages.x86_64-linux.default = ${shDerivation("greet", "echo hi > $out")};
    packages.aarch64-linux.default = ${shDerivation("greet", "echo hi > $out")};
    packages.x86_64-linux.text = "not a derivation";
    packages.x86_64-linux.broken = throw "broken";
    devShell.x86_64-linux = ${shDerivation("shell", "")};
    lib."a.b" = 1;
  `);

  test("finds what is required for each system, and nothing that is forbidden", async () => {
    const seen = await observe(place, {
      change,
      checks: [
        outputs({
          require: [`packages.${SYSTEM}.default`],
          systems: ["x86_64-linux", "aarch64-linux"],
          forbid: [`apps.${SYSTEM}.default`],
        }),
        outputs({ require: ['lib."a.b"'] }),
        outputs({ require: [`devShells.${SYSTEM}.default`] }),
      ],
    });
    expect(seen.lines).toEqual([
      "pass met (eval) 4/4: packages.x86_64-linux.default, packages.aarch64-linux.default exist; " +
        "apps.x86_64-linux.default, apps.aarch64-linux.default do not",
      'pass met (eval) 1/1: lib."a.b" exists',
      "pass met (eval) 1/1: devShells.x86_64-linux.default exists",
    ]);
    expect(seen.results[2]?.warnings).toEqual([
      "devShell.x86_64-linux is an old name; newer Nix looks for devShells.x86_64-linux.default",
    ]);
    expect(seen.run.nixProcesses).toBe(1);
  });

  test("fails on what is absent, forbidden, broken or of the wrong type", async () => {
    const checks = [
      outputs({ require: [`packages.${SYSTEM}.nope`] }),
      outputs({ forbid: [`packages.${SYSTEM}.default`] }),
      outputs({ require: [`packages.${SYSTEM}.text`, `packages.${SYSTEM}.broken`] }),
    ];
    expect(await lines({ change, checks })).toEqual([
      "fail missing (eval) 1/1: packages.x86_64-linux.nope does not exist",
      "fail forbidden (eval) 1/1: packages.x86_64-linux.default exists",
      "fail missing (eval) 2/2: packages.x86_64-linux.text is a string, not a derivation; " +
        "packages.x86_64-linux.broken exists but cannot be evaluated",
    ]);
  });

  test("is vacuous for a flake without outputs, or without a word about any", async () => {
    const checks = [outputs({ forbid: ["packages"] }), outputs({})];
    expect(await lines({ change: flake(""), checks })).toEqual([
      "vacuous empty (eval) 1/1: the flake has no outputs",
      "vacuous nothing-checked (eval) 0/0: the check names no attribute",
    ]);
  });
});

describe("flake-check", () => {
  const checks = (text: string): Readonly<Record<string, string>> => flake(`checks.x86_64-linux = { ${text} };`);
  const flakeCheck = (more: object = {}): object => ({ kind: "flake-check", ...more });
  const real = shDerivation(
    "real",
    `while read -r line; do [ "$line" = greet ] && found=1; done < \${./name.txt}; (( found )) && echo ok > $out`,
  );

  test("passes when real checks pass; an idle one beside them is named", async () => {
    const change = { ...checks(`real = ${real}; idle = ${shDerivation("idle", "echo ok > $out")};`), "name.txt": "greet\n" };
    expect(await lines({ change, checks: [flakeCheck({ require: ["real"] }), flakeCheck()] })).toEqual([
      "pass met (build) 2/2: idle, real pass",
      "pass met (build) 2/2: idle, real pass (nothing is tested by idle)",
    ]);
  });

  test("fails when a check fails or a required one is missing", async () => {
    const change = { ...checks(`real = ${real};`), "name.txt": "other\n" };
    const seen = await lines({ change, checks: [flakeCheck(), flakeCheck({ require: ["real", "clippy"] })] });
    expect(seen[0]).toMatch(/^fail build \(build\) 1\/1: nix flake check failed: /);
    expect(seen[1]).toBe("fail missing (eval) 1/1: no check checks.x86_64-linux.clippy");
  });

  test("is vacuous without checks, or when those that count test nothing", async () => {
    const stub = checks(`a = ${shDerivation("a", "echo ok > $out")}; b = ${shDerivation("b", ": > $out # cargo test")};`);
    expect([
      ...(await lines({ change: flake("packages = { };"), checks: [flakeCheck()] })),
      ...(await lines({ change: stub, checks: [flakeCheck(), flakeCheck({ require: ["b"] })] })),
    ]).toEqual([
      "vacuous nothing-checked (eval) 0/0: the flake has no checks for x86_64-linux",
      "vacuous stub (build) 2/2: nothing is tested by a, b: the builder is only mkdir, touch, echo and the like",
      "vacuous stub (build) 2/2: nothing is tested by b: the builder is only mkdir, touch, echo and the like",
    ]);
  });
});

describe("one evaluation", () => {
  const checks = [
    { kind: "nix-build", attr: `packages.${SYSTEM}.good` },
    { kind: "nix-build", attr: `packages.${SYSTEM}.bad` },
    { kind: "flake-outputs", require: [`packages.${SYSTEM}.good`] },
    { kind: "flake-outputs", forbid: [`devShells.${SYSTEM}.default`] },
  ];

  test("answers for all attributes of all checks, and a package that breaks it spoils no other", async () => {
    const bad = `${shDerivation("bad", "")} // { drvPath = { }.missing; }`;
    const change = flake(`packages.x86_64-linux = { good = ${shDerivation("good", "echo hi > $out")}; bad = ${bad}; };`);
    const seen = await observe(place, { change, checks });
    expect(seen.lines).toEqual([
      "pass met (build) 1/1: packages.x86_64-linux.good builds",
      expect.stringMatching(/^fail evaluation \(eval\) 1\/1: nix build \.#packages\.x86_64-linux\.bad failed: .*missing/),
      "pass met (eval) 1/1: packages.x86_64-linux.good exists",
      "pass met (eval) 1/1: devShells.x86_64-linux.default does not",
    ]);
  });

  test("is not tried again for what keeps the whole flake from evaluating", async () => {
    const { results } = await observe(place, {
      change: { "flake.nix": "{ outputs = { self }: { packages = nope; }; }\n" },
      checks,
    });
    expect(results.map(({ verdict, code, diagnoses }) => [verdict, code, diagnoses[0]?.kind])).toEqual(
      Array(4).fill(["fail", "evaluation", "attribute"]),
    );
  });
});
