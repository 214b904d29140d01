import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { list } from "../../../src/nix/recipes/nix-syntax.ts";
import { type StepFlakesRequest, stepFlakes } from "../../../src/nix/steps/step-flakes.ts";
import type { StepRecord } from "../../../src/repo/steps/records.ts";
import { evaluateNix, parseNix } from "../recipes/nix-command.ts";
import { input, record } from "./records.ts";

const AT = "steps/steps.jsonl";

const NIXPKGS = {
  fields: {
    locked: { type: "github", owner: "NixOS", repo: "nixpkgs", rev: "1".repeat(40), narHash: "sha256-x" },
    original: { type: "github", owner: "NixOS", repo: "nixpkgs", ref: "nixos-26.05" },
  },
  inputs: new Map(),
};

const request = (records: readonly StepRecord[], more: Partial<StepFlakesRequest> = {}): StepFlakesRequest => ({
  records,
  facts: { file: "steps/steps.jsonl", tracked: new Set(["main.c", "lib.c"]), crates: new Map() },
  folder: "steps",
  source: ".",
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  nixpkgsLock: NIXPKGS,
  systems: ["x86_64-linux", "aarch64-darwin"],
  ...more,
});

const object = record({
  seq: 1,
  args: ["-c", "lib.c", "-o", "lib.o"],
  inputs: [input("@source@/lib.c")],
  outputs: ["@build@/lib.o"],
});
const program = record({
  seq: 2,
  args: ["-o", "app", "main.c", "lib.o"],
  toolVersion: "cc 14.2.0",
  inputs: [input("@build@/lib.o"), input("@source@/main.c")],
  outputs: ["@build@/app"],
  depends: [object.id],
});

/** What is said of a recording that gives no flakes. */
function refused(records: readonly StepRecord[], more: Partial<StepFlakesRequest> = {}): readonly string[] {
  const flakes = stepFlakes(request(records, more));
  return flakes.ok ? [`${flakes.files.length} files`] : flakes.problems.map(({ place, message }) => `${place}: ${message}`);
}

/** The files by their paths. */
function files(records: readonly StepRecord[], more: Partial<StepFlakesRequest> = {}): Readonly<Record<string, string>> {
  const flakes = stepFlakes(request(records, more));
  if (!flakes.ok) throw new Error(flakes.problems.map(({ message }) => message).join("\n"));
  return Object.fromEntries(flakes.files.map(({ path, text }) => [path, text]));
}

describe("the flakes of a recording", () => {
  it("are one a step, one for all, what they share, and a lock each", async () => {
    const written = files([program, object]);
    expect(Object.keys(written)).toEqual([
      "steps/step.nix",
      "steps/step.sh",
      "steps/step001/flake.nix",
      "steps/step002/flake.nix",
      "steps/flake.nix",
      "steps/step001/flake.lock",
      "steps/step002/flake.lock",
      "steps/flake.lock",
    ]);
    await parseNix(written["steps/step.nix"] ?? "");
    expect(written["steps/step002/flake.nix"]).toBe(SECOND_FLAKE);
    expect(JSON.parse(written["steps/step002/flake.lock"] ?? "")).toEqual({
      nodes: {
        nixpkgs: NIXPKGS.fields,
        root: { inputs: { nixpkgs: "nixpkgs", step001: "step001" } },
        step001: {
          inputs: { nixpkgs: ["nixpkgs"] },
          locked: { path: "../step001", type: "path" },
          original: { path: "../step001", type: "path" },
          parent: [],
        },
      },
      root: "root",
      version: 7,
    });
  });

  it("have no locks where no lock of nixpkgs is known", () => {
    expect(Object.keys(files([object, program], { nixpkgsLock: undefined })).filter((path) => path.endsWith(".lock"))).toEqual(
      [],
    );
  });

  it("declare every step below, so that a lock has one node for it however many ways lead there", () => {
    // Ten diamonds on top of each other: 2^10 ways from the last step to the first.
    const diamonds = Array.from({ length: 10 }, (_, at): StepRecord[] => {
      const first = at * 3 + 1;
      const top = at === 0 ? undefined : `step-${String(first - 1).padStart(4, "0")}-cc`;
      const below =
        top === undefined ? { inputs: [input("@source@/lib.c")] } : { inputs: [input(`@build@/${first - 1}`)], depends: [top] };
      const [left, right] = [first, first + 1].map((seq) => record({ seq, args: [], outputs: [`@build@/${seq}`], ...below }));
      if (!left || !right) return [];
      const join = record({
        seq: first + 2,
        args: [],
        inputs: [input(`@build@/${first}`), input(`@build@/${first + 1}`)],
        outputs: [`@build@/${first + 2}`],
        depends: [left.id, right.id],
      });
      return [left, right, join];
    }).flat();
    const lock: { nodes: object } = JSON.parse(files(diamonds)["steps/step030/flake.lock"] ?? "");
    expect(Object.keys(lock.nodes)).toHaveLength(31);
  });

  it("hold every word of a record as it was, whatever it is made of", async () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.constantFrom("'", "''", "${", "$", "\\", '"', "\n", " ", "@build@", "`", ";", "é"),
          fc.string({ unit: "grapheme" }),
        ),
      )
      .map((parts) => parts.join("").replaceAll("\0", ""))
      .filter((text) => text.isWellFormed() && !/[=,]\/|^\/|^-[A-Za-z]+\//u.test(text));
    const samples = fc.sample(fc.tuple(nasty, nasty), { numRuns: 100, seed: 11 });
    const texts = samples.map(
      ([word, value]) => files([{ ...object, args: [word, "-c"], env: { VALUE: value } }])["steps/step001/flake.nix"] ?? "",
    );
    const data = texts.map((text) => {
      const pure = text.replace("import ./../step.nix { inherit pkgs; }", "(step: { inherit (step) args env; })");
      const nixpkgs = "{ legacyPackages.x86_64-linux = { }; lib.genAttrs = names: make: make (builtins.head names); }";
      return `(((${pure}).outputs { self = { }; nixpkgs = ${nixpkgs}; }).packages.default)`;
    });
    expect(await evaluateNix(list(data))).toEqual(
      samples.map(([word, value]) => ({ args: [word, "-c"], env: { VALUE: value } })),
    );
  });
});

