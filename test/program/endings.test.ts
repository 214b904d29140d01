import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { type Place, place } from "./place.ts";
import {
  build,
  crqText,
  giveUp,
  NOTE_PROJECT,
  noNix,
  noteFlake,
  propose,
  SAY_WELCOME,
  type ScriptedStep,
  script,
} from "./samples.ts";

/** An apply that does not end in `done`: what its exit code and words are, and that nothing of the person's changed. */

interface Ending {
  readonly name: string;
  readonly replies: readonly ScriptedStep[];
  readonly options?: readonly string[];
  readonly config?: string;
  readonly exit: number;
  readonly outcome: Readonly<Record<string, unknown>>;
}

const FAILS = noteFlake("hello", ["echo the note is lost; exit 1"]);
const OTHER: ScriptedStep = { call: [{ tool: "list_files" }] };
const SPENT = { output: 60, usd: 0.06 };

const ENDINGS: readonly Ending[] = [
  {
    name: "the model gives up, although its change so far was good",
    replies: [...SAY_WELCOME.slice(0, 2), { call: [giveUp("no-known-fix", "No rule mends it.")] }],
    exit: 20,
    outcome: { kind: "gave-up", reason: "no-known-fix", detail: "No rule mends it." },
  },
  {
    name: "the model finds a criterion wrong, although its change so far was good",
    replies: [...SAY_WELCOME.slice(0, 2), { call: [giveUp("criterion-wrong", "AC-1: the README says hello.")] }],
    exit: 5,
    outcome: { kind: "question", reason: "criterion-wrong", detail: "AC-1: the README says hello." },
  },
  {
    name: "the model only says that it is done, again and again",
    replies: Array.from({ length: 9 }, () => ({ text: "Everything is done. All criteria pass." })),
    exit: 15,
    outcome: { kind: "limit", limit: "repeats" },
  },
  {
    name: "the model fails",
    replies: [{ text: "out of order", stop: "error" } as ScriptedStep],
    exit: 21,
    outcome: { kind: "provider", detail: "out of order" },
  },
  {
    name: "turns are used up",
    replies: [OTHER, OTHER, OTHER],
    options: ["--max-turns", "2"],
    exit: 10,
    outcome: { kind: "limit", limit: "turns", detail: "2 of 2 turns were used; raise limits.turns and resume" },
  },
  {
    name: "output tokens are used up",
    replies: [{ ...OTHER, usage: SPENT }, { ...OTHER, usage: SPENT }, OTHER],
    options: ["--max-tokens", "100"],
    exit: 11,
    outcome: { kind: "limit", limit: "tokens", detail: "120 of 100 output tokens were used; raise limits.tokens and resume" },
  },
  {
    name: "the next request could cost more than is left",
    replies: [{ ...OTHER, usage: SPENT }, { ...OTHER, usage: SPENT }, OTHER],
    options: ["--max-usd", "0.1"],
    exit: 12,
    outcome: {
      kind: "limit",
      limit: "usd",
      detail: expect.stringMatching(
        /^\$0\.0600 of \$0\.10 was spent .* could cost up to \$0\.0600; raise limits\.usd and resume$/u,
      ),
    },
  },
  {
    name: "wall time is used up",
    replies: Array.from({ length: 40 }, () => ({ call: [build()] })),
    options: ["--max-wall", "0.3"],
    exit: 13,
    outcome: { kind: "limit", limit: "wall" },
  },
  {
    name: "builds are used up",
    replies: [{ call: [build(), build(), build()] }, OTHER],
    options: ["--max-builds", "2"],
    exit: 14,
    outcome: { kind: "limit", limit: "builds", detail: "2 of 2 builds were started; raise limits.builds and resume" },
  },
  {
    name: "the same diagnosis comes again and again from calls that differ",
    replies: [
      { call: [propose({ path: "flake.nix", create: FAILS })] },
      { call: [build()] },
      ...["a", "b", "c"].flatMap((text): ScriptedStep[] => [
        { call: [propose({ path: "note.txt", create: `${text}\n` })] },
        { call: [build()] },
      ]),
      OTHER,
    ],
    config: "[limits]\nstagnation = 3\n",
    exit: 16,
    outcome: { kind: "limit", limit: "stagnation" },
  },
];

