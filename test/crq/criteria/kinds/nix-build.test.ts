import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { printingProgram, shDerivation, treeFlake } from "../flakes.ts";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const lines = async (scenario: Scenario): Promise<readonly string[]> => (await observe(place, scenario)).lines;
const build = (attr: string, more: object = {}): object => ({ kind: "nix-build", attr: `packages.${SYSTEM}.${attr}`, ...more });
const package_ = (name: string, script: string): string =>
  `{ outputs = { self }: { packages.x86_64-linux.${name} = ${shDerivation(name, script)}; }; }\n`;

describe("nix-build", () => {
  test("passes when the output holds the files, also behind links inside the store", async () => {
    const change = {
      "flake.nix": treeFlake(),
      "tree/bin/greet": printingProgram("greet\n"),
      "tree/share/doc/greet.md": "# greet\n",
    };
    const seen = await observe(place, { change, checks: [build("greet", { files: ["bin/greet", "share/doc"] })] });
    expect(seen.lines).toEqual(["pass met (build) 2/2: packages.x86_64-linux.greet builds and holds bin/greet, share/doc"]);
    expect(seen.results[0]).toMatchObject({ argv: ["nix", "build", ".#packages.x86_64-linux.greet"], exit: 0 });
  });

  test("fails when a file is missing, empty, an empty folder or outside of the store", async () => {
    const change = {
      "flake.nix": treeFlake(),
      "tree/bin/greet": printingProgram("greet\n"),
      "tree/empty.txt": "",
      "tree/hollow/none": "",
    };
    const outside = (directory: string): void => symlinkSync("/etc/passwd", join(directory, "tree/passwd"));
    expect(
      await lines({
        change,
        prepare: outside,
        checks: [build("greet", { files: ["bin/nope", "empty.txt", "hollow", "bin/greet/x", "passwd"] })],
      }),
    ).toEqual([
      "fail missing (build) 5/5: packages.x86_64-linux.greet builds, but bin/nope is missing from its output; empty.txt is empty; " +
        "hollow is an empty folder; bin/greet/x is missing from its output; passwd is missing from its output",
    ]);
  });

  test("is vacuous when the output holds nothing", async () => {
    expect(await lines({ change: { "flake.nix": package_("greet", ": > $out") }, checks: [build("greet")] })).toEqual([
      "vacuous empty (build) 1/1: packages.x86_64-linux.greet builds, but its output holds no non-empty file",
    ]);
  });

  test("fails with Nix's own diagnosis when it does not build, does not evaluate or does not exist", async () => {
    const change = {
      "flake.nix": `{ outputs = { self }: { packages.x86_64-linux = {
        broken = ${shDerivation("broken", "echo compiling; echo 'no such crate' >&2; exit 3")};
        throwing = throw "not for this system";
      }; }; }\n`,
    };
    const { results } = await observe(place, { change, checks: [build("broken"), build("throwing"), build("absent")] });
    expect(results.map(({ verdict, code, tier, diagnoses }) => [verdict, code, tier, diagnoses[0]?.stage])).toEqual([
      ["fail", "build", "build", "build"],
      ["fail", "evaluation", "eval", "eval"],
      ["fail", "evaluation", "eval", "eval"],
    ]);
    expect(results[0]?.log).toContain("no such crate");
    expect(results[1]?.log).toContain("not for this system");
    expect(results[2]?.diagnoses[0]).toMatchObject({ kind: "missing-output" });
  });

  test("finds out whether a second build is the same", async () => {
    const change = {
      "flake.nix": `{ outputs = { self }: { packages.x86_64-linux = {
        same = ${shDerivation("same", "echo same > $out")};
        other = ${shDerivation("other", "echo $RANDOM$RANDOM$RANDOM > $out")};
      }; }; }\n`,
    };
    const seen = await lines({ change, checks: [build("same", { rebuild: true }), build("other", { rebuild: true })] });
    expect(seen[0]).toBe("pass met (build) 1/1: packages.x86_64-linux.same builds");
    expect(seen[1]).toMatch(/^fail not-reproducible \(build\) 1\/1: the second build of packages\.x86_64-linux\.other failed: /);
  });

  test("proves nothing for systems this machine does not build for", async () => {
    const checks = [build("greet", { systems: ["x86_64-linux", "aarch64-linux"] })];
    expect(await lines({ change: { "flake.nix": package_("greet", "echo hi > $out") }, checks })).toEqual([
      "unavailable other-system (eval) 1/2: this machine builds and runs for x86_64-linux; aarch64-linux could not be tried here (here: packages.x86_64-linux.greet builds)",
    ]);
  });

  test("fails for a package under this system's name that another system has to build; what only needs such a build is not judged", async () => {
    const foreign = shDerivation("foreign", "echo hi > $out").replace("x86_64-linux", "aarch64-linux");
    const change = {
      "flake.nix": `{ outputs = { self }: { packages.x86_64-linux = {
        foreign = ${foreign};
        needy = ${shDerivation("needy", `cat \${${foreign}} > $out`)};
      }; }; }\n`,
    };
    expect(await lines({ change, checks: [build("foreign"), build("needy")] })).toEqual([
      "fail mismatch (eval) 1/1: packages.x86_64-linux.foreign is a derivation for aarch64-linux, which x86_64-linux does not build",
      "unavailable unreachable (build) 1/1: nix build .#packages.x86_64-linux.needy could not be tried: this machine cannot build for aarch64-linux",
    ]);
  });

  test("stops a build that takes too long", async () => {
    const change = { "flake.nix": package_("slow", "while :; do :; done") };
    const { results } = await observe(place, { change, checks: [build("slow", { timeout: 2 })] });
    expect(results[0]).toMatchObject({ verdict: "fail", code: "timeout" });
  });

  test("builds one attribute once, whoever asks", async () => {
    const change = { "flake.nix": package_("greet", "echo hi > $out") };
    const { run, lines: seen } = await observe(place, { change, checks: [build("greet"), build("greet"), build("greet")] });
    expect(seen).toEqual(Array(3).fill("pass met (build) 1/1: packages.x86_64-linux.greet builds"));
    expect(run.nixProcesses).toBe(2);
  });
});
