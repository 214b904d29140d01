import { z } from "zod";
import { normalizedName } from "../requirement/requirement.ts";
import { type MetadataReading, type PythonScript, type RequirementAt, TEST_GROUP } from "./metadata.ts";
import type { BuildFacts } from "./pyproject.ts";
import { lineOf } from "./toml-line.ts";

/** [tool.poetry], as projects had it before Poetry read [project]. */

const dependency = z.union([
  z.string(),
  z
    .object({
      version: z.string().default(""),
      optional: z.boolean().default(false),
      extras: z.array(z.string()).default([]),
      markers: z.string().optional(),
      path: z.string().optional(),
      git: z.string().optional(),
      url: z.string().optional(),
    })
    .loose(),
  z.array(z.unknown()),
]);
const dependencies = z.record(z.string(), dependency).default({});

export const poetrySchema = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  dependencies,
  "dev-dependencies": dependencies,
  group: z.record(z.string(), z.object({ dependencies })).default({}),
  scripts: z
    .record(z.string(), z.union([z.string(), z.object({ reference: z.string(), type: z.string().optional() }).loose()]))
    .default({}),
  build: z.unknown().optional(),
});

export type Poetry = z.infer<typeof poetrySchema>;

export function poetryMetadata(text: string, poetry: Poetry, build: BuildFacts): MetadataReading {
  const root = ["tool", "poetry"];
  const here = (...path: readonly string[]): number => lineOf(text, [...root, ...path]) ?? lineOf(text, root) ?? 1;
  if (poetry.build !== undefined) return "[tool.poetry.build] runs a program of its own while it builds";
  const python = poetry.dependencies.python;
  const local = Object.entries(poetry.dependencies).find(
    ([, wanted]) => typeof wanted === "object" && "path" in wanted && wanted.path !== undefined,
  );
  if (local) return `the dependency ${local[0]} is a folder beside the project`;
  return {
    ...build,
    name: { value: poetry.name ?? "", line: here("name") },
    ...(poetry.version !== undefined && { version: { value: { kind: "stated", value: poetry.version }, line: here("version") } }),
    ...(poetry.description !== undefined && { description: poetry.description }),
    ...(poetry.license !== undefined && { license: poetry.license }),
    ...(typeof python === "string" && { requiresPython: { value: python, line: here("dependencies", "python") } }),
    dependencies: requirements(poetry.dependencies, (name) => here("dependencies", name)),
    testRequirements: [
      ...requirements(poetry["dev-dependencies"], (name) => here("dev-dependencies", name)),
      ...Object.entries(poetry.group).flatMap(([group, { dependencies: wanted }]) =>
        TEST_GROUP.test(group) ? requirements(wanted, (name) => here("group", group, "dependencies", name)) : [],
      ),
    ],
    scripts: Object.entries(poetry.scripts).map(([name, target]): PythonScript => {
      const isFile = typeof target === "object" && target.type === "file";
      const reference = typeof target === "string" ? target : target.reference;
      return { name, ...(!isFile && { module: reference.split(":")[0] ?? reference }), line: here("scripts", name) };
    }),
  };
}

function requirements(wanted: Poetry["dependencies"], line: (name: string) => number): readonly RequirementAt[] {
  return Object.entries(wanted).flatMap(([name, value]): RequirementAt[] => {
    if (name === "python" || Array.isArray(value)) return [];
    if (typeof value === "string") return [{ name: normalizedName(name), extras: [], specifier: value, line: line(name) }];
    if (value.optional) return [];
    const url = value.git ?? value.url;
    return [
      {
        name: normalizedName(name),
        extras: value.extras.map(normalizedName),
        specifier: value.version,
        ...(url !== undefined && { url }),
        ...(value.markers !== undefined && { marker: value.markers }),
        line: line(name),
      },
    ];
  });
}
