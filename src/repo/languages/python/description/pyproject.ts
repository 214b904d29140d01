import { parse } from "smol-toml";
import { z } from "zod";
import { parseRequirement } from "../requirement/requirement.ts";
import {
  type At,
  DEFAULT_BACKEND,
  licenseOfClassifiers,
  type MetadataReading,
  type PythonScript,
  type RequirementAt,
  TEST_GROUP,
  type VersionSource,
} from "./metadata.ts";
import { poetryMetadata, poetrySchema } from "./poetry.ts";
import { lineOf } from "./toml-line.ts";

/** pyproject.toml: [build-system] (PEP 518), [project] (PEP 621), [dependency-groups] (PEP 735), and the tables of the tools that matter. */

const texts = z.array(z.string());
/** Other forms that a tool may read are not read here. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const schema = z.object({
  "build-system": lenient(z.object({ requires: texts.default([]), "build-backend": lenient(z.string()) })),
  project: lenient(
    z.object({
      name: z.string(),
      version: lenient(z.string()),
      description: lenient(z.string()),
      license: lenient(z.union([z.string(), z.object({ text: lenient(z.string()), file: lenient(z.string()) })])),
      classifiers: texts.default([]).catch([]),
      "requires-python": lenient(z.string()),
      dependencies: texts.default([]),
      "optional-dependencies": z.record(z.string(), texts).default({}).catch({}),
      scripts: z.record(z.string(), z.string()).default({}),
      "gui-scripts": z.record(z.string(), z.string()).default({}),
      dynamic: texts.default([]),
    }),
  ),
  "dependency-groups": z.record(z.string(), z.array(z.unknown())).default({}).catch({}),
  tool: z
    .object({
      poetry: lenient(poetrySchema),
      setuptools: lenient(
        z.object({ dynamic: lenient(z.record(z.string(), z.unknown())), "ext-modules": z.unknown().optional() }),
      ),

      hatch: lenient(
        z.object({
          version: lenient(z.object({ path: lenient(z.string()), source: lenient(z.string()) })),
          build: z.unknown().optional(),
        }),
      ),
      flit: lenient(z.object({ module: lenient(z.object({ name: lenient(z.string()) })) })),
      pytest: lenient(z.object({ ini_options: lenient(z.record(z.string(), z.unknown())) })),
    })
    .default({}),
});

type Pyproject = z.infer<typeof schema>;

/** undefined: it holds settings of tools alone, and describes no package. */
export function readPyproject(text: string): MetadataReading | "tools" {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    return `it is no TOML (${error instanceof Error ? error.message.split("\n")[0] : "broken"})`;
  }
  const read = schema.safeParse(data);
  if (!read.success) {
    const issue = read.error.issues[0];
    return `${issue?.path.join(".") ?? "a value"} has a form that PEP 621 does not know`;
  }
  const { project, tool } = read.data;
  const backend = read.data["build-system"]?.["build-backend"] ?? DEFAULT_BACKEND;
  const backendLine = lineOf(text, ["build-system", "build-backend"]) ?? lineOf(text, ["build-system"]);
  const requires = read.data["build-system"]?.requires ?? [];
  const build = {
    backend,
    ...(backendLine !== undefined && { backendLine }),
    buildRequires: requirementsAt(text, ["build-system", "requires"], requires.length > 0 ? requires : ["setuptools"]),
    ...pytestOf(text, read.data),
  };
  if (project) return fromProject(text, read.data, project, build);
  if (tool.poetry?.name !== undefined) return poetryMetadata(text, tool.poetry, build);
  return "tools";
}

export type BuildFacts = Pick<Extract<MetadataReading, object>, "backend" | "backendLine" | "buildRequires" | "pytest">;

