import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { git } from "../../../src/system/git.ts";
import { place } from "../place.ts";
import { latticeOf, manyNodes, nodeText, rebuilt } from "./many-nodes.ts";

/** What Nix builds of a lattice at first, when nothing changed, and after one node changed. */
export async function buildsWhatChanged(
  count: number,
  changed: string,
  { checkAgain }: { readonly checkAgain: boolean },
): Promise<void> {
  const at = await place();
  const nodes = manyNodes(count);
  const names = nodes.map(({ name }) => name);
  const repo = await at.repository(latticeOf(nodes));
  const lattice = (verb: string, ...more: readonly string[]) =>
    at.json(["lattice", verb, ...more, "--repo", repo, "--world", at.world]);

  const checked = await lattice("check", "--fix");
  expect(checked.document, checked.about).toMatchObject({ exit: 0, diagnostics: [] });
  await git(["add", "--all"], { cwd: repo });
  // Every check evaluates each node by itself: of many nodes once is enough.
  if (checkAgain) {
    const again = await lattice("check", "--fix");
    expect(again.document, again.about).toMatchObject({ exit: 0, diagnostics: [], data: { written: [], untracked: [] } });
  }

  const first = await lattice("build");
  // The name of the store is shared by all tests: what one run built another finds there.
  expect(first.document, first.about).toMatchObject({ exit: 0, data: { nixRuns: 2 } });
  const idle = await lattice("build");
  expect(idle.document.data, idle.about).toMatchObject({ built: [], reused: names, others: 0, nixRuns: 2 });

  const node = nodes.find(({ name }) => name === changed);
  if (!node) throw new Error(`no node ${changed}`);
  await writeFile(join(repo, "lattice/nodes", changed, "node.nix"), nodeText(node, `changed at ${at.folder}`));
  const above = rebuilt(nodes, changed);
  const second = await lattice("build");
  expect(second.document.data, second.about).toMatchObject({
    built: above,
    reused: names.filter((name) => !above.includes(name)),
    others: 0,
    nixRuns: 2,
  });
  expect(above.length).toBeGreaterThan(1);
  expect(above.length).toBeLessThan(count / 2);
}
