import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { Event } from "../../src/agent/events.ts";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { type Place, place, type RunOptions, show } from "./place.ts";
import { build, COPIES_NOTE, crqText, NOTE_PROJECT, noteFlake, propose, script } from "./samples.ts";

/** Runs that are killed or interrupted, for interrupted.test.ts and interrupted.slow.test.ts. */

export const BRANCH = "feature/CRQ-001-say-welcome";

/** Waits without a program: nobody ever writes to the other end. The salt makes a derivation that was never built. */
const slowBuilder = (salt: string, seconds: number): readonly string[] => [
  `: ${salt}`,
  "coproc silence { read -r line; }",
  `if read -r -t ${seconds} -u $silence line; then exit 1; fi`,
  ...COPIES_NOTE,
];

export const BUILDING = "in the middle of a build";

/** How far a run has come, in the order of its events; a resumed run begins with the first again and then skips what is journaled. */
export const STEPS: readonly string[] = [
  "phase baseline",
  "ask 1",
  "reply 1",
  "call propose_edit",
  "result propose_edit",
  BUILDING,
  "result nix_build",
  "reply 3",
];

export const nameOf = (event: Event): string => {
  switch (event.type) {
    case "phase":
      return `phase ${event.phase}`;
    case "ask":
    case "reply":
      return `${event.type} ${event.turn}`;
    case "call":
      return event.call.tool === "nix_build" ? BUILDING : `call ${event.call.tool}`;
    case "result":
      return `result ${event.tool}`;
    default:
      return event.type;
  }
};

/** Sends a signal when a run has come to a step, or past it: events go on while one is on its way to us. */
export function killedAt(step: string): Pick<RunOptions, "onEvent"> {
  let sent = false;
  // What is not listed is the hand-over, which comes last.
  const rank = (name: string): number => (name === "phase hand-over" ? STEPS.length : STEPS.indexOf(name));
  return {
    onEvent: (event, child) => {
      if (sent || rank(nameOf(event)) < rank(step) || (step === BUILDING && nameOf(event) === BUILDING)) return;
      sent = true;
      setTimeout(() => child.kill("SIGKILL"), nameOf(event) === "call propose_edit" ? 50 : 0);
    },
  };
}

/** Sends signals, 100 ms apart, as soon as a builder with this salt is at work. */
export function whileBuilding(salt: string, ...signals: readonly NodeJS.Signals[]): Pick<RunOptions, "onStart"> {
  return {
    onStart: (child) => {
      let ended = false;
      child.once("close", () => {
        ended = true;
      });
      void (async () => {
        while (!ended && (await processesNow(salt)).length === 0) await wait(20);
        for (const signal of signals) {
          child.kill(signal);
          await wait(100);
        }
      })();
    },
  };
}

/** Kills a run as soon as a file of its worktree has this text. */
export function onceWritten(at: Place, path: string, text: string): Pick<RunOptions, "onStart"> {
  const work = join(at.cache, "work");
  const below = (folder: string): Promise<readonly string[]> => readdir(folder).catch((): string[] => []);
  // Other runs of these tests work there, too; the text tells which tree is meant.
  const written = async (): Promise<boolean> => {
    for (const key of await below(work))
      for (const id of await below(join(work, key)))
        if ((await readFile(join(work, key, id, "tree", path), "utf8").catch(() => "")) === text) return true;
    return false;
  };
  return {
    onStart: (child) => {
      let ended = false;
      child.once("close", () => {
        ended = true;
      });
      void (async () => {
        for (; !ended; await wait(10)) if (await written()) child.kill("SIGKILL");
      })();
    },
  };
}

export async function slowProject(at: Place, salt: string, seconds: number) {
  const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
  const flake = noteFlake("welcome", slowBuilder(salt, seconds));
  const model = join(at.folder, "model.json");
  await writeFile(
    model,
    script({ call: [propose({ path: "flake.nix", create: flake })] }, { call: [build()] }, { text: "It says welcome." }),
  );
  return { repo, flake, options: ["--repo", repo, "--world", at.world, "--model", `scripted:${model}`] };
}

