import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { GATE_VERSION } from "../../../src/evals/grading/grade.ts";
import { type TrialRow, trialRowSchema } from "../../../src/evals/results/trial-row.ts";
import { replaceGrade } from "../../../src/evals/run/derived/regrade.ts";
import { trialFolder } from "../../../src/evals/run/folder/run-folder.ts";
import { TALLY_FILES } from "../../evals/grading/tally-task.ts";
import { place, writeFiles } from "../place.ts";

/** A real trial, graded again by the verb: real Nix builds what the oracle handed over, and no model is asked. */
it("grades stored changes again: what an earlier gate said otherwise is flipped, told and kept", {
  timeout: 600_000,
}, async () => {
  const at = await place();
  const [tasks, runs] = [join(at.folder, "tasks"), join(at.folder, "runs")];
  await writeFiles(join(tasks, "tally"), TALLY_FILES);
  const evals = (verb: string, ...args: string[]) => at.json(["evals", verb, ...args, "--runs", runs, "--tasks", tasks]);
  const ran = await evals("run", "--id", "one", "--models", "oracle", "--only", "--repeats", "1", "--allow-unadmitted");
  expect(ran.document).toMatchObject({ schema: "crq-agent/evals-run/1", data: { run: "one" } });

  const rowOf = async (): Promise<TrialRow> => {
    const [line = ""] = (await readFile(join(runs, "one", "results.jsonl"), "utf8")).split("\n");
    return trialRowSchema.parse(JSON.parse(line));
  };
  const first = await rowOf();
  expect(first).toMatchObject({
    ...{ task: "tally", model: "oracle", resolved: true, gateVersion: GATE_VERSION },
    held: { memory: "process", cpus: "affinity" },
  });

  const { key } = first;
  const graded = (old: string, now: string) => ({ key, task: "tally", model: "oracle", repeat: 1, old, now });
  const same = await evals("grade", "one", "--dry-run");
  expect(same.document).toMatchObject({
    schema: "crq-agent/evals-grade/1",
    exit: 0,
    data: { run: "one", gateVersion: GATE_VERSION, stored: false, graded: [graded("resolved", "resolved")], flips: 0 },
  });
  expect(await rowOf()).toEqual(first);

  // What a gate with a fault would have left behind.
  const trial = trialFolder(join(runs, "one"), key);
  const builds = { verdict: "fail", ms: 1, detail: "stdout differs" } as const;
  await replaceGrade(
    trial,
    first,
    { resolved: false, stage: "builds", gates: { golden: builds }, hack: null, suspicions: [] },
    1,
  );
  const flipped = await evals("grade", "one");
  expect(flipped.document).toMatchObject({
    exit: 0,
    data: { stored: true, graded: [graded("golden", "resolved")], flips: 1 },
  });
  const last = await rowOf();
  expect(last).toEqual({ ...first, time: last.time, gates: last.gates, sha256: last.sha256 });
  expect(Object.entries(last.gates).map(([gate, { verdict }]) => [gate, verdict])).toEqual(
    Object.entries(first.gates).map(([gate, { verdict }]) => [gate, verdict]),
  );
  expect(JSON.parse(await readFile(join(trial, `trial.${GATE_VERSION}.json`), "utf8"))).toMatchObject({ resolved: false });

  await writeFiles(join(tasks, "tally"), { "statement.md": `${TALLY_FILES["statement.md"]}And once more.\n` });
  const changed = await evals("grade", "one");
  expect(changed.exit).toBe(2);
  expect(changed.stderr).toContain("tally: has changed since the run [bad-suite]");
});
