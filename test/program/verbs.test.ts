import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctorSchema } from "../../src/commands/machine/doctor/finding.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { place } from "./place.ts";
import { crqText, giveUp, NOTE_PROJECT, noNix, script } from "./samples.ts";
import { PACKAGE_ROOT } from "./world.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";

describe("the verbs around draft, apply and verify", () => {
  it("tells its version and its help, and what was meant by a word it does not know", async () => {
    const at = await place();
    const manifest = JSON.parse(await readFile(join(PACKAGE_ROOT, "package.json"), "utf8"));
    expect(await at.run(["--version"])).toEqual({ exit: 0, signal: null, stdout: `${manifest.version}\n`, stderr: "" });
    const codes = await at.run(["help", "exit-codes"]);
    expect(codes.exit).toBe(0);
    const listed = [...codes.stdout.matchAll(/^ +(\d+) {3}/gmu)].map(([, code]) => Number(code));
    expect(listed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 20, 21, 130]);
    expect((await at.run(["help", "apply"])).stdout).toMatch(/^Usage: crq-agent apply \[options\] \[crq\]\n/u);
    expect(await at.run(["help", "aply"])).toMatchObject({
      exit: 2,
      stdout: "",
      stderr:
        'crq-agent: there is no help on "aply"; did you mean apply? `crq-agent help` lists verbs and topics [unknown-topic]\n',
    });
    const wrong: readonly [readonly string[], string][] = [
      [["aply", "1"], "error: unknown command 'aply'\n(Did you mean apply?)\n[usage]\n"],
      [["apply", "1", "--yess"], "error: unknown option '--yess'\n(Did you mean --yes?)\n[usage]\n"],
      [
        ["apply", "1", "--max-turns", "no"],
        "error: option '--max-turns <n>' argument 'no' is invalid. It is no positive whole number. [usage]\n",
      ],
      [["apply", "1", "--json", "--events"], "error: option '--json' cannot be used with option '--events' [usage]\n"],
    ];
    for (const [args, message] of wrong) expect(await at.run(args)).toMatchObject({ exit: 2, stderr: message });
    const document = await at.json(["apply", "1", "--yess"]);
    expect(document).toMatchObject({
      exit: 2,
      document: {
        schema: "crq-agent/apply/1",
        ok: false,
        exit: 2,
        data: null,
        diagnostics: [{ severity: "error", message: expect.stringContaining("--yess") }],
      },
    });
    expect((await at.json(["sessions", "list", "--yess"])).document).toMatchObject({
      schema: "crq-agent/sessions-list/1",
      exit: 2,
    });
    expect(await at.run(["apply"])).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/what is to be applied\? Give a CRQ \(crq-agent apply CRQ-001\) or --task/u),
    });
  });

  it("lints with positions, mends what is safe, explains a rule, and keeps the lists in step", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const before = await fingerprint(repo);
    const run = (...args: string[]) => at.run(args, { cwd: repo });
    expect(await run("index", "--check")).toMatchObject({ exit: 1, stdout: "Run `crq-agent index` to write them anew.\n" });
    expect(await run("lint")).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(/^crqs\/list\.txt:1:1 error index\/out-of-date .*run `crq-agent index`/mu),
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    expect(await run("index")).toMatchObject({ exit: 0 });
    expect(await run("index", "--check")).toMatchObject({ exit: 0, stdout: "The lists are up to date.\n" });
    expect(await run("lint")).toMatchObject({ exit: 0 });
    await writeFile(join(repo, CRQ), crqText().replace("The flake greets.", "TODO: it works seamlessly, see /home/pat/notes.md"));
    const found = await at.json(["lint", "--profile", "strict", CRQ], { cwd: repo });
    expect(found.document).toMatchObject({ schema: "crq-agent/lint/1", ok: false, exit: 1 });
    expect(found.document.diagnostics).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ severity: "error", rule: "structure/unfinished-text", file: CRQ, line: 16, column: 1 }),
        expect.objectContaining({ severity: "error", rule: "grounding/machine-path", file: CRQ, line: 16 }),
      ]),
    );
    const sarif = JSON.parse((await run("lint", "--format", "sarif", CRQ)).stdout);
    expect(sarif).toMatchObject({
      version: "2.1.0",
      runs: [{ results: expect.arrayContaining([expect.objectContaining({ ruleId: "grounding/machine-path" })]) }],
    });
    expect(await run("lint", "--explain", "grounding/machine-path")).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/machine-path/u),
    });
    expect(await run("lint", "--explain", "grounding/machine-pat")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/grounding\/machine-path/u),
    });
    expect(await run("lint", "crqs/nowhere.md")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/crqs\/nowhere\.md: cannot be read/u),
    });
    await writeFile(join(repo, CRQ), crqText().replace("# CRQ-001: Say welcome\n\n", ""));
    expect(await run("lint", "--fix", CRQ)).toMatchObject({
      stderr: expect.stringMatching(/CRQ-001-say-welcome\.md: fixed structure\/title/u),
    });
    expect(await readFile(join(repo, CRQ), "utf8")).toMatch(/^# CRQ-001: Say welcome\n/u);
  });

  it.skipIf(noNix !== undefined)("lists and shows sessions, by a part of their id, and says what it does not find", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const run = (...args: string[]) => at.run(args, { cwd: repo });
    expect(await run("sessions", "list")).toMatchObject({ exit: 0, stdout: "No sessions of this repository yet.\n" });
    expect(await run("sessions", "show")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/no session "last": there are no sessions in /u),
    });
    const model = join(at.folder, "model.json");
    await writeFile(
      model,
      script({ text: "I look.", call: [{ tool: "list_files" }] }, { call: [giveUp("no-known-fix", "No.")] }),
    );
    await run("apply", "1", "--yes", "--world", at.world, "--model", `scripted:${model}`);
    const listed = await at.json(["sessions", "list"], { cwd: repo });
    expect(listed.document).toMatchObject({
      exit: 0,
      data: {
        sessions: [
          {
            verb: "apply",
            model: `scripted:${model}`,
            state: { kind: "ended", outcome: { kind: "gave-up", reason: "no-known-fix" } },
          },
        ],
      },
    });
    const shown = await run("sessions", "show");
    const [, id = ""] = /^session (\S+)$/mu.exec(shown.stdout) ?? [];
    expect(shown.stdout).toMatch(/reply +I look\./u);
    expect(shown.stdout).toMatch(/result +list_files: /u);
    expect(shown.stdout).toMatch(/2 turns, 0 builds/u);
    expect((await run("sessions", "show", id.slice(-6))).stdout).toBe(shown.stdout);
    expect((await at.json(["sessions", "show", id], { cwd: repo })).document.data).toMatchObject({ events: await at.journal() });
    const page = join(at.folder, "session.html");
    expect((await run("sessions", "report", id.slice(-6), "--output", page)).stdout).toContain("Wrote ");
    expect(await readFile(page, "utf8")).toContain("I look.");
    expect(await run("sessions", "show", "zzzzzz")).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`no session "zzzzzz": the newest are ${id}`),
    });
    // A surrender is an end like any other: resuming it would only repeat it.
    expect((await run("sessions", "resume", id)).exit).toBe(20);
  });

  it.skipIf(noNix !== undefined)("doctors this machine: everything that the tests need is there", async () => {
    const at = await place();
    const repo = await at.repository({ "a.txt": "a\n" });
    const doctor = await at.json(["doctor", "--repo", repo], { env: { OPENAI_API_KEY: "sk-test-not-to-be-shown" } });
    expect(doctor.document, doctor.about).toMatchObject({ schema: "crq-agent/doctor/1", ok: true, exit: 0 });
    expect(doctor.document.data).toMatchObject({
      findings: expect.arrayContaining([
        { what: "Nix", state: "ok", ok: true, detail: expect.stringMatching(/^2\.\d+/u), mend: null },
        { what: "confinement", state: "ok", ok: true, detail: expect.stringContaining("a namespace was made"), mend: null },
        { what: "OPENAI_API_KEY", state: "ok", ok: true, detail: "present", mend: null },
        { what: "git identity", state: "ok", ok: true, detail: "name and address are set", mend: null },
      ]),
    });
    expect(doctor.stdout + doctor.stderr).not.toContain("sk-test");
    await writeFile(join(repo, "crq-agent.toml"), "[limits\n");
    expect(await at.run(["doctor", "--repo", repo])).toMatchObject({
      exit: 4,
      stdout: expect.stringMatching(/^✗ {2}crq-agent\.toml .*crq-agent\.toml:1:\d+/mu),
    });
    await writeFile(join(repo, "crq-agent.toml"), 'model = "anthropic:x"\n');
    const keyless = await at.json(["doctor", "--repo", repo, "--world", "nowhere"]);
    expect(keyless.document.data).toMatchObject({
      findings: expect.arrayContaining([
        {
          what: "ANTHROPIC_API_KEY",
          state: "missing",
          ok: false,
          detail: "absent, and the model anthropic:x of crq-agent.toml needs it",
          mend: "export ANTHROPIC_API_KEY=…",
        },
        expect.objectContaining({ what: "world", state: "missing", mend: "--world shipped" }),
      ]),
    });
    expect(doctorSchema.safeParse(keyless.document.data).error).toBeUndefined();
    await rm(join(repo, "crq-agent.toml"));
  });
});