/** One reply a turn, one result a call, and every request accounted for. */
export function expectSoundJournal(events: readonly Event[], turns: number): void {
  const of = <Type extends Event["type"]>(type: Type) =>
    events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(of("reply").map(({ turn }) => turn)).toEqual(Array.from({ length: turns }, (_, index) => index + 1));
  expect(of("ask")).toHaveLength(of("reply").length + of("lost").length);
  const asked = of("reply").flatMap(({ message }) => message.calls.map(({ id }) => id));
  expect(
    of("result")
      .map(({ callId }) => callId)
      .sort(),
  ).toEqual([...asked].sort());
}

/** Processes of this machine whose command line holds a text. */
async function processesNow(text: string): Promise<readonly string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(text)).map((line) => line.replaceAll("\0", " "));
}

/** The same, once the kernel has had a second to end a killed program's namespaces. */
export async function processesWith(text: string): Promise<readonly string[]> {
  let found = await processesNow(text);
  for (let round = 0; found.length > 0 && round < 10; round++) {
    await wait(100);
    found = await processesNow(text);
  }
  return found;
}

/** Applies a change, kills each run when it has come to one of these steps and at the hand-over, resumes, and compares what comes of it. */
export async function goesOnAfterKillsAt(steps: readonly string[]): Promise<void> {
  const at = await place();
  const salt = randomBytes(8).toString("hex");
  const { repo, flake, options } = await slowProject(at, salt, 4);
  const before = await fingerprint(repo);
  let args = ["apply", "1", "--yes", ...options];
  for (const step of steps) {
    // An event may come to us late, and a call that had begun is not told again: up to the build, its builder gives the sign as well.
    const early = STEPS.indexOf(step) <= STEPS.indexOf(BUILDING);
    const signal = { ...killedAt(step), ...(early && whileBuilding(salt, "SIGKILL")) };
    const killed = await at.run([...args, "--events"], signal);
    expect([step, killed.signal, killed.stderr]).toEqual([step, "SIGKILL", ""]);
    expect([step, difference(before, await fingerprint(repo))]).toEqual([step, SAME]);
    expect([step, await processesWith(salt)]).toEqual([step, []]);
    args = ["sessions", "resume", "--repo", repo, "--world", at.world];
  }
  expect((await at.run(["sessions", "list", "--repo", repo])).stdout).toMatch(
    /^\S+ {2}apply {2}scripted:.* interrupted; can be resumed\n$/u,
  );
  // The hand-over takes some milliseconds; whenever the signal comes, either nothing of it is there to be seen, or all of it.
  await at.run([...args, "--events"], killedAt("phase hand-over"));
  const { added, ...rest } = difference(before, await fingerprint(repo), false);
  expect(rest).toEqual({ changed: [], removed: [] });
  if (added.some((path) => path.startsWith("/.git/refs/"))) expect(await show(repo, `${BRANCH}:flake.nix`)).toBe(flake);
  const last = await at.json(args);
  expect(last.document, last.about).toMatchObject({ ok: true, exit: 0 });
  expect(await show(repo, `${BRANCH}:flake.nix`)).toBe(flake);
  expect(await git(["diff", "--name-status", "main", BRANCH, "--", ".", ":(exclude)crqs"], { cwd: repo })).toBe("M\tflake.nix\n");
  const journal = await at.journal();
  expectSoundJournal(journal, 3);
  // Neither a copy of the repository nor a folder of its children stays in the cache.
  const id = journal[0]?.type === "session" ? journal[0].id : "";
  const kept = [join(at.cache, "work"), join(at.cache, "scratch")].map((folder) => readdir(folder, { recursive: true }));
  expect((await Promise.all(kept)).flat().filter((path) => path.includes(id))).toEqual([]);
  const again = await at.json(args);
  expect(again).toMatchObject({ exit: 0, document: { data: { session: { state: { kind: "ended" } } } } });
}
