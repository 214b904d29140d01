import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bareMachine, elsewhere } from "../bare-machine.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { crqText, demoProject, NOTE_PROJECT, WISH } from "../samples.ts";
import { PACKAGE_ROOT } from "../world.ts";

/** The program where Nix is missing or too old: it drafts and lints, proves nothing, and says so. */

describe.skipIf(elsewhere.length > 0)("without Nix", () => {
  it("gives no verdict but unavailable: verify exits with 4, writes its report and names what to install", async () => {
    const at = await place();
    const machine = await bareMachine(at);
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const before = await fingerprint(repo);
    const done = await at.json(["verify", "1", "--repo", repo, "--report", "out"], machine);
    expect(done.document, done.about).toMatchObject({
      schema: "crq-agent/verify/1",
      ok: false,
      exit: 4,
      data: {
        report: {
          env: { nix: null },
          criteria: [
            { id: "AC-1", verdict: "unavailable", reason: expect.stringMatching(/Nix is missing/u) },
            { id: "AC-2", verdict: "unavailable", reason: expect.stringMatching(/Nix is missing/u) },
          ],
          totals: { pass: 0, unavailable: 2 },
          gate: { ok: false },
        },
      },
    });
    expect(done.exit).toBe(4);
    expect(JSON.parse(await readFile(join(at.folder, "out", "report.json"), "utf8"))).toMatchObject({ gate: { ok: false } });
    expect((await readdir(join(at.folder, "out"))).filter((name) => name !== "logs")).toEqual([
      "junit.xml",
      "report.json",
      "report.md",
      "report.sarif",
      "statement.intoto.json",
    ]);
    const people = await at.run(["verify", "1", "--repo", repo], machine);
    expect(people.stdout).toMatch(/^\? {2}AC-1 {2}unavailable {2}never checked\n {3}.*Nix is missing/mu);
    expect(people.stdout).toMatch(/^Not proven \(exit 4\)\.$/mu);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("does not spend a word of a model on work that nobody could judge", async () => {
    const at = await place();
    const machine = await bareMachine(at);
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const before = await fingerprint(repo);
    const done = await at.json(["apply", "1", "--yes", "--repo", repo], machine);
    expect(done.document, done.about).toMatchObject({
      exit: 4,
      data: {
        outcome: { kind: "incomplete", detail: expect.stringMatching(/^AC-1 cannot be judged here: .*Nix is missing/u) },
        turns: 0,
        handOver: { form: "nothing" },
      },
    });
    expect((await at.journal()).filter(({ type }) => type === "ask")).toEqual([]);
    const offline = await at.json(
      [
        "apply",
        "1",
        "--yes",
        "--repo",
        repo,
        "--world",
        at.world === "shipped" ? join(PACKAGE_ROOT, "evals", "world") : at.world,
      ],
      machine,
    );
    expect(offline).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/this world cannot be served here: Nix is missing/u),
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("still drafts and lints; the doctor gives the command that installs it", async () => {
    const at = await place();
    const machine = await bareMachine(at);
    const repo = await demoProject(at);
    expect((await at.run(["draft", WISH, "--repo", repo], machine)).exit).toBe(0);
    expect((await at.run(["lint", "--profile", "strict", "--repo", repo], machine)).exit).toBe(0);
    const doctor = await at.run(["doctor", "--repo", repo], machine);
    expect(doctor.exit).toBe(4);
    expect(doctor.stdout).toMatch(/^✗ {2}Nix +Nix is missing/mu);
    expect(doctor.stdout).toMatch(/ {5}mend: (?:curl -Lo install-nix |sudo (?:apt install|pacman -S) nix)/u);
  });

  it("takes an old Nix for none, and says how old it is", async () => {
    const at = await place();
    const bin = join(at.folder, "old");
    await mkdir(bin);
    await writeFile(join(bin, "nix"), '#!/bin/sh\necho "nix (Nix) 2.8.0"\n');
    await chmod(join(bin, "nix"), 0o755);
    const machine = await bareMachine(at, [bin]);
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
    const done = await at.json(["verify", "1", "--repo", repo], machine);
    expect(done.document, done.about).toMatchObject({
      exit: 4,
      data: {
        report: {
          criteria: [
            { verdict: "unavailable", reason: expect.stringMatching(/Nix 2\.8\.0 .*is too old, 2\.19 is needed/u) },
            { verdict: "unavailable" },
          ],
        },
      },
    });
    const doctor = await at.run(["doctor", "--repo", repo], machine);
    expect(doctor.exit).toBe(4);
    expect(doctor.stdout).toMatch(/Nix 2\.8\.0 in .*old is too old, 2\.19 is needed\n {5}mend: nix upgrade-nix\n/u);
  });

  it("lints, and says that it could not parse the nix fences rather than that they are right", async () => {
    const at = await place();
    const machine = await bareMachine(at);
    const crq = crqText().replace("The flake greets.", "The flake greets.\n\n```nix\n{ a = ; }\n```\n");
    const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crq });
    const done = await at.run(["lint", "crqs/CRQ-001-say-welcome.md", "--repo", repo], { ...machine, cwd: repo });
    expect(done).toMatchObject({ exit: 0, stderr: "" });
    expect(done.stdout).toMatch(/^1 document, \d\d rules: /mu);
    expect(done.stdout).toMatch(/^not checked: .*nix\/snippet-does-not-parse \(.*Nix/mu);
  });
});
