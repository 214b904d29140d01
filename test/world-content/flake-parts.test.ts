import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

const SYSTEM = host.system;

/** A flake whose outputs `cases` see `mk`, flake-parts with the flake's inputs, and `one`, the same for a perSystem module and two systems. */
const flake = (cases: string): string => `{
  inputs = {
    flake-parts.url = "github:hercules-ci/flake-parts";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    plain = { url = "github:nix-systems/default"; flake = false; };
  };
  outputs = inputs@{ self, flake-parts, nixpkgs, ... }: let
    mk = flake-parts.lib.mkFlake { inherit inputs; };
    one = perSystem: mk { systems = [ "${SYSTEM}" "sparc64-linux" ]; inherit perSystem; };
    at = outputs: name: outputs.\${name}.${SYSTEM};
  in { cases = { ${cases} }; };
}`;

const MODULES: Tree = {
  "parts/a.nix": "{ perSystem = { pkgs, ... }: { packages.a = pkgs.hello; }; }",
  "parts/again.nix": "{ perSystem = { pkgs, ... }: { packages.a = pkgs.jq; }; }",
  "parts/c.nix":
    "{ self, lib, ... }: { imports = [ ./a.nix ]; perSystem = { config, self', pkgs, ... }: { checks.c = self'.packages.a; }; flake.mine = lib.version; }",
};

