import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { expect } from "vitest";
import { z } from "zod";
import { reportSchema } from "../../../src/crq/criteria/report/evidence.ts";
import { bareMachine } from "../../program/bare-machine.ts";
import { commitAll, place } from "../../program/place.ts";
import { crqText } from "../../program/samples.ts";

/**
 * A folder is a scenario: `base/` is the commit the change starts from, `change/` is laid over it, `criteria.md` is section 5 of the CRQ, and
 * `report.json` the whole report of `crq-agent verify`, with what differs from run to run named instead of shown.
 */

const scenario = z.strictObject({
  about: z.string(),
  exit: z.number(),
  args: z.array(z.string()).default([]),
  /** `metadata` of the CRQ: waivers. */
  metadata: z.string().default(""),
  /** A machine without Nix. */
  "no-nix": z.boolean().default(false),
  delete: z.array(z.string()).default([]),
  links: z.record(z.string(), z.string()).default({}),
  /** Left to `npm run test:slow`: another scenario goes the same way through the program. */
  slow: z.boolean().default(false),
  /** What the log of a check says, by its name. */
  logs: z.record(z.string(), z.array(z.string())).default({}),
});

export const CRQ = "crqs/CRQ-001-say-welcome.md";

/** Names of the folders, of those that `npm test` runs or of the others. */
export const scenariosThatAre = (kind: "fast" | "slow"): readonly string[] =>
  readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readScenario(join(import.meta.dirname, name)).slow === (kind === "slow"))
    .sort();

const readScenario = (folder: string) => scenario.parse(parse(readFileSync(join(folder, "scenario.toml"), "utf8")));

export async function runScenario(name: string): Promise<void> {
  const folder = join(import.meta.dirname, name);
  const wanted = readScenario(folder);
  const at = await place();
  const criteria = await readFile(join(folder, "criteria.md"), "utf8");
  const repo = await at.repository({ "README.md": "# note\n", [CRQ]: crqText({ criteria, metadata: wanted.metadata }) });
  if (existsSync(join(folder, "base"))) await cp(join(folder, "base"), repo, { recursive: true });
  const base = await commitAll(repo, "base");
  if (existsSync(join(folder, "change"))) await cp(join(folder, "change"), repo, { recursive: true });
  for (const path of wanted.delete) await rm(join(repo, path), { recursive: true });
  for (const [path, target] of Object.entries(wanted.links)) {
    await mkdir(dirname(join(repo, path)), { recursive: true });
    await symlink(target, join(repo, path));
  }
  execFileSync("git", ["add", "--intent-to-add", "--all"], { cwd: repo });

  const machine = wanted["no-nix"] ? await bareMachine(at) : undefined;
  const world = machine ? [] : ["--world", at.world];
  const out = join(at.folder, "out");
  const done = await at.json(["verify", "1", "--repo", repo, "--report", out, ...world, ...wanted.args], machine);
  expect(done.document.exit, done.about).toBe(wanted.exit);
  expect(done.exit).toBe(wanted.exit);
  const report = reportSchema.parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
  expect(done.document.data).toMatchObject({ report });
  for (const [name, texts] of Object.entries(wanted.logs)) {
    const log = await readFile(join(out, "logs", name), "utf8");
    for (const text of texts) expect(log).toContain(text);
  }
  const shown = `${JSON.stringify(
    steady(report, [
      [repo, "REPO"],
      [base, "BASE"],
      [base.slice(0, 12), "BASE"],
    ]),
    undefined,
    1,
  )}\n`;
  await expect(shown).toMatchFileSnapshot(join(folder, "report.json"));
}

/** Keys whose values differ between runs, machines and versions; the rest of the report is compared as it is. */
const VARIES: ReadonlySet<string> = new Set([
  "durationMs",
  "nixProcesses",
  "sha256",
  "narSha256",
  "fingerprints",
  "crqAgent",
  "nix",
  "world",
  "tree",
  "hash",
  "textHash",
  "lockSha256",
]);

function steady(value: unknown, names: readonly (readonly [string, string])[]): unknown {
  if (typeof value === "string") {
    const named = names.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    return named
      .replace(/\/nix\/store\/[0-9a-z]{32}-/gu, "STORE/")
      .replace(/\/tmp\/[^\s'"]*\//gu, "TMP/")
      .replace(/(answered (?:pass|fail)) on \d{4}-\d{2}-\d{2}/gu, "$1 on TODAY");
  }
  if (Array.isArray(value)) return value.map((item) => steady(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (VARIES.has(key) && (typeof item !== "object" || item === null || Array.isArray(item)))
        return [[key, item === null && key !== "narSha256" ? null : "…"]];
      return [[key, key === "log" ? logOf(item) : steady(item, names)]];
    }),
  );
}

/** How long a log is depends on paths; that one was written does not. */
const logOf = (log: unknown): unknown => (log instanceof Object && "path" in log ? log.path : log);