describe.skipIf(noNix !== undefined)("an apply without success", () => {
  it.each(ENDINGS)(
    "$name: exit $exit, and the repository is as it was",
    async ({ replies, options = [], config = "", exit, outcome }) => {
      const at = await place();
      const repo = await noteRepository(at, config);
      const model = join(at.folder, "model.json");
      await writeFile(model, script(...replies));
      const before = await fingerprint(repo);
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
        ...options,
      ]);
      expect(done.document, done.about).toMatchObject({
        schema: "crq-agent/apply/1",
        ok: false,
        exit,
        data: { outcome, handOver: { form: "nothing" } },
      });
      expect(done.exit).toBe(exit);
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
      expect(await git(["for-each-ref"], { cwd: repo })).toMatch(/^\w+ commit\trefs\/heads\/main\n$/u);
      const listed = await at.run(["sessions", "list", "--repo", repo]);
      expect(listed.stdout).toMatch(/^\d{8}T\d{6}Z-\w{6} {2}apply {2}scripted:.* {2}\S/u);
    },
  );

  it("says in words what is unmet, where the evidence lies and how to go on, and goes on with more turns", async () => {
    const at = await place();
    const repo = await noteRepository(at);
    const model = join(at.folder, "model.json");
    await writeFile(model, script({ text: "Done." }, ...SAY_WELCOME));
    const options = ["--repo", repo, "--world", at.world];
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    const first = await at.run(["apply", "1", ...options, "--model", `scripted:${model}`, "--max-turns", "1"]);
    expect(first.exit, first.stderr).toBe(10);
    expect(first.stdout).toMatch(/^✗ {2}AC-1 {2}fail {2}checked \(eval\)\n {3}greeting: the value is /mu);
    expect(first.stdout).toMatch(/^✓ {2}AC-2 {2}pass /mu);
    expect(first.stdout).toMatch(/^Evidence: .*\/report$/mu);
    const [, id = ""] =
      /^Nothing was handed over; the repository is as it was\.\nGo on with: crq-agent sessions resume (\S+) --max-turns N$/mu.exec(
        first.stdout,
      ) ?? [];
    // Where proposals are to be shown to a person, nobody's session goes on without one.
    await writeFile(join(repo, "crq-agent.toml"), 'approve = "ask"\n');
    const unseen = await at.run(["sessions", "resume", id, ...options, "--max-turns", "9"]);
    expect(unseen).toMatchObject({ exit: 5, stdout: "", stderr: expect.stringContaining("to be shown to a person") });
    const listed = await at.run(["sessions", "list", "--repo", repo]);
    expect(listed.stdout, "what was refused changed nothing").toMatch(/1 of 1 turns were used/u);
    await rm(join(repo, "crq-agent.toml"));
    // What was given with the run binds who goes on with it, until it is raised.
    const bound = await at.json(["sessions", "resume", id, ...options]);
    expect(bound.document, bound.about).toMatchObject({
      schema: "crq-agent/sessions-resume/1",
      exit: 10,
      data: { outcome: { kind: "limit", limit: "turns" }, turns: 1 },
    });
    const resumed = await at.json(["sessions", "resume", id, ...options, "--max-turns", "9"]);
    expect(resumed.document, resumed.about).toMatchObject({
      exit: 0,
      data: { session: id, outcome: { kind: "done" }, turns: 4 },
    });
    const replies = (await at.journal()).flatMap((event) => (event.type === "reply" ? [event.turn] : []));
    expect(replies).toEqual([1, 2, 3, 4]);
  });
});

async function noteRepository(at: Place, config = ""): Promise<string> {
  return at.repository({
    ...NOTE_PROJECT,
    "crqs/CRQ-001-say-welcome.md": crqText(),
    ...(config !== "" && { "crq-agent.toml": config }),
  });
}
