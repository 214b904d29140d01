import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { tryGit } from "../system/git.ts";
import { checkNames, nixWeakenings } from "./weakening/nix-text.ts";
import { ciWeakenings, rustWeakenings, scriptWeakenings } from "./weakening/other-text.ts";
import type { Occurrence, WeakeningPattern } from "./weakening/patterns.ts";

/** Changes that make a check prove less (crq-format §7, point 7). A finding is no verdict: a person may waive it by its pattern's name. */

export interface Weakening {
  readonly pattern: WeakeningPattern;
  readonly file: string;
  /** In the file as it is now; 1 for what was removed. */
  readonly line: number;
}

const PROSE = /\.(?:md|markdown|mdx|txt|rst|adoc)$/iu;
const MAX_BYTES = 2 * 1024 * 1024;

/** What one file's change weakens. @param path relative to the repository; undefined texts: no such file */
export function weakeningsOf(path: string, before: string | undefined, after: string | undefined): readonly Weakening[] {
  if (PROSE.test(path)) return [];
  const [was, is] = [occurrences(path, before ?? ""), occurrences(path, after ?? "")];
  return [...added(was, is), ...removed(path, before ?? "", after ?? "")].map(({ pattern, line }) => ({
    pattern,
    file: path,
    line,
  }));
}

function occurrences(path: string, text: string): readonly Occurrence[] {
  if (text.length > MAX_BYTES) return [];
  if (path.endsWith(".nix")) return nixWeakenings(text);
  if (path.endsWith(".rs")) return rustWeakenings(text);
  return [...scriptWeakenings(path, text), ...ciWeakenings(path, text).found];
}

/** Occurrences beyond those that were there, each counted as often as it stands. */
function added(before: readonly Occurrence[], after: readonly Occurrence[]): readonly Occurrence[] {
  const left = new Map<string, number>();
  for (const { pattern, key } of before) left.set(`${pattern}\n${key}`, (left.get(`${pattern}\n${key}`) ?? 0) + 1);
  return after.filter(({ pattern, key }) => {
    const count = left.get(`${pattern}\n${key}`) ?? 0;
    left.set(`${pattern}\n${key}`, count - 1);
    return count <= 0;
  });
}

/** What is gone: named checks, tests, CI steps; exceptions of the policy that are new. */
function removed(path: string, before: string, after: string): readonly Occurrence[] {
  const gone = (pattern: WeakeningPattern, was: readonly string[], is: readonly string[]): readonly Occurrence[] =>
    added(
      is.map((key) => ({ pattern, key, line: 1 })),
      was.map((key) => ({ pattern, key, line: 1 })),
    );
  if (path.endsWith(".nix")) return gone("check removed", checkNames(before), checkNames(after));
  if (path.endsWith(".rs")) return gone("test removed", testNames(before), testNames(after));
  if (path.endsWith("crq-agent.toml")) return gone("policy exception added", exceptions(after), exceptions(before));
  return gone("CI step removed", ciWeakenings(path, before).steps, ciWeakenings(path, after).steps);
}

/** Names of functions under `#[test]` and its relatives (tokio::test, rstest, test_case …). */
function testNames(rust: string): readonly string[] {
  const code = rust.replace(/\/\/[^\n]*/gu, "");
  return [
    ...code.matchAll(
      /#\[(?:[a-z_]+::)*(?:test|rstest|test_case|quickcheck|proptest|wasm_bindgen_test)\b[^\]]*\](?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?(?:unsafe\s+)?fn\s+([A-Za-z0-9_]+)/gu,
    ),
  ].map(([, name = ""]) => name);
}

const policySchema = z.object({
  policy: z.object({ inputs: z.object({ exception: z.array(z.object({ url: z.string() })).optional() }).optional() }).optional(),
});

function exceptions(text: string): readonly string[] {
  try {
    return (policySchema.parse(parseToml(text)).policy?.inputs?.exception ?? []).map(({ url }) => url);
  } catch {
    // What does not parse is the configuration reader's to report; it allows nothing.
    return [];
  }
}

/** What the work since `base` weakens. @param changed paths relative to `directory` */
export async function findWeakenings(directory: string, base: string, changed: readonly string[]): Promise<readonly Weakening[]> {
  const found = await Promise.all(
    changed
      .filter((path) => !PROSE.test(path))
      .map(async (path) => {
        const before = await tryGit(["show", `${base}:${path}`], { cwd: directory, maxOutputBytes: 2 * MAX_BYTES });
        const after = await readFile(join(directory, path), "utf8").catch(() => undefined); // deleted, or a folder
        return weakeningsOf(path, before.exit === 0 ? before.stdout : undefined, after);
      }),
  );
  return found.flat();
}
