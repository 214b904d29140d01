import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { commitAll, place } from "./place.ts";
import { build, crqText, giveUp, NOTE_PROJECT, noNix, noteFlake, propose, SAY_WELCOME, SYSTEM, script } from "./samples.ts";

/** What is large: a log of 100 MB, a file of 200 MB. Minutes of machine time, so `npm run test:slow` has them. */

const CRQ = "crqs/CRQ-001-say-welcome.md";

describe.skipIf(noNix !== undefined)("a build", () => {
  it("that prints 100 MB is followed to its end: the log is cut for the model, and the program stays small", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const before = await fingerprint(repo);
    // Lines of a kilobyte, a hundred thousand times; it fails at the end, so that the next run prints them again.
    const loud = [
      'line="this line says nothing, and says it at the length of 64 letters"',
      'line="$line$line$line$line"; line="$line$line$line$line"',
      'block=""; for i in 1 2 3 4 5 6 7 8 9 10; do block="$block$line\\n"; done',
      'n=0; while [ $n -lt 10000 ]; do printf "$block"; n=$((n + 1)); done',
      "echo the end of it; exit 1",
    ];
    const model = join(at.folder, "model.json");
    await writeFile(
      model,
      script(
        { call: [propose({ path: "flake.nix", create: noteFlake("welcome", loud) })] },
        { call: [build()], expect: { error: false } },
        {
          call: [{ tool: "nix_log", arguments: { derivation: `packages.${SYSTEM}.note`, lines: 3 } }],
          expect: { error: true, contains: ["the end of it"] },
        },
        { call: [giveUp("no-known-fix", "It is too loud.")], expect: { error: false, contains: ["the end of it"] } },
      ),
    );
    let peak = 0;
    const done = await at.json(["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`], {
      onStart: (child) => {
        const timer = setInterval(async () => {
          peak = Math.max(peak, await residentKilobytes(child.pid));
        }, 100);
        child.once("close", () => clearInterval(timer));
      },
    });
    expect(done.document, done.about).toMatchObject({
      exit: 20,
      data: { outcome: { kind: "gave-up", detail: "It is too loud." } },
    });
    const results = (await at.journal()).flatMap((event) => (event.type === "result" ? [event.text.length] : []));
    expect(Math.max(...results)).toBeLessThan(40_000);
    expect(peak / 1024).toBeLessThan(400);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });
});

it.skipIf(noNix !== undefined)(
  "a 200 MB file in the repository costs time and no more: it is neither read whole nor changed",
  async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const file = await open(join(repo, "big.bin"), "w");
    await file.truncate(200 * 1024 * 1024);
    await file.close();
    await commitAll(repo, "big");
    const before = await fingerprint(repo);
    const model = join(at.folder, "model.json");
    const look = [
      { tool: "survey" },
      { tool: "list_files" },
      { tool: "read_file", arguments: { path: "big.bin" } },
      { tool: "search_text", arguments: { pattern: "nowhere" } },
    ];
    await writeFile(
      model,
      script(
        { call: look },
        ...SAY_WELCOME.map((step, index) =>
          index === 0 ? { ...step, expect: { contains: ["big.bin: is binary (209715200 bytes)"] } } : step,
        ),
      ),
    );
    const done = await at.json([
      "apply",
      "1",
      "--repo",
      repo,
      "--world",
      at.world,
      "--yes",
      "--model",
      `scripted:${model}`,
      "--patch",
      "out.patch",
    ]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  },
);

/** Of one process, without its children; 0 once it is gone. */
async function residentKilobytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 0);
}
