import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { place } from "./place.ts";
import { crqText, NOTE_PROJECT, noNix, SAY_WELCOME, script } from "./samples.ts";

const KEY = "sk-test-0123456789abcdefghijklmnopqrstuv";

describe.skipIf(noNix !== undefined)("sessions report", () => {
  it("writes one page about a session that is done and about one that failed, where it says, and nothing into the checkout", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const model = join(at.folder, "model.json");
    const applied = async (replies: string, ...more: string[]) => {
      await writeFile(model, replies);
      const run = ["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`, "--yes", ...more];
      const { document, about } = await at.json(run, { env: { OPENAI_API_KEY: KEY } });
      return { document, about, session: String(Object(document.data).session) };
    };
    const [proposes] = SAY_WELCOME;
    const failed = await applied(script({ ...proposes, text: `The key is ${KEY}.` }), "--max-turns", "1");
    expect(failed.document, failed.about).toMatchObject({ ok: false, exit: 10 });
    const done = await applied(script(...SAY_WELCOME));
    expect(done.document, done.about).toMatchObject({ ok: true });
    const before = await fingerprint(repo);
    const report = (...more: string[]) =>
      at.json(["sessions", "report", "--repo", repo, ...more], { env: { OPENAI_API_KEY: KEY } });

    // Without an id: the newest, beside its evidence.
    const newest = await report();
    const { file, address, bytes } = Object(newest.document.data);
    expect(newest.document).toEqual({
      schema: "crq-agent/sessions-report/1",
      ok: true,
      exit: 0,
      data: { session: done.session, file, address, bytes },
      diagnostics: [],
    });
    expect(file).toMatch(new RegExp(`/${done.session}/report/report\\.html$`, "u"));
    expect(fileURLToPath(address)).toBe(file);
    expect((await stat(file)).size).toBe(bytes);
    const page = await readFile(file, "utf8");
    expect(page).toContain("apply: CRQ-001: Say welcome");
    expect(page).toContain("It ended: done. 2 of 2 criteria pass.");
    expect(page).toContain("Built packages.");

    // By a part of its id, into a file that is named.
    const out = join(at.folder, "out ü.html");
    const other = await at.run(["sessions", "report", failed.session.slice(-6), "--repo", repo, "--output", out], {
      env: { OPENAI_API_KEY: KEY },
    });
    expect(other).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^Wrote .*out ü\.html \(\d+ KiB\)\. Open it in a browser: file:\/\//u),
    });
    const why = await readFile(out, "utf8");
    expect(why).toContain("It ended: limit:turns: 1 of 1 turns were used");
    expect(why).toContain(`crq-agent sessions resume ${failed.session} --max-turns N`);
    expect(why).toContain("The key is [");
    expect(why).not.toContain(KEY);

    await mkdir(join(at.folder, "pages"));
    for (const [args, said] of [
      [["--output", join(at.folder, "pages")], /pages is a folder; name a file, for instance --output .*pages\/session\.html/u],
      [["--output", join(at.folder, "model.json", "x.html")], /cannot be written .*choose another place with --output FILE/u],
      [["nosuch"], /no session "nosuch": the newest are /u],
    ] as const) {
      const refused = await report(...args);
      expect(refused.document, String(said)).toMatchObject({ ok: false, exit: 2 });
      expect(refused.stderr).toMatch(said);
    }
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });
});

it("a draft in a repository without a commit leaves no session behind, for nothing began", async () => {
  const at = await place();
  const repo = await at.repository({});
  await git(["update-ref", "-d", "HEAD"], { cwd: repo });
  const refused = await at.run(["draft", "nixify this", "--repo", repo]);
  expect(refused).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringMatching(/commit/u) });
  expect(await at.run(["sessions", "list", "--repo", repo])).toMatchObject({ stdout: "No sessions of this repository yet.\n" });
});
