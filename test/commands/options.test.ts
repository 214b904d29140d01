import { describe, expect, it } from "vitest";
import { apply } from "../../src/commands/change/apply.ts";
import { draft } from "../../src/commands/change/draft.ts";
import { verify } from "../../src/commands/change/verify.ts";
import { positive, wholeNumber } from "../../src/commands/program/options.ts";
import { repair } from "../../src/commands/repository/repair.ts";
import { recordingUi } from "../../src/ui/output.ts";
import { writeFiles } from "../program/place.ts";
import { contextIn, ownFolder, projectIn } from "./in-process.ts";

/** Options that contradict each other are refused before anything is asked or paid: neither of them is dropped in silence. */
describe("options that contradict each other", () => {
  it("two texts for one standard output; a number and none", async () => {
    const context = contextIn(await ownFolder());
    const refusal = (options: Partial<Parameters<typeof draft>[3]>) =>
      expect(draft(context, recordingUi(), "nixify this", { repo: ".", ...options })).rejects;
    await refusal({ stdout: true, events: true }).toMatchObject({
      code: "option-conflict",
      message: "--stdout and --events are two texts for one standard output; give one of them",
    });
    await refusal({ id: "CRQ-007", unnumbered: true }).toMatchObject({
      code: "option-conflict",
      message: "--id gives a number and --unnumbered gives none; give one of them",
    });
  });

  it("a report of what makes none", async () => {
    const context = contextIn(await ownFolder());
    await expect(
      verify(context, recordingUi(), "1", { repo: ".", baselineOnly: true, report: "evidence" }),
    ).rejects.toMatchObject({
      code: "option-conflict",
      message: "a baseline alone makes no report; leave --report or --baseline-only out",
    });
  });

  it("a branch and a patch; a branch where there is no git, in place of which the person's files were written", async () => {
    const folder = await ownFolder();
    const repo = await projectIn(folder, { "README.md": "# note\n" });
    await writeFiles(folder, { "plain/README.md": "# note\n" });
    const context = contextIn(folder);
    for (const verb of [apply, repair]) {
      await expect(
        verb(context, recordingUi(), "1", { repo, patch: "x.patch", branch: "mine" }),
        verb.name,
      ).rejects.toMatchObject({
        code: "option-conflict",
        message: "--branch and --patch are two ways to hand over one change; give one of them",
      });
      await expect(
        verb(context, recordingUi(), "1", { repo: "plain", branch: "mine", yes: true }),
        verb.name,
      ).rejects.toMatchObject({
        code: "no-git",
        message: expect.stringMatching(
          /plain: is no git repository, so there is no branch; leave --branch out, or give --patch FILE$/u,
        ),
      });
    }
  });
});

it("counts in whole numbers, and measures in positive ones", () => {
  for (const text of ["0", "-1", "0.5", "2.5", "many", "", "Infinity"])
    expect(() => wholeNumber(text), text).toThrow("whole number");
  expect([wholeNumber("7"), positive("0.5")]).toEqual([7, 0.5]);
});
