import { join } from "node:path";
import { expect, test } from "vitest";
import { checkWorld } from "../../src/world/check.ts";
import { cratePackage } from "../../src/world/content/crate-package.ts";
import { miniWorld } from "./mini-world.ts";
import { writeTree } from "./tree.ts";

const CRATE = { "crates/gadget-1.0.0/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.0.0"\n' };

const lock = (checksum: string): string =>
  `version = 4\n\n[[package]]\nname = "gadget"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${checksum}"\n\n[[package]]\nname = "absent"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${"0".repeat(64)}"\n`;

test("a good world has no problem", async () => {
  const { directory } = await miniWorld({ "o/r": { default: "main", refs: { main: { "flake.nix": "{ }" } } } }, CRATE);
  expect((await checkWorld(directory)).problems).toEqual([]);
});

test("a Cargo.lock in the world must hold the checksums of the world's crates", async () => {
  const { directory } = await miniWorld({}, CRATE);
  const gadget = (await checkWorld(directory)).content?.crates.get("gadget")?.[0];
  const { checksum } = gadget ? await cratePackage(gadget) : { checksum: "" };
  await writeTree(directory, { "git/h/good/world-git.toml": "", "git/h/good/Cargo.lock": lock(checksum) });
  expect((await checkWorld(directory)).problems).toEqual([]);
  await writeTree(directory, {
    "git/h/bad/world-git.toml": "",
    "git/h/bad/Cargo.lock": lock("f".repeat(64)),
    "git/h/worse/world-git.toml": "",
    "git/h/worse/Cargo.lock": "[[",
  });
  expect((await checkWorld(directory)).problems).toEqual([
    {
      file: join(directory, "git/h/bad/Cargo.lock"),
      line: 7,
      message: `gadget 1.0.0 is locked with the checksum ${"f".repeat(64)}, and the world's crate has ${checksum}`,
      next: "lock it again in this world, or bring the crate that was locked",
    },
    {
      file: join(directory, "git/h/worse/Cargo.lock"),
      line: 1,
      message: "is no Cargo.lock that parses",
      next: "let cargo write it",
    },
  ]);
});

test("a crate that cannot be served is named", async () => {
  const { directory } = await miniWorld({}, { "crates/gadget-1.0.0.crate": "not gzip" });
  expect((await checkWorld(directory)).problems).toEqual([
    {
      file: join(directory, "crates/gadget-1.0.0.crate"),
      message: expect.stringContaining("gadget-1.0.0 is no readable .crate"),
      next: "mend its Cargo.toml, or fetch the .crate again",
    },
  ]);
});
