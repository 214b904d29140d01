import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import {
  BRANCH,
  BUILDING,
  expectSoundJournal,
  goesOnAfterKillsAt,
  killedAt,
  nameOf,
  onceWritten,
  processesWith,
  slowProject,
  whileBuilding,
} from "./interrupted-runs.ts";
import { place, type RunOptions, show, workOf } from "./place.ts";
import { demoProject, noNix, WISH } from "./samples.ts";

/** Killed and interrupted runs: nothing of the person's changed, no process stays, and the session goes on to the same end. */

describe.skipIf(noNix !== undefined)("a run that is cut off", () => {
  it("goes on to the same end after SIGKILL, asks for no journaled reply again and answers each call once", () =>
    // In the middle of a model's turn and of a build; interrupted.slow.test.ts has every step.
    goesOnAfterKillsAt(["reply 1", BUILDING]));

  it("puts back what the first proposal had written when it was killed in the middle of its judgement", async () => {
    const at = await place();
    const { repo, flake, options } = await slowProject(at, randomBytes(8).toString("hex"), 1);
    const killed = await at.run(["apply", "1", "--yes", ...options, "--events"], onceWritten(at, "flake.nix", flake));
    expect([killed.signal, await at.journal().then((events) => events.at(-1)?.type)]).toEqual(["SIGKILL", "call"]);
    const last = await at.json(["sessions", "resume", "--repo", repo, "--world", at.world]);
    expect(last.document, last.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    const proposed = (await at.journal()).flatMap((event) =>
      event.type === "result" && event.tool === "propose_edit" ? [event] : [],
    );
    expect(proposed).toMatchObject([{ isError: false, text: "Accepted: flake.nix." }]);
  });

  it("ends cleanly at Ctrl-C in the middle of a build, at once at the second one, and can be resumed after both", async () => {
    const at = await place();
    const salt = randomBytes(8).toString("hex");
    const { repo, flake, options } = await slowProject(at, salt, 4);
    const before = await fingerprint(repo);
    const once = await at.run(["apply", "1", "--yes", ...options, "--events"], whileBuilding(salt, "SIGINT"));
    expect(once).toMatchObject({
      exit: 130,
      signal: null,
      stderr: expect.stringContaining("can be resumed. Ctrl-C again quits at once."),
    });
    expect((await at.journal()).at(-1)).toMatchObject({ type: "outcome", outcome: { kind: "interrupted" } });
    expect(await processesWith(salt)).toEqual([]);
    const resume = ["sessions", "resume", "--repo", repo, "--world", at.world];
    const twice = await at.run([...resume, "--events"], whileBuilding(salt, "SIGINT", "SIGINT"));
    // A shell calls both 130: the second signal may find the program with its handlers gone, already on its way out.
    expect([130, "SIGINT"]).toContain(twice.exit ?? twice.signal);
    expect(await processesWith(salt)).toEqual([]);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const last = await at.json(resume);
    expect(last.document, last.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    expect(await show(repo, `${BRANCH}:flake.nix`)).toBe(flake);
    expectSoundJournal(await at.journal(), 3);
  });

  it("comes to the same tree with rules, whether it was killed on the way or not", async () => {
    const at = await place();
    const [whole, cut] = [await demoProject(at, "whole"), await demoProject(at, "cut")];
    const applied = (repo: string, more: Partial<RunOptions> = {}) =>
      at.run(["apply", "--task", WISH, "--repo", repo, "--world", at.world, "--yes", "--events"], more);
    expect((await applied(whole)).exit).toBe(0);
    expect((await applied(cut, killedAt("result propose_edit"))).signal).toBe("SIGKILL");
    const resumed = await at.json(["sessions", "resume", "--repo", cut]);
    expect(resumed.document, resumed.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    const branch = "feature/CRQ-001-nixify-tally";
    expect(await workOf(cut, branch)).toEqual(await workOf(whole, branch));
  });

  it("does not take a session from the process that works on it", async () => {
    const at = await place();
    const { repo, options } = await slowProject(at, randomBytes(8).toString("hex"), 2);
    let second: Promise<unknown> | undefined;
    const first = await at.run(["apply", "1", "--yes", ...options, "--events"], {
      onEvent: (event) => {
        if (nameOf(event) === BUILDING) second ??= at.run(["sessions", "resume", "--repo", repo]);
      },
    });
    expect(first.exit).toBe(0);
    expect(await second).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringMatching(/^crq-agent: \S+ is running in another process \[session-running\]\n$/u),
    });
  });
});
