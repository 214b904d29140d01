import type { CiFacts } from "./build-facts.ts";
import { sourceLine, type TrackedTree } from "./tracked-tree.ts";

/** What a project already runs on its changes: its checks in a flake should be no weaker and no stricter. */

const CI_FILES =
  /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci\/config\.yml|\.travis\.yml|\.cirrus\.yml|azure-pipelines\.yml|\.woodpecker(?:\.yml|\/[^/]+\.ya?ml)|\.forgejo\/workflows\/[^/]+\.ya?ml)$/;
/** Scripts that CI calls; what they run counts only where CI's own files say nothing. */
const SCRIPTS = /^(?:[Jj]ustfile|\.justfile|Makefile|Makefile\.toml|\.config\/nextest\.toml)$/;
/** What contributors are told to run, where neither says anything. A nextest named there may be one choice of several. */
const GUIDES =
  /^(?:\.github\/|docs\/)?(?:README|CONTRIBUTING|HACKING|DEVELOPMENT|DEVELOPING)(?:\.(?:md|markdown|rst|adoc|txt))?$/i;
const TOLD = ["clippyDenied", "formatting"] as const;
const NEXTEST_CONFIG = ".config/nextest.toml";
const MAX_FILES = 40;

const SIGNS = {
  nextest: /\bcargo[\s-]+(?:\S+\s+)*?nextest\b|\btool:.*\bnextest\b/,
  clippyDenied: /clippy\b.*(?:-D|--deny)[\s=]*warnings|RUSTFLAGS.*-D\s*warnings/,
  formatting: /\b(?:cargo\s+(?:\+\S+\s+)?fmt\b.*--check|rustfmt\b.*--check)/,
} as const;

export async function ciFacts(tree: TrackedTree): Promise<CiFacts | undefined> {
  const paths = tree.entries.filter(({ kind }) => kind === "file").map(({ path }) => path);
  const files = [...paths.filter((path) => CI_FILES.test(path)), ...paths.filter((path) => SCRIPTS.test(path))].slice(
    0,
    MAX_FILES,
  );
  const guides = paths.filter((path) => GUIDES.test(path)).slice(0, MAX_FILES);
  if (files.length === 0 && guides.length === 0) return undefined;
  await tree.load([...files, ...guides]);
  const found: { nextest?: string; clippyDenied?: string; formatting?: string } = {};
  for (const path of files) {
    const text = (await tree.text(path))?.text ?? "";
    for (const name of ["nextest", "clippyDenied", "formatting"] as const) {
      if (found[name] !== undefined) continue;
      const configured = name === "nextest" && path === NEXTEST_CONFIG;
      const source = sourceLine(path, withoutComments(text), configured ? /\S/ : SIGNS[name]);
      if (source !== path) found[name] = source;
    }
  }
  for (const path of guides) {
    const text = (await tree.text(path))?.text ?? "";
    for (const name of TOLD) {
      if (found[name] !== undefined) continue;
      const source = sourceLine(path, text, SIGNS[name]);
      if (source !== path) found[name] = source;
    }
  }
  return files.length === 0 && Object.keys(found).length === 0 ? undefined : { ...found, files };
}

/** Characters of a line that are looked at; no command is longer, and each sign is looked for anew behind each of its first words. */
const MAX_LINE = 2_000;

/** Lines keep their numbers. */
const withoutComments = (text: string): string =>
  text
    .split("\n")
    .map((line) => (/^[ \t]*#/.test(line) ? "" : line.slice(0, MAX_LINE)))
    .join("\n");
