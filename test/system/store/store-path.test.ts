import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveStorePath } from "../../../src/system/store/store-path.ts";
import { type Entry, temporaryTree } from "../../world/tree.ts";

/** A store root with these entries below /nix/store. */
async function root(entries: Readonly<Record<string, Entry>>): Promise<{ hostPath(path: string): string }> {
  const folder = await temporaryTree(
    Object.fromEntries(Object.entries(entries).map(([path, entry]) => [`nix/store/${path}`, entry])),
  );
  return { hostPath: (path) => join(folder, path) };
}

describe("resolveStorePath", () => {
  test("follows links inside the root, absolute and relative, also in the middle of a path", async () => {
    const store = await root({
      "a/bin/tool": "x",
      "b/bin": { link: "/nix/store/a/bin" },
      "b/share": { link: "../a" },
      "c/tool": { link: "../b/bin/tool" },
    });
    expect(await resolveStorePath(store, "/nix/store/a/bin/tool")).toBe("/nix/store/a/bin/tool");
    expect(await resolveStorePath(store, "/nix/store/b/bin/tool")).toBe("/nix/store/a/bin/tool");
    expect(await resolveStorePath(store, "/nix/store/b/share/bin/../bin/tool")).toBe("/nix/store/a/bin/tool");
    expect(await resolveStorePath(store, "/nix/store/c/tool")).toBe("/nix/store/a/bin/tool");
  });

  test("finds nothing where a path dangles, loops or leaves the store", async () => {
    const store = await root({
      "a/out": { link: "/etc/passwd" },
      "a/up": { link: "../../../../../etc/passwd" },
      "a/one": { link: "two" },
      "a/two": { link: "one" },
      "a/gone": { link: "nowhere" },
      "a/file": "x",
    });
    for (const path of ["a/out", "a/up", "a/one", "a/gone", "a/nothing", "a/file/below", "..", "../var", "../../etc/passwd"]) {
      expect([path, await resolveStorePath(store, `/nix/store/${path}`)]).toEqual([path, undefined]);
    }
    expect(await resolveStorePath(store, "/etc/passwd")).toBeUndefined();
    expect(await resolveStorePath(store, "/nix/store")).toBeUndefined();
  });

  test("never gives a path outside of the store, whatever the links", async () => {
    const name = fc.constantFrom("a", "b", "c");
    const target = fc.array(fc.constantFrom("..", ".", "a", "b", "c", "/nix/store/a", "/nix/store/b/c", "/etc", "/"), {
      minLength: 1,
      maxLength: 5,
    });
    const links = fc.dictionary(
      fc.tuple(name, name).map((parts) => parts.join("/")),
      target.map((parts) => ({ link: parts.join("/") })),
      { maxKeys: 6 },
    );
    const asked = fc.array(fc.constantFrom("..", "a", "b", "c"), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(links, asked, async (entries, parts) => {
        const store = await root(entries);
        const found = await resolveStorePath(store, `/nix/store/${parts.join("/")}`);
        if (found !== undefined) expect(found).toMatch(/^\/nix\/store\/(?!.*\.\.)/);
      }),
      { numRuns: 100 },
    );
  });
});
