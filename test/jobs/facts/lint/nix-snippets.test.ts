import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseSnippets, snippetsOf } from "../../../../src/jobs/facts/lint/nix-snippets.ts";
import { createNix } from "../../../../src/nix/run.ts";
import { findHost } from "../../../../src/system/environment/host.ts";
import { openLiveEnvironment } from "../../../../src/system/environment/live-environment.ts";

const root = mkdtempSync(join(tmpdir(), "snippets "));
const host = await findHost({ packageRoot: join(import.meta.dirname, "../../../.."), path: process.env.PATH ?? "" });
const environment = await openLiveEnvironment({ host, cacheRoot: root, session: root, person: {} });
afterAll(async () => {
  await environment.close();
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(environment.nixBin === undefined)("nix fences, parsed by Nix", () => {
  const nix = createNix({ environment, folder: join(root, "nix") });
  const ask = async (...snippets: string[]) => {
    const before = nix.processes;
    const answers = await parseSnippets(nix, snippets, root);
    if ("unchecked" in answers) throw new Error(answers.unchecked);
    return {
      processes: nix.processes - before,
      problems: [...answers.problems.values()].map((problem) =>
        problem === undefined ? "parses" : `${problem.line}:${problem.column} ${problem.message.split(",")[0]}`,
      ),
    };
  };

  it("asks once for all that are right: expressions, also with variables that stand elsewhere", async () => {
    expect(await ask("{ a = 1; }", "pkgs.hello", "x: y")).toEqual({ processes: 1, problems: ["parses", "parses", "parses"] });
  });

  it("takes bindings as they stand between braces", async () => {
    const result = await ask('inputs.a.url = "x";\ninputs = {\n  # ...\n};', "checks.x =\n  pkgs.y { };");
    expect(result.problems).toEqual(["parses", "parses"]);
  });

  it("names each that is wrong at its place, of two readings by the one that gets further", async () => {
    const result = await ask("{ a = ; }", "{ b = 1; }", "buildPhase = '''\n  make\n''';", "a = 1;\nb = 2", "{ ... }", "let in");
    expect(result.problems).toEqual([
      "1:7 syntax error",
      "parses",
      "3:5 syntax error",
      "2:6 syntax error",
      "1:8 syntax error",
      "1:7 syntax error",
    ]);
  });

  it("asks nobody where there is nothing to ask, and says why where there is no Nix", async () => {
    expect(await ask()).toEqual({ processes: 0, problems: [] });
    const without = createNix({
      environment: { ...environment, nixBin: undefined, missing: "there is no Nix here" },
      folder: root,
    });
    expect(await parseSnippets(without, ["{ }"], root)).toEqual({
      unchecked: expect.stringContaining("there is no Nix here"),
    });
  });
});

it("collects the texts of nix fences, each once, without the indentation of lists", () => {
  const source =
    "# x\n\n```nix\n{ }\n```\n\n-   y\n    ~~~ nix\n    { a = 1; }\n    ~~~\n\n```nix\n{ }\n```\n\n```text\nnix\n```\n";
  expect(snippetsOf([["a.md", source]])).toEqual(["{ }", "{ a = 1; }"]);
});
