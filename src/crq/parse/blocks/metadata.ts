import { TomlDate } from "smol-toml";
import { z } from "zod";
import { CRQ_KINDS, type CrqDiagnostic, type CrqKind, type Metadata, STATUSES, type Status } from "../../model.ts";
import type { TomlBlock } from "../../toml/block.ts";
import { keysOf, type ShapeProblem, shapeProblems } from "../../toml/shape.ts";
import { allowedNames, nearest } from "../../toml/suggest.ts";
import type { Problems } from "../text/problems.ts";

export const DERIVED_STATES = ["in-progress", "verified", "stale", "blocked"] as const;

/** `CRQ-` and 3 to 7 digits, or `CRQ-XXX` for a document without a number. */
export const CRQ_ID = /^CRQ-(?:\d{3,7}|XXX)$/;
/** `feature/CRQ-NNN-slug`, also used as the flake's `ref`. */
export const BRANCH = /^feature\/CRQ-\d{3,7}-[a-z0-9][a-z0-9-]*$/;
const HASH = /^sha256:[0-9a-f]{64}$/;

const localDate = z
  .custom<TomlDate>((value) => value instanceof TomlDate && value.isDate(), {
    error: "expected a date without quotes, such as 2026-11-20",
  })
  .transform((date) => date.toISOString())
  .describe("a date without quotes");

const instant = z
  .custom<TomlDate | string>(
    (value) =>
      (value instanceof TomlDate && value.isDateTime()) || (typeof value === "string" && !Number.isNaN(Date.parse(value))),
    { error: "expected a date and time such as 2026-11-20T10:00:00Z" },
  )
  .transform((value) => (typeof value === "string" ? value : value.toISOString()))
  .describe("a date and time");

const id = z.string().regex(CRQ_ID, { error: "expected CRQ- and 3 to 7 digits (or CRQ-XXX while draft)" });
const ids = z.array(id);
const insideRepository = z
  .string()
  .min(1)
  .refine((path) => !/^[/~]|^[A-Za-z]:/.test(path) && !path.split(/[/\\]/).includes(".."), {
    error: "expected a path relative to the repository root that stays inside it",
  });

const target = z.strictObject({
  repo: insideRepository,
  base: z
    .string()
    .regex(/^(?:[0-9a-f]{7,64}|tree:(?:sha256:)?[0-9a-f]{7,64})$/, { error: "expected a commit (7 to 64 hex digits)" }),
  systems: z.array(z.string().regex(/^[a-z0-9_]+-[a-z0-9]+$/, { error: "expected a Nix system such as x86_64-linux" })).min(1),
});
const approval = z.strictObject({
  by: z.string().min(1),
  at: instant,
  via: z.enum(["approve", "prompt", "yes-flag"]),
  hash: z.string().regex(HASH, { error: "expected sha256: and 64 hex digits" }),
});
const evidence = z.strictObject({ report: insideRepository, sha256: z.string().min(1), tree: z.string().min(1) });
const waiver = z
  .strictObject({
    ac: z
      .string()
      .regex(/^AC-[1-9]\d*$/, { error: "expected a criterion such as AC-1" })
      .exactOptional(),
    weakening: z.string().min(1).exactOptional(),
    reason: z.string().min(1),
    by: z.string().regex(/^(?:human|agent):./, {
      error: "expected human:NAME; only a person can waive (agent:NAME proposes it to whoever approves)",
    }),
    until: localDate,
  })
  .refine((value) => (value.ac === undefined) !== (value.weakening === undefined), {
    error: "a waiver names `ac` or `weakening`, one of them",
  });
const imported = z.strictObject({
  path: z.string().min(1),
  sha256: z.string().min(1),
  family: z.string().min(1),
  "status-word": z.string().exactOptional(),
});

/** The `toml crq` block. */
export const metadataSchema = z.strictObject({
  schema: z.literal("crq/1"),
  id,
  title: z.string().min(5).max(90),
  status: z.enum(STATUSES),
  kind: z.enum(CRQ_KINDS),
  created: localDate,
  authors: z.array(z.string().min(1)).min(1),
  branch: z.string().regex(BRANCH, { error: "expected feature/CRQ-NNN-slug" }).exactOptional(),
  target: target.exactOptional(),
  "depends-on": ids.exactOptional(),
  related: ids.exactOptional(),
  supersedes: ids.exactOptional(),
  "superseded-by": ids.exactOptional(),
  approval: approval.exactOptional(),
  evidence: evidence.exactOptional(),
  waiver: z.array(waiver).exactOptional(),
  imported: imported.exactOptional(),
});

const tables: Readonly<Record<string, readonly string[]>> = {
  target: keysOf(target),
  approval: keysOf(approval),
  evidence: keysOf(evidence),
  waiver: keysOf(waiver),
  imported: keysOf(imported),
};
export const METADATA_KEYS = keysOf(metadataSchema);

/** What a kind or state requires beside the keys that are always required. */
export const NEEDS_TARGET: readonly CrqKind[] = ["nixify", "lattice", "steps", "fix"];
export const NEEDS_BRANCH: readonly Status[] = ["proposed", "approved", "closed"];
export const NEEDS_APPROVAL: readonly Status[] = ["approved", "closed"];

/**
 * Reads the `toml crq` block. Unknown keys are problems but cost no other key; any other problem of shape means there is no metadata.
 * What a state requires (branch, approval, evidence) is judged as well and leaves the metadata usable.
 */
