import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { place } from "./place.ts";
import { crqText, demoProject, script, WISH } from "./samples.ts";

const DRAFT = "crqs/CRQ-001-nixification-of-tally.md";

describe("draft", () => {
  it("writes the document, the list and the index, and nothing else; the document passes the strict profile", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const before = await fingerprint(repo);
    const docs = ["--docs", join(repo, "README.md"), "--docs", join(repo, "docs")];
    // The wish comes last: an option that took every word behind it would swallow it.
    const { document, stderr, exit } = await at.json([
      "draft",
      "--repo",
      repo,
      "--list",
      join(repo, "crqs/list.txt"),
      ...docs,
      WISH,
    ]);
    expect(exit).toBe(0);
    expect(stderr).toBe("");
    expect(document).toEqual({
      schema: "crq-agent/draft/1",
      ok: true,
      exit: 0,
      data: {
        session: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/u),
        document: await readFile(join(repo, DRAFT), "utf8"),
        outcome: { kind: "done" },
        usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 },
        notes: [],
        path: DRAFT,
      },
      diagnostics: expect.any(Array),
    });
    expect(difference(before, await fingerprint(repo))).toEqual({
      added: [`/${DRAFT}`, "/crqs/INDEX.md"],
      changed: ["/crqs/list.txt"],
      removed: [],
    });
    expect(await readFile(join(repo, "crqs/list.txt"), "utf8")).toBe("CRQ-001-nixification-of-tally.md\n");
    expect(await readFile(join(repo, "crqs/INDEX.md"), "utf8")).toContain(
      "| [CRQ-001](CRQ-001-nixification-of-tally.md) | Nixification of tally | draft | nixify |",
    );
    const linted = await at.json(["lint", "--profile", "strict", "--repo", repo]);
    expect(linted.document).toMatchObject({ schema: "crq-agent/lint/1", ok: true, exit: 0 });
    const checked = await at.json(["index", "--check", "--repo", repo]);
    expect(checked.document).toEqual({ schema: "crq-agent/index/1", ok: true, exit: 0, data: {}, diagnostics: [] });
  });

  it("prints with --stdout what it would write, the same bytes for the same input and date, and writes nothing", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const before = await fingerprint(repo);
    const env = { SOURCE_DATE_EPOCH: "1767225600" };
    const options = ["draft", WISH, "--repo", repo, "--stdout"];
    const [first, second] = [await at.run(options, { env }), await at.run(options, { env })];
    expect([first.exit, second.exit]).toEqual([0, 0]);
    expect(first.stdout).toMatch(/^# CRQ-001: Nixification of tally\n/u);
    expect(first.stdout).toContain("created = 2026-01-01");
    expect(second.stdout).toBe(first.stdout);
    const { document } = await at.json(options, { env });
    expect(document.data).toMatchObject({ document: first.stdout, path: null });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("takes the wish from a file and reads a foreign list: what is dead in it is named, what is there is taken", async () => {
    const at = await place();
    const repo = await demoProject(at);
    await writeFile(join(at.folder, "wish.txt"), `\n${WISH}\n`);
    await writeFile(join(at.folder, "CRQ-006-elsewhere.md"), crqText({ id: "CRQ-006" }));
    await writeFile(join(at.folder, "list.txt"), "CRQ-007-gone.md\n./CRQ-006-elsewhere.md\n");
    const options = ["--repo", repo, "--list", join(at.folder, "list.txt"), "--kind", "nixify", "--stdout"];
    const { document } = await at.json(["draft", "--task-file", join(at.folder, "wish.txt"), ...options]);
    expect(document.data).toMatchObject({
      document: expect.stringMatching(/^# CRQ-007: /u),
      notes: ["../list.txt:1: `CRQ-007-gone.md` does not exist; it is left out"],
    });
  });

  it("gives a free number, or the one that is asked for and free", async () => {
    const at = await place();
    const repo = await demoProject(at);
    await writeFile(join(repo, "crqs", "CRQ-004-say-welcome.md"), crqText({ id: "CRQ-004" }));
    const drafted = (...more: string[]) => at.run(["draft", WISH, "--repo", repo, "--stdout", ...more]);
    expect((await drafted()).stdout).toMatch(/^# CRQ-005: /u);
    expect((await drafted("--id", "CRQ-011")).stdout).toMatch(/^# CRQ-011: /u);
    // A branch is named after a number, so it comes with the number.
    const unnumbered = await drafted("--unnumbered");
    expect(unnumbered).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^# CRQ-XXX: /u) });
    expect(unnumbered.stdout).not.toContain("branch =");
    const taken = await drafted("--id", "CRQ-0004");
    expect({ ...taken, stderr: taken.stderr.trim().split("\n").at(-1) }).toEqual({
      exit: 2,
      signal: null,
      stdout: "",
      stderr:
        "crq-agent: --id CRQ-0004: this number is taken (crqs/CRQ-004-say-welcome.md); the next free one is CRQ-005 [number-taken]",
    });
  });

  it.each([
    ["no wish", [""], /what is wished for\? Give one sentence: crq-agent draft "/u],
    ["a wish twice", ["x", "--task-file", "y"], /as an argument or with --task-file, not both/u],
    [
      "a wish file that is not there",
      ["--task-file", "nowhere.txt"],
      /nowhere\.txt: cannot be read; give a file with --task-file FILE/u,
    ],
    [
      "docs that are not there",
      [WISH, "--docs", "no-docs"],
      /no-docs: no such folder or file of documents; give one with --docs DIR/u,
    ],
    [
      "a list that is not there",
      [WISH, "--list", "no-list.txt"],
      /no-list\.txt: cannot be read; give the list of CRQs with --list FILE, or leave it out/u,
    ],
    ["an unknown kind", [WISH, "--kind", "wizardry"], /--kind wizardry: there are nixify, lattice, /u],
    ["an id that is none", [WISH, "--id", "twelve"], /--id twelve: an id is CRQ- and three to seven digits/u],
  ])("says what is wrong with %s: exit 2, nothing written", async (_, args, message) => {
    const at = await place();
    const repo = await demoProject(at);
    const before = await fingerprint(repo);
    const done = await at.json(["draft", ...args], { cwd: repo });
    expect(done.exit).toBe(2);
    expect(done.stderr).toMatch(message);
    expect(done.stderr).not.toContain("    at ");
    expect(done.document).toMatchObject({ schema: "crq-agent/draft/1", ok: false, exit: 2, data: null });
    expect(done.document.diagnostics).toMatchObject([{ severity: "error", message: expect.stringMatching(message) }]);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("keeps a model's document that is still wrong at the third try beside the CRQs, out of list and index", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const bad = { call: [{ tool: "submit_crq", arguments: { markdown: "# CRQ-001: Do it\n\nIt will work seamlessly.\n" } }] };
    const file = join(at.folder, "bad.json");
    await writeFile(
      file,
      script(bad, { ...bad, expect: { error: true, contains: ["meta/missing-block"] } }, bad, { text: "not asked for" }),
    );
    const before = await fingerprint(repo);
    const done = await at.json(["draft", WISH, "--repo", repo, "--model", `scripted:${file}`]);
    expect(done.document).toMatchObject({
      ok: false,
      exit: 1,
      data: { outcome: { kind: "unmet" }, path: "crqs/CRQ-001-do-it.md.rejected.txt" },
    });
    expect(done.exit).toBe(1);
    expect(done.stderr).toMatch(/CRQ-001\.md:1:1 error meta\/missing-block: /u);
    expect(difference(before, await fingerprint(repo))).toEqual({
      added: ["/crqs/CRQ-001-do-it.md.rejected.txt"],
      changed: [],
      removed: [],
    });
    expect((await at.journal()).filter(({ type }) => type === "ask")).toHaveLength(3);
  });

  it("writes nothing when the model gives up or hands nothing in", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const file = join(at.folder, "model.json");
    await writeFile(
      file,
      script({ call: [{ tool: "give_up", arguments: { reason: "not-understood", detail: "which project?" } }] }),
    );
    const before = await fingerprint(repo);
    const done = await at.run(["draft", WISH, "--repo", repo, "--model", `scripted:${file}`]);
    expect(done.exit).toBe(20);
    expect(done.stdout).toMatch(/No document was handed in\. Outcome: .*not-understood.*which project\?/u);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    expect(await readdir(join(at.state, "crq-agent", "sessions"))).toHaveLength(1);
  });

  it("says why there is no document where standard output is for the document alone, quiet or not", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const file = join(at.folder, "model.json");
    await writeFile(
      file,
      script({ call: [{ tool: "give_up", arguments: { reason: "not-understood", detail: "which project?" } }] }),
    );
    const done = await at.run(["draft", WISH, "--repo", repo, "--model", `scripted:${file}`, "--stdout", "--quiet"]);
    expect(done).toEqual({
      exit: 20,
      signal: null,
      stdout: "",
      stderr: expect.stringMatching(
        /^No document was handed in\. Outcome: .*not-understood.*which project\?\. More: crq-agent sessions show \S+\n$/u,
      ),
    });
  });
});
