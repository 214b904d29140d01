import { z } from "zod";

/** A package.json as far as a build is concerned. What has an unexpected type is taken for absent: npm itself is that lenient. */
export interface NodeManifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly license: string | undefined;
  readonly main: string | undefined;
  /** Something says what another package may import. */
  readonly exports: boolean;
  /** `files` says what is published; without it the ignore files do. */
  readonly files: boolean;
  /** As npm links them: of a text the name is the package's without its scope. */
  readonly bin: readonly { readonly name: string; readonly path: string }[];
  /** `bin` is a text. */
  readonly binIsText: boolean;
  readonly scripts: ReadonlyMap<string, string>;
  /** The range of `engines.node`. */
  readonly engine: string | undefined;
  readonly packageManager: string | undefined;
  readonly workspaces: readonly string[];
  /** What `npm ci` installs, by name: dependencies, development and optional ones. */
  readonly dependencies: ReadonlyMap<string, string>;
}

const text = z.string().optional().catch(undefined);
const texts = z
  .record(z.string(), z.unknown())
  .transform(
    (record) =>
      new Map(Object.entries(record).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []))),
  )
  .catch(new Map());
const list = z.array(z.string());

const schema = z.looseObject({
  name: text,
  version: text,
  description: text,
  license: text,
  main: text,
  exports: z.unknown().optional(),
  files: z.unknown().optional(),
  bin: z.union([z.string(), texts]).optional().catch(undefined),
  scripts: texts.default(new Map()),
  engines: texts.default(new Map()),
  packageManager: text,
  workspaces: z
    .union([list, z.looseObject({ packages: list }).transform(({ packages }) => packages)])
    .default([])
    .catch([]),
  dependencies: texts.default(new Map()),
  devDependencies: texts.default(new Map()),
  optionalDependencies: texts.default(new Map()),
});

/** @returns why it cannot be read, as text */
export function readManifest(source: string): NodeManifest | string {
  const parsed = schema.safeParse(parseJson(source));
  if (!parsed.success) return "is no JSON object";
  const { bin, scripts, engines, dependencies, devDependencies, optionalDependencies, ...rest } = parsed.data;
  const { name, version, description, license, main, exports, files, packageManager, workspaces } = rest;
  const programs =
    typeof bin === "string" ? new Map(name === undefined ? [] : [[withoutScope(name), bin]]) : (bin ?? new Map<string, string>());
  return {
    name,
    version,
    description,
    license,
    main,
    exports: exports !== undefined,
    files: Array.isArray(files),
    bin: [...programs].map(([program, path]) => ({ name: program, path: path.replace(/^\.\//, "") })),
    binIsText: typeof bin === "string",
    scripts,
    engine: engines.get("node"),
    packageManager,
    workspaces,
    dependencies: new Map([...optionalDependencies, ...devDependencies, ...dependencies]),
  };
}

/** `@scope/tool` is linked as `tool`. */
export const withoutScope = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** undefined for what is no JSON; a byte order mark is read over, as npm does. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Lines (from 1) of the keys of a JSON object and of the objects in it: `scripts`, `scripts.test`. */
export function keyLines(source: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  if (parseJson(source) === undefined) return lines;
  const open: { readonly object: boolean; key: string }[] = [];
  let line = 1;
  let isKey = false;
  for (const [token] of source.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]|\n/g)) {
    const inside = open.at(-1);
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") {
      open.push({ object: token === "{", key: "" });
      isKey = token === "{";
    } else if (token === "}" || token === "]") {
      open.pop();
      isKey = false;
    } else if (token === ",") isKey = inside?.object === true;
    else if (isKey && inside) {
      const key: unknown = parseJson(token);
      inside.key = typeof key === "string" ? key : "";
      isKey = false;
      if (open.length <= 2 && open.every(({ object }) => object)) {
        const path = open.map(({ key: name }) => name).join(".");
        if (!lines.has(path)) lines.set(path, line);
      }
    }
  }
  return lines;
}