export function readMetadata(file: string, block: TomlBlock, problems: Problems): Metadata | undefined {
  if (block.problem)
    problems.add("meta/invalid-block", block.problem.place, `the metadata block is not TOML: ${block.problem.message}`);
  if (block.data === undefined) return undefined;

  const version = newerVersion(block.data.schema);
  if (version !== undefined) {
    problems.add(
      "meta/invalid-block",
      block.placeOf(["schema"]),
      `schema ${version} needs a newer crq-agent; the file is left untouched`,
    );
    return undefined;
  }

  let data = block.data;
  const first = metadataSchema.safeParse(data);
  if (!first.success) {
    for (const problem of shapeProblems(first.error, data, (path) => tables[String(path[0])] ?? METADATA_KEYS)) {
      if (problem.path.length === 1 && problem.path[0] === "status") {
        problems.add("meta/status", block.placeOf(["status"]), statusProblem(data.status));
      } else {
        const rule = problem.unknownKey === undefined ? "meta/invalid-block" : "meta/unknown-key";
        problems.add(rule, block.placeOf(problem.path), problem.message, renameKey(problem, file, block));
      }
    }
    data = withoutUnknownKeys(data);
  }
  const result = metadataSchema.safeParse(data);
  if (!result.success) return undefined;
  const metadata = toMetadata(result.data);
  checkState(metadata, block, problems);
  return metadata;
}

/** The fix for a misspelt key: the key that was meant, unless it is there already. */
function renameKey(problem: ShapeProblem, file: string, block: TomlBlock): CrqDiagnostic["fix"] {
  const { unknownKey: key, path } = problem;
  if (key === undefined || path.length !== 1) return undefined;
  const meant = nearest(key, METADATA_KEYS);
  const start = block.offsetOfKey([key]);
  if (meant === undefined || start === undefined || block.data?.[meant] !== undefined) return undefined;
  return { description: `rename \`${key}\` to \`${meant}\``, edits: [{ file, start, end: start + key.length, text: meant }] };
}

/** Whether a block says that it is written in a later version of the format, which this program does not know. */
export function isOfNewerSchema(block: TomlBlock): boolean {
  return newerVersion(block.data?.schema) !== undefined;
}

function newerVersion(value: unknown): string | undefined {
  const match = typeof value === "string" ? /^crq\/(\d{1,9})$/.exec(value) : null;
  return match && Number(match[1]) > 1 ? match[0] : undefined;
}

function statusProblem(value: unknown): string {
  if (value === undefined) return `\`status\` is missing; one of ${STATUSES.join(", ")}`;
  if (DERIVED_STATES.some((state) => state === value)) {
    return `\`status = "${String(value)}"\` is derived from runs and never stored; ${allowedNames("", STATUSES)}`;
  }
  return `\`status\`: ${JSON.stringify(value)} is no state; ${allowedNames(String(value), STATUSES)}`;
}

function withoutUnknownKeys(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = (value: unknown, keys: readonly string[]): unknown =>
    isTable(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) : value;
  return Object.fromEntries(
    Object.entries(data)
      .filter(([key]) => METADATA_KEYS.includes(key))
      .map(([key, value]) => {
        const keys = tables[key];
        if (keys === undefined) return [key, value];
        return [key, Array.isArray(value) ? value.map((item) => known(item, keys)) : known(value, keys)];
      }),
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function toMetadata(data: z.infer<typeof metadataSchema>): Metadata {
  return {
    schema: data.schema,
    id: data.id,
    title: data.title,
    status: data.status,
    kind: data.kind,
    created: data.created,
    authors: data.authors,
    ...(data.branch !== undefined && { branch: data.branch }),
    ...(data.target !== undefined && { target: data.target }),
    ...(data["depends-on"] !== undefined && { dependsOn: data["depends-on"] }),
    ...(data.related !== undefined && { related: data.related }),
    ...(data.supersedes !== undefined && { supersedes: data.supersedes }),
    ...(data["superseded-by"] !== undefined && { supersededBy: data["superseded-by"] }),
    ...(data.approval !== undefined && { approval: data.approval }),
    ...(data.evidence !== undefined && { evidence: data.evidence }),
    waivers: data.waiver ?? [],
    ...(data.imported !== undefined && {
      imported: {
        path: data.imported.path,
        sha256: data.imported.sha256,
        family: data.imported.family,
        ...(data.imported["status-word"] !== undefined && { statusWord: data.imported["status-word"] }),
      },
    }),
  };
}

function checkState(metadata: Metadata, block: TomlBlock, problems: Problems): void {
  const at = block.placeOf(["status"]);
  const { status, kind } = metadata;
  const need = (key: string, present: boolean, because: string) => {
    if (!present) problems.add("meta/invalid-block", at, `\`${key}\` is missing: ${because}`);
  };
  need("target", metadata.target !== undefined || !NEEDS_TARGET.includes(kind), `kind = "${kind}" changes a repository`);
  need("branch", metadata.branch !== undefined || !NEEDS_BRANCH.includes(status), `required from status = "proposed"`);
  need(
    "approval",
    metadata.approval !== undefined || !NEEDS_APPROVAL.includes(status),
    `status = "${status}" is set by \`crq-agent approve\``,
  );
  need("evidence", metadata.evidence !== undefined || status !== "closed", "written by `crq-agent verify --close`");
  need(
    "superseded-by",
    (metadata.supersededBy?.length ?? 0) > 0 || status !== "superseded",
    `status = "superseded" names its successor`,
  );
}
