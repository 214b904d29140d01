import { randomBytes } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Place, place, workOf } from "./place.ts";
import { build, COPIES_NOTE, crqText, NOTE_PROJECT, noNix, noteFlake, propose, script } from "./samples.ts";

const BRANCH = "feature/CRQ-001-say-welcome";

/** An approved CRQ, so that two runs begin with the same words; the first one builds for a second, the second finds it built. */
async function recorded(at: Place) {
  const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() }, "first");
  expect((await at.run(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
  const again = join(at.folder, "again");
  await cp(repo, again, { recursive: true });
  const slow = [
    `: ${randomBytes(8).toString("hex")}`,
    "coproc silence { read -r line; }",
    "if read -r -t 1 -u $silence line; then exit 1; fi",
    ...COPIES_NOTE,
  ];
  const model = join(at.folder, "model.json");
  await writeFile(
    model,
    script(
      { call: [propose({ path: "flake.nix", create: noteFlake("welcome", slow) })] },
      { call: [build(), { tool: "check_criteria" }] },
      { text: "Done." },
    ),
  );
  const cassette = join(at.folder, "tapes", "welcome.jsonl");
  const done = await at.json([
    "apply",
    "1",
    "--repo",
    repo,
    "--world",
    at.world,
    "--model",
    `scripted:${model}`,
    "--cassette",
    `record:${cassette}`,
  ]);
  expect(done.document, done.about).toMatchObject({ exit: 0 });
  return { repo, again, cassette };
}

describe.skipIf(noNix !== undefined)("a cassette", () => {
  it("answers in a model's place, without key or network, and comes to the same work; so does a session's journal", async () => {
    const at = await place();
    const { repo, again, cassette } = await recorded(at);
    const journal = join(at.folder, "journal.jsonl");
    await writeFile(journal, (await at.journal()).map((event) => `${JSON.stringify(event)}\n`).join(""));
    for (const [tape, branch] of [
      [cassette, "from-cassette"],
      [journal, "from-journal"],
    ]) {
      const options = ["--world", at.world, "--model", "openai:any", "--cassette", `replay:${tape}`, "--branch", branch ?? ""];
      const done = await at.json(["apply", "1", "--repo", again, ...options]);
      expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 3 } });
      expect(await workOf(again, branch ?? "")).toEqual(await workOf(repo, BRANCH));
    }
  });

  it("never guesses: another request than the recorded one is an error that says so", async () => {
    const at = await place();
    const { again, cassette } = await recorded(at);
    await writeFile(join(again, "crqs/CRQ-001-say-welcome.md"), crqText({ title: "Say welcome to everybody" }));
    const done = await at.json([
      "apply",
      "1",
      "--yes",
      "--repo",
      again,
      "--world",
      at.world,
      "--model",
      "openai:any",
      "--cassette",
      `replay:${cassette}`,
    ]);
    expect(done.document, done.about).toMatchObject({
      exit: 21,
      data: {
        outcome: {
          kind: "provider",
          detail: expect.stringMatching(
            /welcome\.jsonl: no reply is recorded for the request of turn 1 .*record it again with --cassette record:/u,
          ),
        },
      },
    });
  });
});
