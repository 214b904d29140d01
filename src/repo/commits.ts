import { git } from "../system/git.ts";

/** Commits with what their trailers say of CRQs (crq-format §8), as git itself reads trailers: in the last paragraph of the message. */

export interface Commit {
  /** Full id. */
  readonly commit: string;
  readonly parents: readonly string[];
  /** Committer's date, ISO 8601. */
  readonly date: string;
  readonly subject: string;
  readonly message: string;
  /** Of `CRQ:` trailers. */
  readonly crqs: readonly string[];
  /** Of `AC:` trailers, `AC-1` and so on. */
  readonly criteria: readonly string[];
  /** Of `Assisted-by:` trailers. */
  readonly assistedBy: readonly string[];
  /** Against its parent; empty for a merge. `from` is the earlier name of a moved or copied file. */
  readonly changes: readonly { readonly status: string; readonly path: string; readonly from?: string }[];
}

export interface Commits {
  /** Newest first. */
  readonly commits: readonly Commit[];
  /** There are older ones beyond the limit. */
  readonly more: boolean;
}

const HEAD_MARK = "\u001e";
const FIELD = "\u001f";
const VALUE = "\u001d";

const trailer = (key: string): string => `%(trailers:key=${key},valueonly,unfold,separator=%x1d)`;
const FORMAT = ["%x1e%H", "%P", "%cI", trailer("CRQ"), trailer("AC"), trailer("Assisted-by"), "%s", "%B"].join("%x1f");

/**
 * Commits that `git log SELECTION` names.
 * @param selection revisions and options, then `--` and paths, which are taken literally
 * @throws GitError where a revision does not exist
 */
export async function readCommits(directory: string, selection: readonly string[], limit = 2_000): Promise<Commits> {
  const text = await git(
    [
      "--literal-pathspecs",
      "log",
      "-z",
      "--name-status",
      "--find-renames",
      "--no-color",
      "--no-ext-diff",
      "--no-textconv",
      `--format=tformat:${FORMAT}`,
      `--max-count=${limit + 1}`,
      ...selection,
    ],
    { cwd: directory, maxOutputBytes: 256 * 1024 * 1024 },
  );
  const commits = parseLog(text);
  return { commits: commits.slice(0, limit), more: commits.length > limit };
}

/** `git log` options for commits whose message speaks of a CRQ, however many zeros its number has; which of them do so in a trailer is told by `crqs`. */
export function speakingOf(id: string): readonly string[] {
  const number = /^CRQ-0*(\d+)$/iu.exec(id)?.[1];
  return ["--extended-regexp", "--regexp-ignore-case", `--grep=CRQ-0*${number ?? "none"}([^0-9]|$)`];
}

/**
 * Reads `-z --name-status` output: a head, then a status and one or two paths a file, each ended by NUL. Messages and paths may hold any other
 * byte, so what comes next is known by place, not by content.
 */
function parseLog(text: string): readonly Commit[] {
  const commits: Commit[] = [];
  const parts = text.split("\0");
  let changes: { status: string; path: string; from?: string }[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? "";
    if (part.startsWith(HEAD_MARK)) {
      changes = [];
      commits.push(readHead(part.slice(1), changes));
      continue;
    }
    const status = part.trim();
    if (status === "") continue;
    const first = parts[++i] ?? "";
    if (/^[RC]\d*$/u.test(status)) changes.push({ status: status.slice(0, 1), path: parts[++i] ?? "", from: first });
    else changes.push({ status, path: first });
  }
  return commits;
}

function readHead(head: string, changes: Commit["changes"]): Commit {
  const [commit = "", parents = "", date = "", crqs = "", criteria = "", assisted = "", subject = "", ...message] =
    head.split(FIELD);
  return {
    commit,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    date,
    subject,
    message: message.join(FIELD),
    crqs: names(crqs, /^CRQ-\d{3,7}$/iu),
    criteria: names(criteria, /^AC-[1-9]\d*$/iu),
    assistedBy: assisted.split(VALUE).filter((value) => value !== ""),
    changes,
  };
}

/** Trailer values are lists or come several times; what is no name is left out. */
const names = (values: string, form: RegExp): readonly string[] => [
  ...new Set(
    values
      .split(VALUE)
      .flatMap((value) => value.split(/[\s,]+/u))
      .filter((name) => form.test(name))
      .map((name) => name.toUpperCase()),
  ),
];
