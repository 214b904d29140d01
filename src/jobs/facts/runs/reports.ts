import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { contradictions } from "../../../crq/criteria/report/contradictions.ts";
import { type CrqReport, reportSchema } from "../../../crq/criteria/report/evidence.ts";
import { errorCode, errorText } from "../../../system/error.ts";
import { tryGit } from "../../../system/git.ts";

/** Reports as they are found on disk: validated, or named as damaged; never guessed at. */

/** More than any report; what is bigger is not read into memory. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

export type ReadReport =
  | { readonly kind: "ok"; readonly report: CrqReport; readonly sha256: string }
  | { readonly kind: "missing" }
  | { readonly kind: "damaged"; readonly problem: string; readonly sha256?: string };

export function readReport(file: string): ReadReport {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > MAX_REPORT_BYTES) return { kind: "damaged", problem: `is no report: it has ${size} bytes` };
    bytes = readFileSync(file);
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "");
    return missing ? { kind: "missing" } : { kind: "damaged", problem: `cannot be read (${errorText(error)})` };
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { kind: "damaged", problem: "is not JSON", sha256 };
  }
  const read = reportSchema.safeParse(json);
  if (read.success) {
    const [wrong] = contradictions(read.data);
    return wrong === undefined
      ? { kind: "ok", report: read.data, sha256 }
      : { kind: "damaged", problem: `contradicts itself: ${wrong}`, sha256 };
  }
  const issue = read.error.issues[0];
  return {
    kind: "damaged",
    problem: `is no crq-report/1 (${[issue?.path.join("."), issue?.message].filter(Boolean).join(": ")})`,
    sha256,
  };
}

/** Whether every criterion was run: a report of some criteria, or of work that ended before, says nothing about the CRQ. */
export const isWhole = (report: CrqReport): boolean =>
  report.criteria.every(({ checks }) => checks.every(({ code }) => code !== "not-selected" && code !== "not-run"));

/** What `evidence` of a closed CRQ is worth (lifecycle/closed-without-evidence). `report` is relative to the repository and stays inside it. */
export function evidenceState(root: string, report: string, sha256: string): "ok" | "missing" | "altered" | "not-ok" {
  const file = inside(root, report);
  if (file === undefined) return "missing";
  const read = readReport(file);
  if (read.kind === "missing") return "missing";
  if (read.sha256 !== sha256) return "altered";
  return read.kind === "ok" && read.report.gate.ok ? "ok" : "not-ok";
}

function inside(root: string, path: string): string | undefined {
  try {
    const real = realpathSync(join(root, path));
    return real.startsWith(realpathSync(root) + sep) ? real : undefined;
  } catch {
    // It does not exist, or a link leads nowhere.
    return undefined;
  }
}

export const REPORTS_FOLDER = "reports";

/** The reports that the tree carries, by id of their CRQ, with the time they were committed, or last written where they are not. */
export async function reportsInTree(
  root: string,
  crqFolder: string,
): Promise<ReadonlyMap<string, { readonly path: string; readonly at: number }>> {
  const folder = `${crqFolder}/${REPORTS_FOLDER}`;
  const found = new Map<string, { path: string; at: number }>();
  for (const id of folders(join(root, folder))) {
    const path = `${folder}/${id}/report.json`;
    const written = statSync(join(root, path), { throwIfNoEntry: false });
    if (written?.isFile()) found.set(id, { path, at: written.mtimeMs });
  }
  if (found.size === 0) return found;
  const [log, changed] = await Promise.all([
    tryGit(["log", "--format=%x00%ct", "--name-only", "--no-renames", "--", folder], { cwd: root, maxOutputBytes: 1 << 26 }),
    tryGit(["diff", "--name-only", "--no-ext-diff", "-z", "HEAD", "--", folder], { cwd: root }),
  ]);
  // Without git, or without a commit, the time of the file has to do.
  if (log.exit !== 0 || changed.exit !== 0) return found;
  const edited = new Set(changed.stdout.split("\0"));
  const times = new Map<string, number>();
  for (const commit of log.stdout.split("\0").slice(1)) {
    const [seconds = "0", ...paths] = commit.split("\n").filter((line) => line !== "");
    for (const path of paths) if (!times.has(path)) times.set(path, Number(seconds) * 1000);
  }
  for (const entry of found.values()) if (!edited.has(entry.path)) entry.at = times.get(entry.path) ?? entry.at;
  return found;
}

function folders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
