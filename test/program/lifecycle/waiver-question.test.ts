import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { PERSON, place, show } from "../place.ts";
import { noNix, noteFlake, propose } from "../samples.ts";
import { applyWith, BRANCH, CRQ } from "./change.ts";
import { ASK, ASKS, IGNORED, KEY, NOT_ASKED, noteWithTest, RUNS, SKIPS, TESTS } from "./waiver.ts";

/** A finished change with a weakening that has to stay: the model asks, the change is kept, and only a person can let it pass. */

describe.skipIf(noNix !== undefined)("a weakening that has to stay", { timeout: 600_000 }, () => {
  it("ends the run with a question; the change is kept, and handed over without a model once the person waives it", async () => {
    const at = await place();
    const repo = await noteWithTest(at);
    const before = await fingerprint(repo);

    const asked = await applyWith(at, repo, SKIPS);
    expect(asked.document, asked.about).toMatchObject({
      exit: 5,
      data: {
        outcome: { kind: "question", detail: ASKS, waivers: [KEY] },
        handOver: { form: "nothing" },
        question: { text: `Raised while it was applied: ${ASKS} The finished change waits for a waiver of \`${KEY}\`.` },
        kept: expect.stringMatching(/change\.patch$/u),
      },
    });
    const { session, kept } = Object(asked.document.data);
    expect(await readFile(kept, "utf8")).toContain("+#[ignore]");
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    // Nobody pays for the same answer twice, and a yes to everything is no waiver.
    const again = await at.run(["apply", "1", "--yes", "--repo", repo]);
    expect(again).toMatchObject({ exit: 5, stdout: "" });
    expect(again.stderr).toContain(`crq-agent sessions take ${session} --waive`);

    const waived = await at.run([
      "sessions",
      "take",
      "--waive",
      "no network in the sandbox",
      "--until",
      "2999-12-31",
      "--repo",
      repo,
    ]);
    expect(waived).toMatchObject({
      exit: 0,
      stdout: `${CRQ}: ${KEY} waived by human:${PERSON.name} until 2999-12-31. Next: crq-agent apply ${CRQ}\n`,
    });
    const document = await readFile(join(repo, CRQ), "utf8");
    expect(document).toContain(
      `[[waiver]]\nweakening = "${KEY}"\nreason = "no network in the sandbox"\nby = "human:${PERSON.name}"\nuntil = 2999-12-31\n\`\`\``,
    );
    expect(document).toMatch(/^status = "approved"$/mu);

    const done = await applyWith(at, repo, NOT_ASKED);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: { outcome: { kind: "done" }, handOver: { form: "branch", branch: BRANCH }, turns: 0, kept: null },
    });
    expect((await at.journal()).filter(({ type }) => type === "ask")).toEqual([]);
    expect(await show(repo, `${BRANCH}:${TESTS}`)).toBe(IGNORED);
    expect(await show(repo, `${BRANCH}:${CRQ}`)).toContain(`weakening = "${KEY}"`);
    expect(await show(repo, BRANCH)).toMatch(/Assisted-by: crq-agent@\S+\/scripted:model\.json/u);
  });

  it("is refused while something else fails, and where there is nothing to waive", async () => {
    const at = await place();
    const repo = await noteWithTest(at);
    const onlySkip = propose({ path: TESTS, create: IGNORED });
    const asked = await applyWith(at, repo, [
      { call: [onlySkip] },
      { call: [ASK] },
      { call: [propose({ path: TESTS, create: RUNS }, { path: "flake.nix", create: noteFlake("welcome") })] },
      { call: [ASK] },
      { text: "The greeting is welcome." },
    ]);
    expect(asked.document, asked.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    const refusals = (await at.journal()).flatMap((event) =>
      event.type === "result" && event.tool === "ask_waiver" ? [event.text] : [],
    );
    expect(refusals).toEqual([
      expect.stringMatching(/^Not yet: this does not hold either.*\nAC-1: fail: /u),
      expect.stringMatching(/^There is nothing to waive/u),
    ]);
  });
});
