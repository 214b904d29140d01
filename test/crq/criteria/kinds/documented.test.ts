import { afterAll, beforeAll, expect, test } from "vitest";
import { placeBash, printingProgram, shDerivation, shellOutput, treeFlake } from "../flakes.ts";
import { observe } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const flake = treeFlake(`
  packages.x86_64-linux.broken = ${shDerivation("broken", "exit 1")};
  apps.x86_64-linux.app = { type = "app"; program = "\${self.packages.x86_64-linux.greet}/bin/greet"; };
  checks.x86_64-linux.word = ${shDerivation("word", `read -r line < \${./README.md}; [[ $line == '# Greet' ]] && echo ok > $out`)};
  ${shellOutput()}
`);

async function shown(...fences: readonly string[]): Promise<readonly string[]> {
  const readme = ["# Greet", ...fences.map((fence) => `\`\`\`${fence}\n\`\`\``), ""].join("\n\n");
  const change = {
    "flake.nix": flake,
    "README.md": readme,
    "tree/bin/greet": printingProgram("greet 1.0\n"),
    "tools/tool": printingProgram("tool 1.0\n"),
  };
  const checks = [{ kind: "doc", files: ["README.md"], "run-fences": true }];
  return (await observe(place, { change, prepare: placeBash, checks })).lines;
}

test("what a document shows in a marked fence is carried out", async () => {
  expect(
    await shown(
      "sh run\nnix build .#greet\nnix eval .#greet.name\nnix run .#greet -- --version\nnix run .#app\nnix develop -c tool --version",
      "console run\n$ nix flake check\nwarning: whatever",
      "sh\nnix build .#broken",
    ),
  ).toEqual(["pass met (run) 6/6: 6 shown commands succeed"]);
});

test("what does not succeed, does not exist or is not carried out is named with its line", async () => {
  expect([
    ...(await shown("sh run\nnix build .#greet\nnix build .#nope")),
    ...(await shown("sh run\nnix develop -c tool\nnix develop -c nope")),
    ...(await shown("sh run\nnix build .#greet\n./result/bin/greet")),
  ]).toEqual([
    "fail missing (eval) 2/2: README.md:5: `nix build .#nope`: the flake has no nope",
    "fail exit (run) 2/2: README.md:5: `nix develop -c nope`: exit code 127",
    "unavailable not-supported (text) 1/2: README.md:5: `./result/bin/greet` was not carried out: " +
      "only nix build, run, develop -c, eval and flake check are carried out",
  ]);
});

test("a document without a marked fence proves nothing, and one without a flake is red", async () => {
  expect(await shown("sh\nnix build")).toEqual([
    "vacuous nothing-checked (text) 0/0: no fence in README.md is marked with `run`",
  ]);
  const checks = [{ kind: "doc", files: ["README.md"], "run-fences": true }];
  expect((await observe(place, { change: { "README.md": "# Greet\n\n```sh run\nnix build\n```\n" }, checks })).lines).toEqual([
    "fail no-flake (text) 0/0: flake.nix does not exist among the tracked files",
  ]);
});
