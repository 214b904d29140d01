import type { PythonRequirement } from "../requirement/requirement.ts";

/** What a description of a Python project says, whichever file and form it has, each fact with its line. */

export interface At<T> {
  readonly value: T;
  /** From 1. */
  readonly line: number;
}

export interface RequirementAt extends PythonRequirement {
  readonly line: number;
}

export interface PythonScript {
  /** In `bin/`. */
  readonly name: string;
  /** Module that it starts: `shelf.cli`; absent: a file that is copied. */
  readonly module?: string;
  readonly line: number;
}

export type VersionSource =
  | { readonly kind: "stated"; readonly value: string }
  /** In this file: its text, or its assignment to `__version__`. */
  | { readonly kind: "file"; readonly path: string }
  /** `shelf.__version__`. */
  | { readonly kind: "attribute"; readonly attribute: string }
  /** From git's tags, by this build requirement. */
  | { readonly kind: "git"; readonly by: string };

export interface PythonMetadata {
  readonly name: At<string>;
  readonly version?: At<VersionSource>;
  readonly description?: string;
  /** SPDX expression. */
  readonly license?: string;
  /** `>=3.9`. */
  readonly requiresPython?: At<string>;
  /** Module of the backend as PEP 517 names it: `hatchling.build`. */
  readonly backend: string;
  readonly backendLine?: number;
  readonly buildRequires: readonly RequirementAt[];
  readonly dependencies: readonly RequirementAt[];
  /** A file of requirements, one a line, that the backend reads besides. */
  readonly dependencyFile?: string;
  /** Of the extras and groups that tests are known by. */
  readonly testRequirements: readonly RequirementAt[];
  readonly scripts: readonly PythonScript[];
  /** Options that the configuration hands to pytest; absent: it is not configured. */
  readonly pytest?: { readonly options: string; readonly line: number };
}

/** What stands in the way, as a sentence's part. */
export type MetadataReading = PythonMetadata | string;

/** Names of extras and groups that hold what tests need. */
export const TEST_GROUP = /^(?:tests?|testing|dev|develop|development|check|checks|unit)$/i;

/** Without pyproject.toml's own word PEP 517 has this backend build the project. */
export const DEFAULT_BACKEND = "setuptools.build_meta:__legacy__";

/** SPDX identifiers of the licence classifiers that say exactly one. */
const CLASSIFIERS: Readonly<Record<string, string>> = {
  "MIT License": "MIT",
  "Apache Software License": "Apache-2.0",
  "ISC License (ISCL)": "ISC",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
  "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
  "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
  "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
  "GNU Affero General Public License v3": "AGPL-3.0-only",
  "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
  "The Unlicense (Unlicense)": "Unlicense",
};

/** One that the classifiers name, where they name one alone. */
export function licenseOfClassifiers(classifiers: readonly string[]): string | undefined {
  const found = classifiers.flatMap((classifier) => {
    const name = /^License :: (?:OSI Approved :: )?(?<name>.+)$/.exec(classifier.trim())?.groups?.name ?? "";
    return Object.hasOwn(CLASSIFIERS, name) ? [CLASSIFIERS[name] ?? ""] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}
