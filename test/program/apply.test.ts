import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { difference, fingerprint } from "./fingerprint.ts";
import { place } from "./place.ts";
import { crqText, NOTE_PROJECT, SAY_WELCOME, script } from "./samples.ts";

it("tries", async () => {
  const at = await place();
  const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
  await writeFile(join(at.folder, "script.json"), script(...SAY_WELCOME));
  const before = await fingerprint(repo);
  const done = await at.json([
    "apply",
    "CRQ-001",
    "--repo",
    repo,
    "--world",
    at.world,
    "--yes",
    "--model",
    `scripted:${join(at.folder, "script.json")}`,
  ]);
  console.log(done.stderr, JSON.stringify(done.document, undefined, 1).slice(0, 6000));
  console.log(difference(before, await fingerprint(repo)));
  expect(done.exit).toBe(0);
});
