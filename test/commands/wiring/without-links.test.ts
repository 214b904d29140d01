import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutLinks } from "../../../src/commands/wiring/without-links.ts";
import { temporaryTree } from "../../world/tree.ts";

test("links are resolved as far as there is something, and the rest is kept", async () => {
  const folder = await realpath(await temporaryTree({ "disk/x": "", link: { link: "disk" }, loop: { link: "loop" } }));
  const found = await Promise.all(
    ["link", "link/a/b", "disk/x", "loop", "none/c"].map((path) => withoutLinks(join(folder, path))),
  );
  expect(found).toEqual(["disk", "disk/a/b", "disk/x", "loop", "none/c"].map((path) => join(folder, path)));
});
