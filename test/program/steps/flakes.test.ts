import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { input, jsonLines, record } from "../../nix/steps/records.ts";
import { commitAll, place } from "../place.ts";

const OBJECT = record({
  seq: 1,
  args: ["-c", "a.c", "-o", "a.o"],
  inputs: [input("@source@/a.c", "int a;\n")],
  outputs: ["@build@/a.o"],
});
const ARCHIVE = record({
  seq: 2,
  type: "archiver_invocation",
  command: "ar",
  args: ["rcs", "liba.a", "a.o"],
  inputs: [input("@build@/a.o")],
  outputs: ["@build@/liba.a"],
  depends: [OBJECT.id],
});

describe("steps flakes", () => {
  it("writes only over its own files, takes away what no step has any more, and keeps to the policy", async () => {
    const at = await place();
    const project = await at.repository({
      "a.c": "int a;\n",
      "steps/steps.jsonl": jsonLines([OBJECT, ARCHIVE]),
      "steps/flake.nix": "{ outputs = _: { }; }\n",
      "crq-agent.toml": '[policy.inputs]\norg = "acme"\nref = "main"\n',
    });
    const flakes = () => at.run(["steps", "flakes", "--world", at.world], { cwd: project });
    const shown = async () => (await readdir(join(project, "steps"))).toSorted();

    const forbidden = await flakes();
    expect(forbidden).toMatchObject({ exit: 2, stdout: "" });
    expect(forbidden.stderr).toContain('a person can allow them with local = "lattice"');
    await rm(join(project, "crq-agent.toml"));

    const foreign = await flakes();
    expect(foreign).toMatchObject({ exit: 2, stdout: "" });
    expect(foreign.stderr).toContain("steps/flake.nix: was not written by this program and is left as it is");
    expect(await shown()).toEqual(["flake.nix", "steps.jsonl"]);
    await rm(join(project, "steps/flake.nix"));

    await commitAll(project, "without them");
    expect(await flakes()).toMatchObject({
      exit: 0,
      stdout: [
        "steps: 2 steps, each with a flake; steps/flake.nix joins what the last ones make.",
        "Written: 8 files.",
        "Next: git add steps && nix build ./steps   (a flake sees tracked files only)",
        "",
      ].join("\n"),
    });
    expect(await shown()).toEqual(["flake.lock", "flake.nix", "step.nix", "step.sh", "step001", "step002", "steps.jsonl"]);

    await writeFile(join(project, "steps/steps.jsonl"), jsonLines([OBJECT]));
    expect((await flakes()).stdout).toContain("removed: steps/step002/flake.nix, steps/step002/flake.lock.");
    await writeFile(join(project, "steps/steps.jsonl"), jsonLines([{ ...OBJECT, inputs: [input("@build@/a.c")] }]));
    expect(await flakes()).toMatchObject({
      exit: 1,
      stdout:
        'steps/steps.jsonl:1: "step-0001-cc" reads @build@/a.c, which no recorded step wrote; record a clean build, or wrap the tool that writes it with --also NAME\n',
    });
  });
});
