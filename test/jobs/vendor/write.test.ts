import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeAll } from "../../../src/jobs/vendor/write.ts";
import { temporaryTree } from "../../world/tree.ts";

const contents = async (folder: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );

const LOCK = { path: "flake.lock", before: "old lock", after: "new lock" };
const FLAKE = { path: "flake.nix", before: "old", after: "new" };

test("all of them are written", async () => {
  const folder = await temporaryTree({ "flake.lock": "old lock", "flake.nix": "old" });
  expect(await writeAll(folder, [LOCK, FLAKE])).toBeUndefined();
  expect(await contents(folder)).toEqual({ "flake.lock": "new lock", "flake.nix": "new" });
});

test("or none: when the second changed meanwhile, the first is put back or, where it is new, taken away", async () => {
  const folder = await temporaryTree({ "flake.lock": "old lock", "flake.nix": "somebody else's" });
  expect(await writeAll(folder, [LOCK, FLAKE])).toBe(
    `${join(folder, "flake.nix")}: was changed by someone else meanwhile; nothing was written`,
  );
  expect(await contents(folder)).toEqual({ "flake.lock": "old lock", "flake.nix": "somebody else's" });

  const fresh = await temporaryTree({ "flake.nix": "somebody else's" });
  const added = { path: "flake.lock", before: undefined, after: "new lock" };
  expect(await writeAll(fresh, [added, FLAKE])).toMatch(/nothing was written$/u);
  expect(await contents(fresh)).toEqual({ "flake.nix": "somebody else's" });
});

test("a file that is new and appeared meanwhile is not written over", async () => {
  const folder = await temporaryTree({ "flake.nix": "old" });
  await writeFile(join(folder, "flake.lock"), "theirs");
  expect(await writeAll(folder, [{ ...LOCK, before: undefined }, FLAKE])).toMatch(
    /flake\.lock: exists already; nothing was written$/u,
  );
  expect(await contents(folder)).toEqual({ "flake.lock": "theirs", "flake.nix": "old" });
});
