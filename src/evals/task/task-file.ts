import { z } from "zod";
import { FAILURE_CLASSES } from "../../nix/diagnose/classes.ts";
import { dateSchema } from "../../world/content/toml.ts";
import { NEED } from "./needs.ts";

/** task.toml: what a task is, its limits and its scope. Strict: a key that nobody reads is a mistake. */

export const TASK_KINDS = ["draft", "apply", "repair", "end-to-end", "refuse"] as const;
export const SPLITS = ["dev", "regress", "heldout"] as const;

/** Folder name of a task, and its name in every table. */
const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{2,39}$/, "expected 3 to 40 of a-z, 0-9 and -");

const limitsSchema = z.strictObject({
  turns: z.int().positive().default(60),
  "output-tokens": z.int().positive().default(120_000),
  /** US dollars. */
  usd: z.number().positive().default(2),
  /** Seconds of working time: waiting for a provider or for a slot does not count. */
  "wall-s": z.int().positive().default(1_800),
  builds: z.int().positive().default(25),
});

const resourcesSchema = z.strictObject({
  cpus: z.number().positive().default(1),
  "mem-mb": z.int().positive().default(1_024),
  /** A build beyond this is killed, and that is the model's failure. */
  "kill-mem-mb": z.int().positive().default(3_072),
  "disk-mb": z.int().positive().default(2_048),
});

const pathGlob = z
  .string()
  .min(1)
  .refine((glob) => !glob.startsWith("/") && !glob.split("/").includes(".."), "expected a glob inside the repository");

export const taskSchema = z
  .strictObject({
    schema: z.literal(1),
    id: idSchema,
    kind: z.enum(TASK_KINDS),
    /** The family of tasks that share a fixture: what statistics takes as one. */
    cluster: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected 1 to 40 of a-z, 0-9 and -"),
    /** 0 (one line, or nothing to do) to 5 (misleading, contradictory, masked). */
    tier: z.int().min(0).max(5),
    split: z.enum(SPLITS),
    builder: z.enum(["naersk", "crane", "buildRustPackage", "crate2nix", "stdenv", "any"]).default("any"),
    /** The kind of diagnosis that was seeded. */
    fault: z.enum(FAILURE_CLASSES.flatMap(({ kinds }) => kinds)).exactOptional(),
    /** What a world must provide; without it the task is skipped, with the reason. */
    needs: z.array(z.string().regex(NEED, "expected a name such as rust, or NAME>=VERSION")).default([]),
    systems: z.array(z.string().min(1)).min(1).default(["x86_64-linux", "aarch64-linux"]),
    /** Import from derivation is allowed. */
    ifd: z.boolean().default(false),
    /** Stands in the statement and the checks too: found in a training set or a reply, it tells that the task leaked. */
    canary: z.string().regex(/^crq-evals [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "expected `crq-evals ` and a GUID"),
    "first-seen": dateSchema,
    repo: z
      .strictObject({
        /** none: no lock; stage: locked against the world in use before the one commit; kept: as it lies in repo/. */
        lock: z.enum(["none", "stage", "kept"]).default("none"),
        /** Files and folders of repo/ that lie in the checkout and are in no commit, as a file that nobody added to git. */
        untracked: z.array(z.string().min(1)).default([]),
      })
      .prefault({}),
    limits: limitsSchema.prefault({}),
    resources: resourcesSchema.prefault({}),
    scope: z.strictObject({ allowed: z.array(pathGlob).default([]), protected: z.array(pathGlob).default([]) }).prefault({}),
    expect: z
      .strictObject({
        /** Of a refuse task: the verb that is to be run. */
        verb: z.enum(["draft", "apply", "repair"]).exactOptional(),
        outcomes: z.array(z.string().min(1)).min(1).default(["done"]),
        reasons: z.array(z.string().min(1)).default([]),
      })
      .prefault({}),
  })
  .superRefine((task, context) => {
    const complain = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
    if (task.kind === "repair" && task.fault === undefined) complain(["fault"], "a repair names the fault that was seeded");
    if (task.kind !== "repair" && task.fault !== undefined) complain(["fault"], `belongs to kind repair, not to ${task.kind}`);
    if (task.kind === "refuse" && task.expect.verb === undefined)
      complain(["expect", "verb"], "a refuse task names the verb that is run");
    if (task.kind === "refuse" && task.expect.outcomes.includes("done"))
      complain(["expect", "outcomes"], "a refuse task cannot end as done");
    if (task.kind !== "refuse" && task.kind !== "draft" && task.scope.allowed.length === 0)
      complain(["scope", "allowed"], "names no file that may change");
  });

export type TaskFile = Readonly<z.infer<typeof taskSchema>>;
export type TaskKind = TaskFile["kind"];
