import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type Catalogue, isSameId } from "../crq/catalogue/catalogue.ts";
import { saveText } from "../crq/catalogue/save.ts";
import { readFileName } from "../crq/ids.ts";
import { type ImportResult, importDocument } from "../crq/import/import.ts";
import type { CrqDiagnostic } from "../crq/model.ts";
import { decodeCrq, MAX_CRQ_BYTES } from "../crq/parse.ts";
import { errorCode, errorText } from "../system/error.ts";

export interface ImportJob {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Absolute path of the folder that is written to. */
  readonly out: string;
  readonly files: readonly ImportFile[];
  readonly catalogue: Catalogue;
  /** Files of the CRQ folder on other branches and tags. */
  readonly treeFiles: readonly string[];
  readonly dryRun: boolean;
  readonly today: string;
  readonly author: string;
  readonly base: string | undefined;
  readonly systems: readonly string[];
}

export interface ImportFile {
  /** Absolute. */
  readonly file: string;
  /** As the person gave it. */
  readonly given: string;
}

/** What became of one file. */
export type FileOutcome =
  | {
      readonly kind: "written";
      readonly given: string;
      readonly result: Exclude<ImportResult, { kind: "refused" }>;
      readonly target: string;
    }
  /** The repository has it already; nothing was written. */
  | { readonly kind: "present"; readonly given: string; readonly target: string }
  | { readonly kind: "missing" | "refused"; readonly given: string };

export interface ImportReport {
  readonly outcomes: readonly FileOutcome[];
  readonly diagnostics: readonly CrqDiagnostic[];
}

/** More names of one slug than any folder has. */
const MAX_NAMES = 1_000;

/** Imports files one after the other; one that cannot be imported is reported and stops none of the others. Never overwrites a file. */
export async function importFiles(job: ImportJob): Promise<ImportReport> {
  const outcomes: FileOutcome[] = [];
  const diagnostics: CrqDiagnostic[] = [];
  const names = new Set(await namesIn(job.out));
  const ids = idsInUse(job, names);
  /** Targets of this run by the hash of their source. */
  const done = new Map<string, string>();
  for (const { file, given } of job.files) {
    const path = shownPath(job.root, file);
    const say = (severity: CrqDiagnostic["severity"], rule: string, message: string): void => {
      diagnostics.push({ severity, rule, message, file: path, line: 1, column: 1 });
    };
    const read = await readSource(file, path);
    if ("problem" in read) {
      diagnostics.push(read.problem);
      outcomes.push({ kind: read.missing ? "missing" : "refused", given });
      continue;
    }
    const present = job.catalogue.entries.find(
      ({ crq }) => crq.metadata?.imported?.sha256 === read.sha256 || (crq.metadata !== undefined && crq.source === read.source),
    );
    const already = done.get(read.sha256) ?? (present === undefined ? undefined : join(job.root, present.crq.path));
    if (already !== undefined) {
      say("info", "import/present", `${shownPath(job.root, already)} is this document already; nothing was written`);
      outcomes.push({ kind: "present", given, target: already });
      continue;
    }
    const result = importDocument({
      source: read.source,
      path,
      sha256: read.sha256,
      takenBy: (id) => ids.find((entry) => isSameId(entry.id, id))?.holder,
      today: job.today,
      author: job.author,
      base: job.base,
      systems: job.systems,
    });
    diagnostics.push(...result.diagnostics);
    if (result.kind === "refused") {
      outcomes.push({ kind: "refused", given });
      continue;
    }
    const name = freeName(result.fileName, names);
    const target = join(job.out, name);
    const refused = job.dryRun ? undefined : await write(target, result.text);
    if (refused !== undefined) {
      say("error", "import/not-written", refused);
      outcomes.push({ kind: "refused", given });
      continue;
    }
    names.add(name);
    done.set(read.sha256, target);
    ids.push({ id: result.id, holder: shownPath(job.root, target) });
    if (name !== result.fileName) say("warning", "import/name", `${result.fileName} exists already; written as ${name}`);
    if (dirname(file) === job.out)
      say(
        "warning",
        "import/source",
        `the source stands in the same folder; when ${name} is right, remove it (git rm ${basename(file)})`,
      );
    outcomes.push({ kind: "written", given, result, target });
  }
  return { outcomes, diagnostics };
}

async function write(target: string, text: string): Promise<string | undefined> {
  try {
    await mkdir(dirname(target), { recursive: true });
  } catch (error) {
    return `${dirname(target)}: cannot be made (${errorText(error)}); nothing was written`;
  }
  return saveText(target, undefined, text);
}

async function readSource(
  file: string,
  path: string,
): Promise<
  { readonly source: string; readonly sha256: string } | { readonly problem: CrqDiagnostic; readonly missing: boolean }
> {
  const unreadable = (message: string, missing = false) => ({
    problem: { severity: "error", rule: "structure/unreadable", message, file: path, line: 1, column: 1 } as const,
    missing,
  });
  try {
    const found = await stat(file);
    if (!found.isFile()) return unreadable(`is ${found.isDirectory() ? "a folder" : "no file"}; give the files to import`, true);
    if (found.size > MAX_CRQ_BYTES)
      return unreadable(`${found.size} bytes are more than the ${MAX_CRQ_BYTES} a CRQ may have; the file is skipped`);
    const bytes = await readFile(file);
    const decoded = decodeCrq(path, bytes);
    if ("problem" in decoded) return { problem: decoded.problem, missing: false };
    return { source: decoded.source, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(errorCode(error) ?? "");
    return unreadable(missing ? "there is no such file" : `cannot be read: ${errorText(error)}`, missing);
  }
}

/** Numbers that documents have: in the CRQ folder, in the folder written to, and on other refs. The sources themselves do not count. */
function idsInUse(job: ImportJob, names: ReadonlySet<string>): { id: string; holder: string }[] {
  const sources = new Set(job.files.map(({ file }) => relative(job.root, file)));
  const ownNames = new Set(job.files.map(({ file }) => basename(file)));
  const named = (name: string, holder: string) => {
    const id = readFileName(basename(name))?.id;
    return id === undefined || id === "CRQ-XXX" ? [] : [{ id, holder }];
  };
  return [
    ...job.catalogue.entries.flatMap(({ id, crq }) =>
      id === undefined || sources.has(crq.path) ? [] : [{ id, holder: crq.path }],
    ),
    ...[...names].filter((name) => !ownNames.has(name)).flatMap((name) => named(name, shownPath(job.root, join(job.out, name)))),
    ...job.treeFiles
      .filter((name) => !ownNames.has(basename(name)))
      .flatMap((name) => named(name, `${basename(name)} on another branch`)),
  ];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Names are compared as file systems without case do. */
function freeName(wanted: string, names: ReadonlySet<string>): string {
  const taken = new Set([...names].map((name) => name.toLowerCase()));
  const stem = wanted.replace(/\.md$/, "");
  for (let number = 1; number < MAX_NAMES; number += 1) {
    const name = number === 1 ? wanted : `${stem.slice(0, 60).replace(/-$/, "")}-${number}.md`;
    if (!taken.has(name.toLowerCase())) return name;
  }
  return wanted;
}

/** Relative to the repository, with forward slashes; of a file elsewhere only the name, since its folder means nothing to other machines. */
function shownPath(root: string, file: string): string {
  const path = relative(root, file).replaceAll("\\", "/");
  return path.startsWith("../") || path.startsWith("/") ? basename(file) : path;
}
