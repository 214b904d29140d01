import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TALLY_FILES } from "../../evals/grading/tally-task.ts";
import { place, writeFiles } from "../place.ts";

/** The program itself in its namespace: a second is not enough for any trial, so the host ends it. */
it("ends trials at the time of the command line, says so in the report, and goes on only with the same", {
  timeout: 300_000,
}, async () => {
  const at = await place();
  const [tasks, runs] = [join(at.folder, "tasks"), join(at.folder, "runs")];
  await writeFiles(join(tasks, "tally"), TALLY_FILES);
  const run = (...args: string[]) =>
    at.json(["evals", "run", "--id", "short", "--runs", runs, "--tasks", tasks, ...args, "--allow-unadmitted"]);
  const ran = await run("--max-wall", "1", "--models", "oracle", "--only", "--repeats", "1");
  expect(ran.document).toMatchObject({ schema: "crq-agent/evals-run/1", data: { run: "short", ended: "finished" } });

  const rows = async () => (await readFile(join(runs, "short", "results.jsonl"), "utf8")).trim().split("\n");
  const [row = ""] = await rows();
  expect(JSON.parse(row)).toMatchObject({
    task: "tally",
    model: "oracle",
    outcome: "limit:wall",
    claim: { success: false, reason: "1 seconds of work were used" },
    resolved: false,
  });
  const summary = JSON.parse(await readFile(join(runs, "short", "summary.json"), "utf8"));
  expect(summary.watermarks).toContain("each trial may work for 1 seconds, whatever its task says (--max-wall)");

  const again = await run();
  expect(again.document).toMatchObject({ data: { run: "short", ended: "finished" } });
  expect(await rows()).toEqual([row]);

  const other = await run("--max-wall", "600");
  expect(other.exit).toBe(2);
  expect(other.stderr).toMatch(/limits of tally: .*wall-s 1\b.* and .*wall-s 600\b/u);
});
