import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listingHash, listTree } from "../../../src/world/content/listing.ts";
import { type Place, place, writeFiles } from "../../program/place.ts";
import { crqFile, demoProject, noNix, WISH } from "../../program/samples.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";
import { standIn } from "./stand-in.ts";

const SHIPPED = join(PACKAGE_ROOT, "evals", "world");

/** What the derivations of the stand-in's package set take from this machine; a world of real nixpkgs needs nothing of it. */
async function worldToml(name: string): Promise<string> {
  const host = /^\[host\]\n(.+\n)+/m.exec(await readFile(join(SHIPPED, "world.toml"), "utf8"))?.[0] ?? "";
  return `name = "${name}"\ndate = 2026-11-28\n${host}`;
}

async function approved(at: Place, name: string): Promise<{ readonly repo: string; readonly crq: string }> {
  const repo = await demoProject(at, name);
  await at.run(["draft", WISH, "--repo", repo]);
  return { repo, crq: await crqFile(repo) };
}

describe.skipIf(noNix !== undefined)("a recorded world", () => {
  it("is the same for the same commands, and is enough for a change once the internet is gone", async () => {
    const at = await place();
    const internet = await standIn(SHIPPED);
    const worlds = [join(at.folder, "one"), join(at.folder, "two")];
    for (const [index, world] of worlds.entries()) {
      await writeFiles(world, { "world.toml": await worldToml("recorded") });
      const { repo, crq } = await approved(at, `tally-${index}`);
      const done = await at.json(["apply", crq, "--repo", repo, "--record-world", world, "--yes"], { env: internet.person });
      expect(done.document, done.about).toMatchObject({
        ok: true,
        data: {
          report: { gate: { ok: true }, env: { world: expect.stringMatching(/^recorded recorded 20\d\d-/u), network: true } },
        },
      });
      expect(done.stderr).toMatch(/^Recorded \d+ files into /mu);
    }
    const [one = "", two = ""] = worlds;
    const hashes = await Promise.all(worlds.map(async (world) => listingHash(await listTree(world))));
    expect(hashes[0]).toBe(hashes[1]);
    expect((await at.run(["world", "check", one])).stdout).toMatch(/is sound/u);
    await internet.close();

    const { repo, crq } = await approved(at, "tally-offline");
    const done = await at.json(["apply", crq, "--repo", repo, "--world", two, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      ok: true,
      data: { outcome: { kind: "done" }, report: { gate: { ok: true }, totals: { pass: 7, criteria: 7 } } },
    });
  });
});
