import { z } from "zod";
import { dateSchema, secondsSchema } from "./toml.ts";

/** The TOML files of a world, strict: a key that nobody reads is a mistake. */

/** An answer given on purpose (a registry that refuses old clients); never counted as something the world lacks. */
const answerSchema = z.strictObject({
  /** Glob over the host's name. */
  host: z.string().min(1),
  /** Glob over the path as it stands in the URL, without query. */
  path: z.string().startsWith("/"),
  status: z.number().int().min(200).max(599),
  body: z.string().default(""),
});

export const worldSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected 1 to 40 of a-z, 0-9 and -"),
  date: dateSchema,
  /** What tasks may need. */
  provides: z.array(z.string()).default([]),
  /** Lines about what exists, shown to every model alike. */
  announce: z.array(z.string()).default([]),
  /** Where a sparse index is answered; without it every host whose request has the shape. */
  "index-hosts": z.array(z.string()).exactOptional(),
  host: z
    .strictObject({
      /** Names of the machine's toolchain or libraries that the world's derivations use. */
      tools: z.array(z.string()).default([]),
      /** Globs over the places in Nix's sandbox that the world's derivations expect; one without wildcards must be there. */
      sandbox_paths: z.array(z.string().startsWith("/")).default([]),
    })
    .prefault({}),
  answer: z.array(answerSchema).default([]),
});

export type WorldManifest = z.infer<typeof worldSchema>;
export type AnswerRule = z.infer<typeof answerSchema>;

export const REVISION = /^[0-9a-f]{40}$/;

/** `refs` hold words that are no revision yet while a tree is being edited; loading refuses them, sealing replaces them. */
export const refsSchema = z.strictObject({
  default: z.string().min(1).exactOptional(),
  /** All refs of the original are known: an unknown one is refused as the real service does. */
  complete: z.boolean().exactOptional(),
  /** Written while it was recorded: what was not asked for is not known, the default ref included. */
  recorded: z.boolean().exactOptional(),
  /** Serves the trees of another repository of the world under this name (a fork without a second copy). */
  "tree-from": z
    .string()
    .regex(/^[^/]+\/[^/]+$/, "expected OWNER/REPO")
    .exactOptional(),
  refs: z.record(z.string().min(1), z.string()).exactOptional(),
  rev: z.record(z.string(), z.strictObject({ "last-modified": secondsSchema })).exactOptional(),
});

export type RefsFile = z.infer<typeof refsSchema>;

export const gitTreeSchema = z.strictObject({
  default: z.string().min(1).default("main"),
  tags: z.array(z.string().min(1)).default([]),
  "last-modified": secondsSchema.default(1),
});

export type GitTreeFile = z.infer<typeof gitTreeSchema>;

export const WORLD_FILE = "world.toml";
export const REFS_FILE = "refs.toml";
export const GIT_TREE_FILE = "world-git.toml";
