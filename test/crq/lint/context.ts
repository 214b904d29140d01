import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Catalogue, entryOf } from "../../../src/crq/catalogue/catalogue.ts";
import { lint } from "../../../src/crq/lint/lint.ts";
import type { LintContext, Profile } from "../../../src/crq/lint/rule.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE_PATH, GREET } from "../fixtures/example.ts";

/** What the linter is told about the example's repository: the files of the fixture folder itself. */
export const CONTEXT: LintContext = {
  exists: (path) => existsSync(join(GREET, path)),
  readSource: (path) => {
    if (!existsSync(join(GREET, path))) return "missing";
    const text = readFileSync(join(GREET, path), "utf8");
    return { text, sha256: createHash("sha256").update(text).digest("hex") };
  },
  inTarget: (text) => readFileSync(join(GREET, "Cargo.toml"), "utf8").includes(text),
  policy: (url) => (/^github:greeters\//.test(url) ? undefined : "its owner is not greeters"),
  forkRefs: ["feature/CRQ-016-nixify"],
  today: "2026-11-21",
  author: "human:Ada",
  base: "5f0c1d7e",
  systems: ["x86_64-linux"],
};

/** Findings of one rule as `line:column severity message`, with `*` where there is a fix. */
export function findings(
  rule: string,
  source: string,
  profile: Profile = "strict",
  context: LintContext = CONTEXT,
  path = EXAMPLE_PATH,
): string[] {
  return lint(path, source, profile, context)
    .filter((diagnostic) => diagnostic.rule === rule)
    .map(
      ({ line, column, severity, message, fix }) => `${line}:${column} ${severity} ${message}${fix === undefined ? "" : " *"}`,
    );
}

/** Names of the rules that find something, each once. */
export function rulesThatFind(
  source: string,
  profile: Profile = "strict",
  context: LintContext = CONTEXT,
  path = EXAMPLE_PATH,
): string[] {
  return [...new Set(lint(path, source, profile, context).map(({ rule }) => rule))].sort();
}

/** A folder `crqs` of the given files. */
export function catalogueOf(files: Readonly<Record<string, string>>): Catalogue {
  const entries = Object.entries(files).flatMap(([path, source]) => entryOf(path, parseCrq(`crqs/${path}`, source)) ?? []);
  return { folder: "crqs", entries, others: [], problems: [] };
}
