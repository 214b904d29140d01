import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrialRow } from "../../src/evals/results/trial-row.ts";
import { ROW_SUMS_FILE, SUMS_FILE } from "../../src/evals/run/folder/evidence.ts";
import { MANIFEST_FILE, trialFolder } from "../../src/evals/run/folder/run-folder.ts";
import { attemptFolder, ROW_FILE, rowText } from "../../src/evals/run/folder/trial-folder.ts";
import { type Manifest, manifestSchema } from "../../src/evals/run/manifest.ts";
import { sha256 } from "../../src/world/content/listing.ts";
import type { MadeRun } from "../../test/evals/results/sample-run.ts";

/** Text of each file of an attempt: a small one, for what the disk takes to hash large ones is not the report's. */
const EVIDENCE = { "claim.json": '{"success":true}\n', "patch.diff": "+made up\n" };

/** Writes a made-up run as `evals run` leaves one, but for the syncs. Its rows get the keys and the hashes that a stored run has. */
export function storeRun(folder: string, { facts, rows }: MadeRun): void {
  const stored = rows.map((row): TrialRow => ({ ...row, key: sha256(row.key) }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify(manifestOf(facts, stored)));
  const list = Object.entries(EVIDENCE)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join("");
  const evidence = sha256(list);
  for (const row of stored) {
    const trial = trialFolder(folder, row.key);
    const attempt = attemptFolder(trial, row.attempt);
    mkdirSync(attempt, { recursive: true });
    for (const [name, text] of Object.entries(EVIDENCE)) writeFileSync(join(attempt, name), text);
    const text = rowText({ ...row, sha256: { ...row.sha256, evidence } });
    writeFileSync(join(attempt, SUMS_FILE), list);
    writeFileSync(join(attempt, ROW_SUMS_FILE), `${sha256(text)}\n`);
    writeFileSync(join(trial, ROW_FILE), text);
  }
}

const manifestOf = (facts: MadeRun["facts"], rows: readonly TrialRow[]): Manifest =>
  manifestSchema.parse({
    schema: "crq-run/1",
    created: "2026-11-27T12:00:00Z",
    facts,
    suiteSchema: 1,
    gateVersion: 1,
    agent: { version: "0.0.0", build: "00", prompts: "00", tools: "00" },
    models: facts.models.map(({ alias, role, deterministic }) => ({
      alias,
      provider: "made",
      name: alias,
      params: {},
      role,
      deterministic,
    })),
    tasks: facts.tasks.map(({ id }) => ({ id, hash: "0a", limits: {}, resources: {} })),
    skipped: [],
    store: "trial",
    builders: [],
    plan: rows.map(({ key, task, taskHash, model, repeat, block }) => ({ key, task, taskHash, model, repeat, block })),
  });