describe("a recording that cannot be run again", () => {
  it("is refused with the place and the next move", () => {
    expect({
      empty: refused([]),
      stub: refused([object, { ...program, command: "true", tool: "true" }]),
      nobody: refused([program]),
      cycle: refused([{ ...object, inputs: [input("@build@/app")], depends: [program.id] }, program]),
      twice: refused([object, { ...program, seq: 1 }]),
      failed: refused([{ ...object, exit: 1, outputs: [] }]),
      untracked: refused([{ ...object, inputs: [input("@source@/new.c")] }]),
      outside: refused([{ ...object, args: ["-I/usr/include/thing", "-c", "lib.c"] }]),
      unplaced: refused([{ ...object, cwd: "/srv/x", outputs: ["@build@/../x"] }]),
      stream: refused([{ ...object, stdout: "../log" }]),
      unknownTool: refused([{ ...object, command: "ghc", tool: "ghc" }]),
      crate: refused([{ ...object, args: ["@crates@/itoa-1.0.18/src/lib.rs"] }]),
      environment: refused([{ ...object, env: { "A=B": "c" } }]),
      // env(1) would take it for a variable and run its first argument instead.
      notRun: refused([object, { ...program, command: "@build@/a=b", tool: "a=b", args: ["cp", "lib.o", "app"] }]),
    }).toEqual(REFUSALS);
  });
});

const REFUSALS = {
  notRun: [`${AT}:2: "step-0002-cc" runs @build@/a=b, which env would take for a variable; name it without = and record again`],
  crate: [
    `${AT}:1: "step-0001-cc" uses the crate itoa-1.0.18, which the tracked Cargo.lock does not hold; bring it up to date (cargo build), git add it, record again`,
  ],
  cycle: [`${AT}:1: circular: step-0001-cc -> step-0002-cc -> step-0001-cc`],
  empty: [`${AT}: holds no step, so there is nothing to join; record a build: crq-agent steps record -- COMMAND`],
  environment: [`${AT}:1: "step-0001-cc" has a variable "A=B", which no environment can hold; take it out`],
  failed: [`${AT}:1: "step-0001-cc" failed with exit code 1; mend the build and record it again`],
  nobody: [
    `${AT}:2: "step-0002-cc" depends on "step-0001-cc", which does not exist`,
    `${AT}:2: "step-0002-cc" reads @build@/lib.o, which no recorded step wrote; record a clean build, or wrap the tool that writes it with --also NAME`,
  ],
  outside: [
    `${AT}:1: "step-0001-cc" names /usr/include/thing, which a sandboxed build does not have; hold it in the repository, or leave the option out, and record again`,
  ],
  stream: [`${AT}:1: "step-0001-cc" has ../log for a stream, which lies below no root; record it again`],
  stub: [`${AT}:2: "step-0002-cc" is a stub: true builds nothing; record the real command`],
  twice: [`${AT}:2: "step-0002-cc" has the number 1, which another step has too`],
  unknownTool: [
    `${AT}:1: "step-0001-cc" runs ghc, and no package is known that holds it; record the compiler that it calls instead, or ask for it to be known`,
  ],
  unplaced: [
    `${AT}:1: "step-0001-cc" names /srv/x, which a sandboxed build does not have; hold it in the repository, or leave the option out, and record again`,
    `${AT}:1: "step-0001-cc" runs in /srv/x, which lies below no root; record it again, with --source or --build where it lies`,
    `${AT}:1: "step-0001-cc" writes @build@/../x, which is no file below @build@; record it again, with --build where it lies`,
  ],
  untracked: [
    `${AT}:1: "step-0001-cc" reads new.c, which git does not track, so that Nix would not see it; git add it, or record again where the build itself makes it`,
  ],
};

const SECOND_FLAKE = `# Written by \`crq-agent steps flakes\` from steps/steps.jsonl:2; run that again instead of editing this file.
{
  description = "step-0002-cc: one recorded step";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    step001 = {
      url = "path:../step001";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      step001,
    }:
    {
      packages = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-darwin"
      ] (
        system:
        let
          pkgs = nixpkgs.legacyPackages.\${system};
        in
        {
          default = import ./../step.nix { inherit pkgs; } {
            name = "step-0002-cc";
            mainProgram = "app";

            command = "cc";
            toolVersion = "cc 14.2.0";
            args = [
              "-o"
              "app"
              "main.c"
              "lib.o"
            ];
            env = { };
            directory = "@build@";

            sources = [ "main.c" ];
            crates = [ ];
            needs = [ step001.packages.\${system}.default ];
            packages = [ ];

            folders = [ "@build@" ];
            outputs = [ "app" ];
            mayBeEmpty = [ ];
            programs = {
              app = "app";
            };
          };
        }
      );
    };
}
`;
