import { parseRequirement } from "../requirement/requirement.ts";
import {
  DEFAULT_BACKEND,
  licenseOfClassifiers,
  type MetadataReading,
  type PythonScript,
  type RequirementAt,
  TEST_GROUP,
} from "./metadata.ts";
import { type Argument, type Literal, SetupReader } from "./setup-arguments.ts";
import { ENTRY } from "./setup-cfg.ts";

/**
 * The call of `setup()` in a setup.py, as far as it states plain values. The file is a program: what it computes only running it would tell,
 * and that is not done. Values that no flake depends on may be computed.
 */

/** Arguments without which no flake can be written. */
const NEEDED = [
  "name",
  "version",
  "install_requires",
  "entry_points",
  "scripts",
  "extras_require",
  "tests_require",
  "python_requires",
];

/** undefined: no call of setup() gives a name, and setup.cfg may. */
export function readSetupPy(text: string): MetadataReading | undefined {
  const given = new SetupReader(text).arguments();
  if (!given) return undefined;
  if (given.has("ext_modules") || given.has("cffi_modules") || given.has("rust_extensions"))
    return `it compiles an extension (line ${(given.get("ext_modules") ?? given.get("cffi_modules") ?? given.get("rust_extensions"))?.line})`;
  const computed = [...NEEDED, "**"].find((key) => given.has(key) && given.get(key)?.value === undefined);
  if (computed !== undefined)
    return `${computed === "**" ? "an argument" : computed} of setup() is computed (line ${given.get(computed)?.line}), and only running the file would tell it`;
  const text1 = (key: string): { readonly value: string; readonly line: number } | undefined => {
    const found = given.get(key);
    return typeof found?.value === "string" ? { value: found.value, line: found.line } : undefined;
  };
  const name = text1("name");
  if (!name) return undefined;
  const version = text1("version");
  const python = text1("python_requires");
  const description = text1("description");
  const spdx = licenseOfClassifiers(texts(given.get("classifiers")?.value)) ?? spdxOf(text1("license")?.value);
  const extras = given.get("extras_require");
  return {
    backend: DEFAULT_BACKEND,
    buildRequires: [{ name: "setuptools", extras: [], specifier: "", line: name.line }],
    name,
    ...(version && { version: { value: { kind: "stated", value: version.value }, line: version.line } }),
    ...(description && { description: description.value }),
    ...(spdx !== undefined && { license: spdx }),
    ...(python && { requiresPython: python }),
    dependencies: requirements(given.get("install_requires")),
    testRequirements: [
      ...requirements(given.get("tests_require")),
      ...(extras?.value instanceof Map ? [...extras.value] : []).flatMap(([group, value]) =>
        TEST_GROUP.test(group) ? requirements({ value, line: extras?.line ?? 1 }) : [],
      ),
    ],
    scripts: [
      ...consoleScripts(given.get("entry_points")),
      ...texts(given.get("scripts")?.value).map((path) => ({
        name: path.slice(path.lastIndexOf("/") + 1),
        line: given.get("scripts")?.line ?? 1,
      })),
    ],
  };
}

const spdxOf = (license: string | undefined): string | undefined =>
  license !== undefined && /^(?:MIT|ISC|[A-Z]\w*-\d[\w.-]*)$/.test(license) ? license : undefined;

const texts = (value: Literal): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : typeof value === "string" ? [value] : [];

const requirements = (argument: Argument | undefined): readonly RequirementAt[] =>
  texts(argument?.value).flatMap((entry) => {
    const requirement = parseRequirement(entry);
    return requirement ? [{ ...requirement, line: argument?.line ?? 1 }] : [];
  });

function consoleScripts(argument: Argument | undefined): readonly PythonScript[] {
  if (!(argument?.value instanceof Map)) return [];
  const table: ReadonlyMap<string, Literal> = argument.value;
  return ["console_scripts", "gui_scripts"].flatMap((key) =>
    texts(table.get(key)).flatMap((entry): PythonScript[] => {
      const { name, module } = ENTRY.exec(entry.trim())?.groups ?? {};
      return name === undefined || module === undefined ? [] : [{ name, module, line: argument.line }];
    }),
  );
}
