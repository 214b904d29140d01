import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { PERSON, place, show, workOf, writeFiles } from "./place.ts";
import { crqFile, crqText, demoProject, NOTE_PROJECT, noNix, noteFlake, propose, SAY_WELCOME, script, WISH } from "./samples.ts";

const BRANCH = "feature/CRQ-001-nixify-tally";

describe.skipIf(noNix !== undefined)("apply", () => {
  it("hands over a branch with the work, its CRQ and its report, and touches nothing else of a dirty checkout", async () => {
    const at = await place();
    const repo = await demoProject(at);
    await at.run(["draft", WISH, "--repo", repo]);
    await writeFile(join(repo, "src/main.rs"), "this does not even compile\n");
    await writeFile(join(repo, "notes ü.txt"), "mine\n");
    await git(["add", "src/main.rs"], { cwd: repo });
    const [before, status] = [await fingerprint(repo), await git(["status", "--porcelain"], { cwd: repo })];

    const done = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      schema: "crq-agent/apply/1",
      ok: true,
      exit: 0,
      data: {
        outcome: { kind: "done" },
        handOver: { form: "branch", branch: BRANCH, commit: expect.stringMatching(/^[0-9a-f]{40}$/u) },
        report: { schema: "crq-report/1", gate: { ok: true, failures: [] }, unrequested: [], totals: { pass: 7, criteria: 7 } },
        usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 },
        // The package, and clippy, format and documentation, which no criterion asks for: each once.
        builds: 4,
        notes: [
          expect.stringMatching(/^not committed, so not part of the work: .*src\/main\.rs.*notes ü\.txt/u),
          expect.stringMatching(/^before you merge: crqs\/CRQ-001-.*\.md, crqs\/INDEX\.md, crqs\/list\.txt lie uncommitted/u),
        ],
      },
      diagnostics: [],
    });
    expect(done.exit).toBe(0);

    const change = difference(before, await fingerprint(repo), false);
    expect({
      ...change,
      added: change.added.filter((path) => !/^\/\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/u.test(path)),
    }).toEqual({
      added: [`/.git/logs/refs/heads/${BRANCH}`, `/.git/refs/heads/${BRANCH}`],
      changed: [],
      removed: [],
    });
    expect(await git(["status", "--porcelain"], { cwd: repo })).toBe(status);
    expect(await git(["diff", "--name-status", "main", BRANCH], { cwd: repo })).toBe(
      [
        "M\tREADME.md",
        "A\tcrqs/CRQ-001-nixification-of-tally.md",
        "A\tcrqs/INDEX.md",
        "M\tcrqs/list.txt",
        "A\tcrqs/reports/CRQ-001/report.json",
        "A\tcrqs/reports/CRQ-001/report.md",
        "A\tflake.lock",
        "A\tflake.nix",
        "",
      ].join("\n"),
    );
    expect(await git(["log", "-1", "--format=%an <%ae>%n%P%n%(trailers:only)", BRANCH], { cwd: repo })).toBe(
      [
        `${PERSON.name} <${PERSON.email}>`,
        (await git(["rev-parse", "main"], { cwd: repo })).trim(),
        "CRQ: CRQ-001",
        "AC: AC-1, AC-2, AC-3, AC-4, AC-5, AC-6, AC-7",
        "Assisted-by: crq-agent@0.1.0/rules",
        "",
        "",
      ].join("\n"),
    );
    const approved = await show(repo, `${BRANCH}:crqs/CRQ-001-nixification-of-tally.md`);
    expect(approved).toMatch(/^status = "approved"$/mu);
    expect(approved).toMatch(/^approval = \{ by = "unattended", at = .*, via = "yes-flag", hash = "sha256:[0-9a-f]{64}" \}$/mu);
    expect(JSON.parse(await show(repo, `${BRANCH}:crqs/reports/CRQ-001/report.json`))).toMatchObject({
      gate: { ok: true },
      subject: { base: (await git(["rev-parse", "main"], { cwd: repo })).trim(), dirty: false },
    });
    expect(await show(repo, `${BRANCH}:crqs/reports/CRQ-001/report.md`)).not.toContain(at.folder);
  });

  it("drafts, approves unattended and applies in one go with --task and --yes, and does nothing without the yes", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const before = await fingerprint(repo);
    const unasked = await at.json(["apply", "--task", WISH, "--repo", repo, "--world", at.world]);
    expect(unasked.exit).toBe(5);
    expect(unasked.stderr).toBe("crq-agent: --task approves what it drafts: pass --yes, or run it on a terminal [not-asked]\n");
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const done = await at.run(["apply", "--task", WISH, "--repo", repo, "--world", at.world, "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
    expect(done.stdout).toContain(`Handed over as branch ${BRANCH}`);
    expect(difference(before, await fingerprint(repo), false).changed).toEqual([]);
    expect(await show(repo, `${BRANCH}:crqs/CRQ-001-nixification-of-tally.md`)).toMatch(/by = "unattended", .*via = "yes-flag"/u);
    expect(await git(["status", "--porcelain"], { cwd: repo })).toBe("");
  });

  it("gives the work as a patch that git applies, and then leaves .git as it is to the last byte and second", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const model = join(at.folder, "model.json");
    await writeFile(model, script(...SAY_WELCOME));
    const patch = join(at.folder, "out", "the change.patch");
    const before = await fingerprint(repo);
    const done = await at.json(
      ["apply", "1", "--world", at.world, "--yes", "--model", `scripted:${model}`, "--patch", "../out/the change.patch"],
      { cwd: repo },
    );
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { handOver: { form: "patch", path: patch } } });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    await git(["apply", "--check", patch], { cwd: repo });
    await git(["apply", patch], { cwd: repo });
    expect(await readFile(join(repo, "flake.nix"), "utf8")).toBe(noteFlake("welcome"));
  });

  it("serves a folder without git: writes the work back after a yes, and only then", async () => {
    const at = await place();
    const folder = join(at.folder, "no git");
    await writeFiles(folder, { ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const model = join(at.folder, "model.json");
    await writeFile(model, script(...SAY_WELCOME));
    expect((await at.run(["approve", "CRQ-001", "--yes", "--repo", folder])).exit).toBe(0);
    const before = await fingerprint(folder);
    const options = ["apply", "CRQ-001", "--repo", folder, "--world", at.world, "--model", `scripted:${model}`];
    const unknown = await at.run(options.with(1, "CRQ-002"));
    expect(unknown).toMatchObject({ exit: 2, stderr: expect.stringContaining("[unknown-crq]") });
    const unasked = await at.json(options);
    expect(unasked.exit).toBe(5);
    expect(unasked.stderr).toMatch(
      /no git is no git repository, so the change would be written into it: pass --yes, or --patch FILE/u,
    );
    expect(difference(before, await fingerprint(folder))).toEqual(SAME);
    const done = await at.json([...options, "--yes"]);
    const reports = ["crqs/reports/CRQ-001/report.json", "crqs/reports/CRQ-001/report.md"];
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: { handOver: { form: "files", paths: [...reports, "flake.nix"] }, report: { subject: { base: expect.any(String) } } },
    });
    expect(difference(before, await fingerprint(folder), false)).toEqual({
      added: reports.map((path) => `/${path}`),
      changed: ["/flake.nix"],
      removed: [],
    });
    expect(await readFile(join(folder, "flake.nix"), "utf8")).toBe(noteFlake("welcome"));
  });

  it("keeps the line ends of files, whatever a model writes, and takes names with blanks, quotes and letters of all kinds", async () => {
    const at = await place();
    const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
    const odd = `it's "odd" ü.md`;
    const repo = await at.repository(
      {
        ...NOTE_PROJECT,
        "flake.nix": crlf(noteFlake("hello")),
        [`docs/${odd}`]: "old\r\n",
        "crqs/CRQ-001-say-welcome.md": crlf(crqText()),
      },
      `a "project" ß`,
    );
    const model = join(at.folder, "model.json");
    const edits = [
      { path: "flake.nix", replace: { old: '{\n      greeting = "hello";', new: '{\n      greeting = "welcome";' } },
      { path: `docs/${odd}`, create: "new\n" },
      { path: "docs/ a b.txt", create: "new\n" },
    ];
    await writeFile(model, script({ call: [propose(...edits)] }, { text: "Done." }));
    const done = await at.json([
      "apply",
      "CRQ-001",
      "--repo",
      repo,
      "--world",
      at.world,
      "--yes",
      "--model",
      `scripted:${model}`,
    ]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    const branch = "feature/CRQ-001-say-welcome";
    expect(await show(repo, `${branch}:flake.nix`)).toBe(
      crlf(noteFlake("hello").replace('greeting = "hello"', 'greeting = "welcome"')),
    );
    expect(await show(repo, `${branch}:docs/${odd}`)).toBe("new\r\n");
    expect(await show(repo, `${branch}:docs/ a b.txt`)).toBe("new\n");
    expect(await show(repo, `${branch}:crqs/CRQ-001-say-welcome.md`)).not.toMatch(/[^\r]\n/u);
  });

  it("prints one JSON line an event, as the journal has them, and plain lines to people", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const model = join(at.folder, "model.json");
    await writeFile(model, script(...SAY_WELCOME));
    const options = ["apply", await crqFile(repo), "--world", at.world, "--yes", "--model", `scripted:${model}`];
    const events = await at.run([...options, "--events"], { cwd: repo });
    expect(
      events.stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual((await at.journal()).slice(1));
    expect(events.stderr).toBe("");
    const people = await at.run([...options, "--branch", "mine"], { cwd: repo });
    expect(people.stdout).toMatch(/^\+ +greeting = "welcome";$/mu);
    expect(people.stdout).toMatch(/^✓ {2}AC-1 {2}pass {2}checked \(eval\) {3}greeting is as asked for$/mu);
    expect(people.stdout).toMatch(/^Outcome: done\nHanded over as branch mine /mu);
    expect(people.stdout + people.stderr).not.toMatch(/\u001b/u);
    expect(people.stderr).toMatch(/^== baseline: .*\n== loop: apply\n/u);
    expect(await workOf(repo, "mine")).toEqual(await workOf(repo, "feature/CRQ-001-say-welcome"));
    expect(await readdir(repo)).toEqual([".git", "README.md", "crqs", "flake.nix", "note.txt"]);
  });
});
