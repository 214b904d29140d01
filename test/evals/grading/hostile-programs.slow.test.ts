import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { gradeIn } from "../../../src/evals/grading/grade.ts";
import { openGrading } from "../../../src/evals/grading/place.ts";
import { layOverlay } from "../../../src/evals/task/overlay.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { FLAKE, TALLY_FILES, taskOnDisk } from "./tally-task.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** What the program does when it is asked to. */
const HOSTILE = `case "$1" in
  hang) while :; do :; done ;;
  flood) while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done ;;
  fork) (while :; do :; done) & (while :; do :; done) & ;;
  outside) (echo x >/nix/store/x) 2>/dev/null || (echo x >/etc/x) 2>/dev/null || exit 7 ;;
  network) (echo x >/dev/tcp/127.0.0.1/80) 2>/dev/null || exit 8 ;;
esac
`;

const OUT = "$" + "{out:0}";
const CASES = ["hang", "flood", "fork", "outside", "network"]
  .map(
    (name) =>
      `  { name = "${name}", set = "shadow", argv = ["${OUT}/bin/tally", "${name}"], stdout = { equals = "never" }, derived = "it is hostile" },`,
  )
  .join("\n");

it("a program that hangs, prints without end, leaves processes, writes outside or wants a network fails its case, and nothing of it stays", async () => {
  const tally = await taskOnDisk({
    ...TALLY_FILES,
    "checks/checks.toml": (TALLY_FILES["checks/checks.toml"] ?? "")
      .replace("case = [\n", `case = [\n${CASES}\n`)
      .concat(
        '\n[gates-off]\nchecks = "not looked at"\nmetamorphic = "not looked at"\nrebuild = "not looked at"\ncriteria = "not looked at"\n',
      ),
    "solution/flake.nix": FLAKE.replace("cat ${./tally.sh};", "cat ${./nix/hostile.sh};"),
    "solution/nix/hostile.sh": HOSTILE,
  });
  onTestFinished(() => tally.remove());
  const work = await mkdtemp(join(tmpdir(), "crq-hostile-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const host = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });
  const world = { mode: "replay", directory: join(ROOT, "evals/world") } as const;
  const place = await openGrading(
    tally.task,
    { packageRoot: ROOT, host, world, isolation: "bwrap" },
    join(work, "place"),
    undefined,
  );
  try {
    const { signal } = new AbortController();
    const { patch } = await layOverlay({ ...place, signal }, "solution", join(place.work, "overlay"));
    const claim = { schema: "crq-claim/1" as const, outcome: "done" as const, success: true, criteria: [] };
    const { gates } = await gradeIn(place, { patch, claim, events: [] }, { logs: join(work, "logs"), signal });
    const failing = gates.shadow?.detail.split("; ").filter((part) => /^(?:\d|hang|flood|fork|outside|network)/u.test(part));
    expect({ build: gates.build?.verdict, failing }).toEqual({
      build: "pass",
      failing: [
        expect.stringContaining("hang: "),
        expect.stringContaining("flood: "),
        expect.stringContaining("fork: "),
        expect.stringContaining("outside: exit code 7"),
        expect.stringContaining("network: exit code 8"),
      ],
    });
    expect(gates.shadow?.detail).toContain("was still running after 20 s");
    expect(gates.shadow?.detail).toContain("printed more than 8388608 bytes");
  } finally {
    await place.close();
  }
  expect((await readdir(work)).sort()).toEqual(["logs"]);
});
