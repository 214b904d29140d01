import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { WeakeningFinder } from "../../../../src/jobs/work/acceptance/find-weakenings.ts";
import { createWorkspace } from "../../../../src/repo/workspace/workspace.ts";
import { git } from "../../../../src/system/git.ts";
import { openWorldForTests } from "../../../program/open-world.ts";
import { place } from "../../../program/place.ts";
import { crqText, noNix } from "../../../program/samples.ts";

/** Checks that no text names one by one: only their derivations tell that one is gone. */
const flake = (names: string): string => `{
  outputs = _: {
    checks.x86_64-linux = builtins.listToAttrs (map (name: {
      inherit name;
      value = derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "cargo test > $out" ]; };
    }) [ ${names} ]);
  };
}
`;

it.skipIf(noNix !== undefined)("a look at the base that was stopped is taken again, and forgets no weakening", async () => {
  const world = await openWorldForTests();
  try {
    const at = await place();
    const repo = await at.repository({ "flake.nix": flake('"unit" "doc"') });
    const workspace = await createWorkspace(repo, join(at.folder, "tree"));
    await writeFile(join(workspace.directory, "flake.nix"), flake('"unit"'));
    const { environment, nix } = world.open;
    const finder = new WeakeningFinder({
      place: { environment, nix, settings: { evalTimeoutMs: 600_000 } },
      workspace,
      crq: parseCrq("crqs/CRQ-001.md", crqText()),
      atBase: async (ask) => {
        await git(["stash", "--quiet"], { cwd: workspace.directory });
        const answer = await ask(workspace.directory);
        await git(["stash", "pop", "--quiet"], { cwd: workspace.directory });
        return answer;
      },
    });
    await finder.find(workspace.directory, ["flake.nix"], AbortSignal.abort());
    const found = await finder.find(workspace.directory, ["flake.nix"], new AbortController().signal);
    expect(found.map(({ pattern, what }) => `${pattern}: ${what}`)).toEqual(["check removed: checks.x86_64-linux.doc"]);
  } finally {
    await world.close();
  }
});