describe.skipIf(cannotRun !== undefined)("flake-parts in the shipped world", () => {
  const { project, nix, built, confined } = shipped();

  test("the README's flake has packages, checks, a shell, an app and a formatter, and its checks hold", async () => {
    const cwd = await project({
      "flake.nix": `{
        inputs.flake-parts.url = "github:hercules-ci/flake-parts";
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
        outputs = inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
          imports = [ ./parts/c.nix ];
          systems = [ "${SYSTEM}" "aarch64-darwin" ];
          perSystem = { config, self', inputs', pkgs, system, lib, ... }: {
            packages.default = pkgs.hello;
            devShells.default = pkgs.mkShell { inputsFrom = [ config.packages.default ]; };
            apps.default.program = config.packages.default;
            formatter = inputs'.nixpkgs.legacyPackages.hello;
          };
        };
      }`,
      ...MODULES,
    });
    const shown = await nix(cwd, "flake", "show", "--json");
    // Nix leaves out those that are empty.
    expect(Object.keys(JSON.parse(shown.stdout)).sort()).toEqual([
      "apps",
      "checks",
      "devShells",
      "formatter",
      "mine",
      "packages",
    ]);
    expect(await nix(cwd, "flake", "check")).toMatchObject({ exit: 0 });
    expect(await confined(`${await built(cwd, "default")}/bin/hello`)).toMatchObject({ exit: 0 });
    const locked = await nix(cwd, "flake", "metadata", "--json");
    expect(JSON.parse(locked.stdout).locks.nodes["flake-parts"].inputs).toEqual({ "nixpkgs-lib": "nixpkgs-lib" });
  });

  test("modules are joined: files once, functions with their arguments, definitions by name", async () => {
    const cwd = await project({
      "flake.nix": flake(`all = {
        empty = builtins.mapAttrs (_: builtins.attrNames) (mk { });
        systems = builtins.attrNames (mk { systems = [ "a" ]; imports = [ { systems = [ "b" ]; } ]; }).packages;
        imported = let f = mk { systems = [ "${SYSTEM}" ]; imports = [ ./parts/a.nix ./parts/c.nix ./parts/a.nix ]; }; in [ (at f "packages").a.pname (f ? mine) ];
        app = at (one { apps.x.program = "/bin/x"; }) "apps";
        ofPackage = (at (one ({ pkgs, ... }: { apps.x.program = pkgs.jq; })) "apps").x.program == "\${nixpkgs.legacyPackages.${SYSTEM}.jq}/bin/jq";
        own = (at (one ({ config, pkgs, ... }: { packages.a = pkgs.hello; packages.b = config.packages.a; })) "packages").b.pname;
        replaced = (at (one ({ system, pkgs, ... }: { _module.args.pkgs = import nixpkgs { inherit system; overlays = [ (final: prev: { hello = prev.jq; }) ]; }; packages.a = pkgs.hello; })) "packages").a.pname;
        added = (at (one ({ mine, ... }: { _module.args.mine = 42; legacyPackages.a = mine; })) "legacyPackages").a;
        special = (flake-parts.lib.mkFlake { inherit inputs; specialArgs.extra = 5; } ({ extra, ... }: { flake.x = extra; })).x;
        within = (mk ({ withSystem, getSystem, ... }: {
          systems = [ ];
          flake.x = withSystem "${SYSTEM}" ({ config, system, ... }: [ system config.packages.p.pname (getSystem system).packages.p.pname ]);
          perSystem = { pkgs, ... }: { packages.p = pkgs.hello; };
        })).x;
        joined = builtins.attrNames (at (mk { systems = [ "${SYSTEM}" ]; flake.packages.${SYSTEM}.raw = nixpkgs.legacyPackages.${SYSTEM}.jq; perSystem = { pkgs, ... }: { packages.b = pkgs.hello; }; }) "packages");
        formatter = [ (builtins.attrNames (one { }).formatter) (builtins.attrNames (one ({ pkgs, ... }: { formatter = pkgs.hello; })).formatter) ];
        overlay = (mk { flake.overlays.default = final: prev: { x = 1; }; }).overlays.default { } { };
        input = (at (one ({ inputs', ... }: { packages.a = inputs'.nixpkgs.legacyPackages.hello; })) "packages").a.pname;
      };`),
      ...MODULES,
    });
    const done = await nix(cwd, "eval", "--json", ".#cases.all");
    expect(done.stdout === "" ? done.stderr : JSON.parse(done.stdout)).toEqual({
      empty: {
        apps: [],
        checks: [],
        devShells: [],
        formatter: [],
        legacyPackages: [],
        nixosConfigurations: [],
        nixosModules: [],
        overlays: [],
        packages: [],
      },
      systems: ["a", "b"],
      imported: ["hello", true],
      app: { x: { type: "app", program: "/bin/x", meta: {} } },
      ofPackage: true,
      own: "hello",
      replaced: "jq",
      added: 42,
      special: 5,
      within: [SYSTEM, "hello", "hello"],
      joined: ["b", "raw"],
      formatter: [[], ["sparc64-linux", SYSTEM].sort()],
      overlay: { x: 1 },
      input: "hello",
    });
  });

  test("what is wrong is said with the option's path and the file of its definition", async () => {
    const REFUSALS: Readonly<Record<string, readonly [expression: string, ...messages: string[]]>> = {
      unknown: [
        'at (one ({ pkgs, ... }: { package.default = pkgs.hello; })) "packages"',
        `error: The option \`perSystem.${SYSTEM}.package' does not exist. Definition values:\n`,
        "-source/flake.nix, via option perSystem':\n",
        `Did you mean \`perSystem.${SYSTEM}.packages', `,
      ],
      unknownAtTheTop: [
        "mk { packages.default = 1; }",
        "error: The option `packages' does not exist. Definition values:\n",
        "-source/flake.nix':\n",
      ],
      unknownInAnApp: [
        '(at (one { apps.a.prog = "x"; }) "apps").a.type',
        `error: The option \`perSystem.${SYSTEM}.apps.a.prog' does not exist. Definition values:\n`,
      ],
      noProgram: [
        '(at (one { apps.a = { }; }) "apps").a.program',
        `error: The option \`perSystem.${SYSTEM}.apps.a.program' was accessed but has no value defined. Try setting the option.`,
      ],
      noPackage: [
        '(at (one { packages.default = "hello"; }) "packages").default',
        `error: A definition for option \`perSystem.${SYSTEM}.packages.default' is not of type \`package'. Definition values:\n`,
        'via option perSystem\': "hello"',
      ],
      twice: [
        `(at (mk { systems = [ "${SYSTEM}" ]; imports = [ ./parts/a.nix ./parts/again.nix ]; }) "packages").a`,
        `error: The option \`perSystem.${SYSTEM}.packages.a' is defined multiple times while it's expected to be unique.`,
        "/parts/a.nix, via option perSystem': <derivation hello-",
        "/parts/again.nix, via option perSystem': <derivation jq-",
      ],
      selfInside: [
        '(at (one ({ self, ... }: { packages.a = self; })) "packages").a',
        "error: `self` (without `'`) is not a `perSystem` module argument, but a",
      ],
      unknownArgument: ['(at (one ({ foo, ... }: { packages.a = foo; })) "packages").a', "error: attribute 'foo' missing"],
      wrongOutput: [
        "(at (one ({ inputs', ... }: { packages.a = inputs'.nixpkgs.packages.hello; })) \"packages\").a",
        `error: Attempt to access packages.${SYSTEM} of flake /nix/store/`,
        "It does define legacyPackages; try that instead?",
      ],
      noFlake: [
        "(at (one ({ inputs', ... }: { packages.a = inputs'.plain.packages.x; })) \"packages\").a",
        "error: Trying to retrieve system-dependent attributes for input plain, but this input is not a flake.",
      ],
      noInputs: [
        "flake-parts.lib.mkFlake { } { }",
        "error: When invoking flake-parts, you must pass in the flake output arguments.",
      ],
      ownOption: [
        "(mk { options.mine = 1; }).packages",
        "declares the option `mine': this stand-in for flake-parts knows the options of flake outputs only",
      ],
      otherModules: [
        "flake-parts.flakeModules.easyOverlay",
        "flakeModules.easyOverlay: not part of this stand-in for flake-parts",
      ],
    };
    const cwd = await project({
      "flake.nix": flake(
        Object.entries(REFUSALS)
          .map(([name, [expression]]) => `${name} = ${expression};`)
          .join("\n"),
      ),
      ...MODULES,
    });
    for (const [name, [, ...messages]] of Object.entries(REFUSALS)) {
      const done = await nix(cwd, "eval", `.#cases.${name}`);
      const text = done.stderr.replace(/\n {7}/g, "\n");
      expect([name, done.exit, ...messages.map((message) => text.includes(message) || text)]).toEqual([
        name,
        1,
        ...messages.map(() => true),
      ]);
    }
  });
});
