import { expect, test } from "vitest";
import { WorldError } from "../../src/world/problem.ts";
import { showWorld } from "../../src/world/show.ts";
import { miniWorld, WORLD_TOML } from "./mini-world.ts";
import { temporaryFolder } from "./tree.ts";

test("shows what a world holds, with what a lock would name", async () => {
  const { directory, revisions } = await miniWorld(
    { "o/r": { default: "main", complete: true, refs: { main: { a: "1" }, "v1/x": { a: "2" } } } },
    {
      "world.toml": `${WORLD_TOML}provides = ["rust", "naersk"]\n`,
      "crates/gadget-1.0.0/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.0.0"\n',
      "crates/other-2.0.0.crate": "bytes",
      "git/git.example/a/world-git.toml": "",
      "files/host.example/x": "x",
    },
  );
  expect(await showWorld(directory)).toEqual([
    expect.stringMatching(/^mini 2026-11-20 sha256:[0-9a-f]{64}$/),
    "provides: rust, naersk",
    "github:o/r (all refs known)",
    `  main (default) ${revisions["o/r main"]}`,
    `  v1/x ${revisions["o/r v1/x"]}`,
    "crate gadget 1.0.0 (packed from its folder)",
    "crate other 2.0.0",
    expect.stringMatching(/^git https:\/\/git\.example\/a [0-9a-f]{40}$/),
    "file https://host.example/x",
  ]);
});

test("refuses a folder that is no world", async () => {
  await expect(showWorld(await temporaryFolder())).rejects.toThrow(WorldError);
});
