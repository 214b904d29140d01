import { access, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { prepareStoreRoot, StoreRootError } from "../../../src/system/store/store-root.ts";
import { cannotRun, host } from "../../world/opened.ts";
import { temporaryFolder } from "../../world/tree.ts";

describe.skipIf(cannotRun !== undefined)("prepareStoreRoot", () => {
  test("makes a store once, however many ask at the same time", async () => {
    const place = join(await temporaryFolder("crq store 'ä' "), "worlds", "one");
    const database = join(place, "nix", "var", "nix", "db", "db.sqlite");
    // Each may count on the store as soon as it was told that it is there.
    await Promise.all([1, 2, 3, 4].map(() => prepareStoreRoot(place, host).then(() => access(database))));
    expect(await readdir(dirname(place))).toEqual(["one"]);
  });

  test("says that there is no room, and leaves nothing behind", async () => {
    const place = join(await temporaryFolder(), "one");
    await expect(prepareStoreRoot(place, host, 2 ** 60)).rejects.toThrow(StoreRootError);
    await expect(prepareStoreRoot(place, host, 2 ** 60)).rejects.toMatchObject({ kind: "disk", directory: place });
    expect(await readdir(dirname(place))).toEqual([]);
  });

  test("says why Nix could not make it", async () => {
    const place = join(await temporaryFolder(), "one");
    const broken = { ...host, nix: { bin: "/nonexistent", version: "2.26.3", private: true } };
    await expect(prepareStoreRoot(place, broken)).rejects.toMatchObject({
      kind: "host",
      message: expect.stringContaining("a Nix store could not be made"),
      next: expect.stringContaining("nix-store --store"),
    });
    expect(await readdir(dirname(place))).toEqual([]);
  });
});