function fromProject(
  text: string,
  { tool, "dependency-groups": groups }: Pyproject,
  project: NonNullable<Pyproject["project"]>,
  build: BuildFacts,
): MetadataReading {
  const elsewhere = project.dynamic.filter((key) => ["dependencies", "scripts", "entry-points"].includes(key));
  const fromFile = dependencyFile(tool.setuptools?.dynamic);
  if (elsewhere.some((key) => key !== "dependencies" || fromFile === undefined))
    return `${elsewhere.join(", ")} of [project] is dynamic, so that only the backend knows it`;
  const license = typeof project.license === "string" ? project.license : project.license?.text;
  const version = versionOf(text, tool, project, build);
  const spdx =
    license !== undefined && /^[\w.+-]+(?: (?:OR|AND|WITH) [\w.+-]+)*$/.test(license)
      ? license
      : licenseOfClassifiers(project.classifiers);
  const poetryGroups = tool.poetry ? poetryMetadata(text, { ...tool.poetry, name: project.name }, build) : undefined;
  return {
    ...build,
    name: { value: project.name, line: lineOf(text, ["project", "name"]) ?? 1 },
    ...(version && { version }),
    ...(project.description !== undefined && { description: project.description }),
    ...(spdx !== undefined && { license: spdx }),
    ...at("requiresPython", project["requires-python"], lineOf(text, ["project", "requires-python"])),
    dependencies: requirementsAt(text, ["project", "dependencies"], project.dependencies),
    testRequirements: [
      ...Object.entries(project["optional-dependencies"]).flatMap(([group, wanted]) =>
        TEST_GROUP.test(group) ? requirementsAt(text, ["project", "optional-dependencies", group], wanted) : [],
      ),
      ...Object.entries(groups).flatMap(([group, wanted]) =>
        TEST_GROUP.test(group)
          ? requirementsAt(
              text,
              ["dependency-groups", group],
              wanted.filter((entry) => typeof entry === "string"),
            )
          : [],
      ),
      ...(typeof poetryGroups === "object" ? poetryGroups.testRequirements : []),
    ],
    scripts: [
      ...scriptsAt(text, ["project", "scripts"], project.scripts),
      ...scriptsAt(text, ["project", "gui-scripts"], project["gui-scripts"]),
    ],
    ...(fromFile !== undefined && { dependencyFile: fromFile }),
  };
}

const at = <K extends string>(key: K, value: string | undefined, line: number | undefined): Partial<Record<K, At<string>>> =>
  value === undefined ? {} : ({ [key]: { value, line: line ?? 1 } } as Partial<Record<K, At<string>>>);

/** `dependencies = { file = ["requirements.txt"] }` of setuptools. */
function dependencyFile(dynamic: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const read = z.object({ file: z.union([z.string(), z.array(z.string()).length(1)]) }).safeParse(dynamic?.dependencies);
  return read.success ? [read.data.file].flat()[0] : undefined;
}

function versionOf(
  text: string,
  tool: Pyproject["tool"],
  project: NonNullable<Pyproject["project"]>,
  { buildRequires, backend }: BuildFacts,
): At<VersionSource> | undefined {
  const found = (value: VersionSource, path: readonly string[]): At<VersionSource> => ({ value, line: lineOf(text, path) ?? 1 });
  if (project.version !== undefined) return found({ kind: "stated", value: project.version }, ["project", "version"]);
  const scm = buildRequires.find(({ name }) =>
    ["setuptools-scm", "hatch-vcs", "setuptools-git-versioning", "versioneer"].includes(name),
  );
  if (scm) return found({ kind: "git", by: scm.name }, ["build-system", "requires"]);
  const path = tool.hatch?.version?.path;
  if (path !== undefined) return found({ kind: "file", path }, ["tool", "hatch", "version", "path"]);
  const dynamic = z
    .union([z.object({ attr: z.string() }), z.object({ file: z.union([z.string(), z.array(z.string()).length(1)]) })])
    .safeParse(tool.setuptools?.dynamic?.version);
  if (dynamic.success) {
    const place = ["tool", "setuptools", "dynamic", "version"];
    if ("attr" in dynamic.data) return found({ kind: "attribute", attribute: dynamic.data.attr }, place);
    return found({ kind: "file", path: [dynamic.data.file].flat()[0] ?? "" }, place);
  }
  if (backend.startsWith("flit"))
    return found(
      { kind: "attribute", attribute: `${tool.flit?.module?.name ?? project.name.replace(/[-.]/g, "_")}.__version__` },
      ["project", "dynamic"],
    );
  return undefined;
}

function pytestOf(text: string, { tool }: Pyproject): Pick<BuildFacts, "pytest"> {
  const options = tool.pytest?.ini_options;
  if (!options) return {};
  const line = lineOf(text, ["tool", "pytest", "ini_options"]) ?? 1;
  return {
    pytest: {
      options: [options.addopts]
        .flat()
        .filter((word) => typeof word === "string")
        .join(" "),
      line,
    },
  };
}

/** Requirements of a list, each at the line that spells it. What is no requirement is left out: the backend says what is wrong with it. */
export function requirementsAt(text: string, path: readonly string[], wanted: readonly string[]): readonly RequirementAt[] {
  const start = lineOf(text, path) ?? 1;
  const lines = text.split(/\r?\n/);
  return wanted.flatMap((entry) => {
    const requirement = parseRequirement(entry);
    if (!requirement) return [];
    const within = lines.findIndex((line, index) => index >= start - 1 && line.includes(entry));
    return [{ ...requirement, line: within < 0 ? start : within + 1 }];
  });
}

export const scriptsAt = (
  text: string,
  path: readonly string[],
  scripts: Readonly<Record<string, string>>,
): readonly PythonScript[] =>
  Object.entries(scripts).map(([name, target]) => ({
    name,
    module: target.split(":")[0]?.trim() ?? target,
    line: lineOf(text, [...path, name]) ?? lineOf(text, path) ?? 1,
  }));
