import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { GateProblem, ProposedChange } from "./proposal.ts";

/** What no proposal may bring as a file: what git runs by itself, content that nobody can review, links out of the tree. */

const HOOKS =
  /(?:^|\/)(?:\.githooks|\.husky|hooks)\/(?:_\/)?(?:applypatch-msg|commit-msg|fsmonitor-watchman|post-[a-z-]+|pre-[a-z-]+|prepare-commit-msg|push-to-checkout|reference-transaction|update|sendemail-validate)(?:\.[a-z]+)?$/u;
const DRIVERS = /(?:^|\s)-?(?:filter|diff|merge)=\S+/u;
const BASE64_RUN = /(?:[A-Za-z0-9+/]{60,}={0,2}\s*){2,}|[A-Za-z0-9+/]{4096,}/gu;
const MAX_BLOB = 4_096;

export function fileProblems(change: ProposedChange): readonly GateProblem[] {
  const { path, before, after } = change;
  const refuse = (rule: string, line: number, message: string, next: string): GateProblem => ({
    rule,
    file: path,
    line,
    message,
    next,
  });
  const problems: GateProblem[] = [];
  if (/(?:^|\/)\.git(?:\/|$)/u.test(path) || HOOKS.test(path)) {
    problems.push(
      refuse(
        "git-hook",
        1,
        "git would run this by itself: refused",
        "Leave git's own folder and hooks alone; put a script elsewhere and name it in the documentation.",
      ),
    );
  }
  if (/(?:^|\/)\.gitmodules$/u.test(path) && after !== undefined) {
    problems.push(
      refuse(
        "submodule",
        1,
        "submodules are not visible to a flake and are not added by an agent",
        "Use a flake input or a crate dependency instead.",
      ),
    );
  }
  if (/(?:^|\/)\.gitattributes$/u.test(path) && after !== undefined) {
    const had = new Set((before ?? "").split("\n"));
    after.split("\n").forEach((text, index) => {
      if (DRIVERS.test(text) && !/^\s*#/u.test(text) && !had.has(text)) {
        problems.push(
          refuse(
            "git-filter",
            index + 1,
            "a filter, diff or merge driver makes git run programs: refused",
            "Leave the line out; plain attributes (text, eol, linguist-…) are fine.",
          ),
        );
      }
    });
  }
  if (after === undefined) return problems;
  const control = after.search(/[\u0000\ufffd]/u);
  if (control !== -1 && !/[\u0000\ufffd]/u.test(before ?? "")) {
    problems.push(
      refuse(
        "binary",
        lineAt(after, control),
        "binary content cannot be reviewed: refused",
        "Write text only; let the flake build what is needed from source.",
      ),
    );
  }
  for (const match of after.matchAll(BASE64_RUN)) {
    if (match[0].replace(/\s/gu, "").length <= MAX_BLOB || (before ?? "").includes(match[0])) continue;
    problems.push(
      refuse(
        "encoded-blob",
        lineAt(after, match.index),
        `more than ${MAX_BLOB} bytes of encoded data cannot be reviewed: refused`,
        "Let the flake build or fetch it; do not embed it.",
      ),
    );
    break;
  }
  return problems;
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** Links among these paths of a folder that lead out of it (or nowhere, or are absolute). */
export async function escapingLinks(directory: string, paths: readonly string[]): Promise<readonly GateProblem[]> {
  const root = await realpath(directory);
  const problems = await Promise.all(
    paths.map(async (path): Promise<GateProblem | undefined> => {
      const absolute = resolve(root, path);
      const entry = await lstat(absolute).catch(() => undefined);
      if (!entry?.isSymbolicLink()) return undefined;
      const target = await readlink(absolute);
      const inside = relative(root, resolve(dirname(absolute), target));
      const really = await realpath(absolute).catch(() => undefined);
      const leaves =
        isAbsolute(target) || inside.startsWith("..") || (really !== undefined && relative(root, really).startsWith(".."));
      if (!leaves) return undefined;
      return {
        rule: "escaping-link",
        file: path,
        line: 1,
        message: `the link leads out of the repository (${target}): refused`,
        next: "Copy the file into the repository, or link to a path inside it, relative to the link.",
      };
    }),
  );
  return problems.filter((problem) => problem !== undefined);
}
