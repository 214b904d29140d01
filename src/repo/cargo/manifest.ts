import { parse, TomlError } from "smol-toml";
import { z } from "zod";

/** Cargo.toml, as far as a survey needs it (the Cargo book, "The Manifest Format"). Unknown keys are let through: Cargo adds some every year. */

const inheritable = z.union([z.string(), z.object({ workspace: z.literal(true) })]);

const dependencySchema = z.union([
  z.string(),
  z.object({
    path: z.string().optional(),
    git: z.string().optional(),
    workspace: z.boolean().optional(),
    package: z.string().optional(),
    features: z.array(z.string()).optional(),
    optional: z.boolean().optional(),
  }),
]);
const dependencies = z.record(z.string(), dependencySchema).default({});
export type Dependency = z.infer<typeof dependencySchema>;

const targetSchema = z.object({
  name: z.string().optional(),
  path: z.string().optional(),
  "required-features": z.array(z.string()).default([]),
});

const dependencyTables = {
  dependencies,
  "build-dependencies": dependencies,
  "dev-dependencies": dependencies,
};

const manifestSchema = z.object({
  package: z
    .object({
      name: z.string(),
      version: inheritable.default("0.0.0"),
      edition: inheritable.optional(),
      "rust-version": inheritable.optional(),
      description: inheritable.optional(),
      license: inheritable.optional(),
      homepage: inheritable.optional(),
      repository: inheritable.optional(),
      build: z.union([z.string(), z.boolean()]).optional(),
      autobins: z.boolean().optional(),
      autoexamples: z.boolean().optional(),
      "default-run": z.string().optional(),
      metadata: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  lib: targetSchema.optional(),
  bin: z.array(targetSchema).default([]),
  example: z.array(targetSchema).default([]),
  ...dependencyTables,
  target: z.record(z.string(), z.object(dependencyTables)).default({}),
  features: z.record(z.string(), z.array(z.string())).default({}),
  workspace: z
    .object({
      members: z.array(z.string()).default([]),
      exclude: z.array(z.string()).default([]),
      "default-members": z.array(z.string()).optional(),
      package: z.record(z.string(), z.unknown()).default({}),
      dependencies,
    })
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly problem: string };

/** Reads a Cargo.toml; the problem names line and column where the parser gives them. */
export function parseManifest(text: string): ManifestResult {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    const where = error instanceof TomlError ? `line ${error.line}, column ${error.column}: ` : "";
    return { ok: false, problem: `${where}${error instanceof Error ? error.message.split("\n")[0] : String(error)}` };
  }
  const manifest = manifestSchema.safeParse(raw);
  return manifest.success
    ? { ok: true, manifest: manifest.data }
    : { ok: false, problem: z.prettifyError(manifest.error).split("\n").join(" ") };
}

/** All dependency tables of a manifest in one list, target-specific ones included. */
export function allDependencies(manifest: Manifest): readonly (readonly [name: string, dependency: Dependency])[] {
  return [manifest, ...Object.values(manifest.target)].flatMap((tables) => [
    ...Object.entries(tables.dependencies),
    ...Object.entries(tables["build-dependencies"]),
    ...Object.entries(tables["dev-dependencies"]),
  ]);
}

/** The value of a package key, from the workspace where it says `workspace = true`. */
export function inherited(
  value: z.infer<typeof inheritable> | undefined,
  key: string,
  workspace: Manifest["workspace"],
): string | undefined {
  if (typeof value !== "object") return value;
  const shared = workspace?.package[key];
  return typeof shared === "string" ? shared : undefined;
}
