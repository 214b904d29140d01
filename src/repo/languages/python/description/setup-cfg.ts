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

/** setup.cfg, the declarative form of setuptools before pyproject.toml. */

interface Value {
  /** Without the lines that only comment. */
  readonly lines: readonly At<string>[];
  readonly line: number;
}

/** Sections and their keys; a value goes on over the lines that are set in. */
export function readIni(text: string): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const sections = new Map<string, Map<string, Value>>();
  let section: Map<string, Value> | undefined;
  let open: { readonly lines: At<string>[]; readonly line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const content = raw.replace(/(?:^|\s)[#;].*$/, "").trim();
    if (content === "") continue;
    const header = /^\[(?<name>[^\]]+)\]$/.exec(content)?.groups?.name;
    if (header !== undefined && !/^\s/.test(raw)) {
      section = sections.get(header.trim()) ?? new Map();
      sections.set(header.trim(), section);
      open = undefined;
    } else if (/^\s/.test(raw) && open) open.lines.push({ value: content, line });
    else {
      const cut = content.search(/[=:]/);
      if (cut <= 0 || !section) continue;
      const value = content.slice(cut + 1).trim();
      open = { lines: value === "" ? [] : [{ value, line }], line };
      section.set(content.slice(0, cut).trim().toLowerCase().replaceAll("-", "_"), open);
    }
  }
  return sections;
}

/** undefined: it holds settings of tools alone. */
export function readSetupCfg(text: string): MetadataReading | undefined {
  const sections = readIni(text);
  const metadata = sections.get("metadata");
  const options = sections.get("options");
  const named = one(metadata?.get("name"));
  if (!named) return undefined;
  if ([...sections.keys()].some((name) => /^build_ext/.test(name))) return "[build_ext] compiles an extension";
  const license = one(metadata?.get("license"));
  const version = versionOf(one(metadata?.get("version")));
  const python = one(options?.get("python_requires"));
  const description = one(metadata?.get("description"));
  const classifiers = metadata?.get("classifiers")?.lines.map(({ value }) => value) ?? [];
  const spdx =
    license && /^(?:MIT|ISC|0BSD|Unlicense|Zlib|[A-Z][\w]*-\d[\w.-]*)$/.test(license.value)
      ? license.value
      : licenseOfClassifiers(classifiers);
  const pytest = sections.get("tool:pytest");
  return {
    backend: DEFAULT_BACKEND,
    buildRequires: [{ name: "setuptools", extras: [], specifier: "", line: named.line }],
    name: named,
    ...(version && { version }),
    ...(description && { description: description.value }),
    ...(spdx !== undefined && { license: spdx }),
    ...(python && { requiresPython: python }),
    dependencies: requirements(options?.get("install_requires")),
    testRequirements: [
      ...requirements(options?.get("tests_require")),
      ...[...(sections.get("options.extras_require") ?? [])].flatMap(([group, value]) =>
        TEST_GROUP.test(group) ? requirements(value) : [],
      ),
    ],
    scripts: [...consoleScripts(sections.get("options.entry_points")), ...files(options?.get("scripts"))],
    ...(pytest && {
      pytest: {
        options:
          pytest
            .get("addopts")
            ?.lines.map(({ value }) => value)
            .join(" ") ?? "",
        line: [...pytest.values()][0]?.line ?? 1,
      },
    }),
  };
}

const one = (value: Value | undefined): At<string> | undefined => {
  const [first, ...others] = value?.lines ?? [];
  return first && others.length === 0 ? first : undefined;
};

function versionOf(stated: At<string> | undefined): At<VersionSource> | undefined {
  if (!stated) return undefined;
  const { how, what } = /^(?<how>attr|file):\s*(?<what>.+)$/.exec(stated.value)?.groups ?? {};
  if (what === undefined) return { value: { kind: "stated", value: stated.value }, line: stated.line };
  return { value: how === "attr" ? { kind: "attribute", attribute: what } : { kind: "file", path: what }, line: stated.line };
}

/** One a line; several on one line are divided by semicolons only where none is a marker. */
const requirements = (value: Value | undefined): readonly RequirementAt[] =>
  (value?.lines ?? []).flatMap(({ value: entry, line }) => {
    const requirement = parseRequirement(entry);
    return requirement ? [{ ...requirement, line }] : [];
  });

const consoleScripts = (section: ReadonlyMap<string, Value> | undefined): readonly PythonScript[] =>
  ["console_scripts", "gui_scripts"].flatMap((key) =>
    (section?.get(key)?.lines ?? []).flatMap(({ value, line }): PythonScript[] => {
      const { name, module } = ENTRY.exec(value)?.groups ?? {};
      return name === undefined || module === undefined ? [] : [{ name, module, line }];
    }),
  );

/** `shelf = shelf.cli:main`. */
export const ENTRY = /^(?<name>[\w.-]+)\s*=\s*(?<module>[\w.]+)(?:\s*:\s*[\w.]+)?\s*(?:\[.*\])?$/;

const files = (value: Value | undefined): readonly PythonScript[] =>
  (value?.lines ?? []).map(({ value: path, line }) => ({ name: path.slice(path.lastIndexOf("/") + 1), line }));
