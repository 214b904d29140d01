import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { git, tryGit } from "../../system/git.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The one moment at which something of the person's changes: a new branch, a patch file, or, for a folder without git, the files
 * themselves. Each form is a single atomic step or is undone.
 */

export type HandOver =
  | { readonly form: "branch"; readonly branch: string; readonly commit: string }
  | { readonly form: "patch"; readonly path: string }
  | { readonly form: "files"; readonly paths: readonly string[] }
  | { readonly form: "nothing" };

export interface CommitText {
  readonly subject: string;
  readonly body: string;
  /** `CRQ`, `AC`, `Assisted-by` … in this order. */
  readonly trailers: readonly (readonly [string, string])[];
}

/** A commit message with trailers that `git interpret-trailers` reads back. */
export function commitMessage(text: CommitText): string {
  const trailers = text.trailers.map(([key, value]) => `${key}: ${value.replace(/\s+/gu, " ")}`).join("\n");
  const body = text.body.trim();
  return `${text.subject}\n${body === "" ? "" : `\n${body}\n`}\n${trailers}\n`;
}

const OWN_IDENTITY = { name: "crq-agent", email: "crq-agent@localhost" };

/**
 * The name and address that the hand-over commit carries: what `git commit` would use, read from the checkout's and the person's own
 * configuration without running anything of it.
 * @param home the person's home folder, or undefined to use crq-agent's own identity
 */
export async function personIdentity(
  origin: string,
  home: string | undefined,
): Promise<{ readonly name: string; readonly email: string }> {
  const [name, email] = await Promise.all([gitSetting(origin, home, "user.name"), gitSetting(origin, home, "user.email")]);
  return { name: name ?? OWN_IDENTITY.name, email: email ?? OWN_IDENTITY.email };
}

/** A person's own setting of git, or undefined. `home`: undefined to look at the repository's alone. */
export async function gitSetting(origin: string, home: string | undefined, key: string): Promise<string | undefined> {
  const places = [
    ["--local"],
    ...(home === undefined
      ? []
      : [
          ["--file", join(home, ".gitconfig")],
          ["--file", join(home, ".config", "git", "config")],
        ]),
  ];
  for (const place of places) {
    const found = await tryGit(["config", ...place, "--get", key], { cwd: origin });
    if (found.exit === 0 && found.stdout.trim() !== "") return found.stdout.trim();
  }
  return undefined;
}

/** Commits a tree of the workspace on top of its base, with the person as author. Nothing of the person's repository changes yet. */
export async function commitForPerson(
  workspace: Workspace,
  tree: string,
  text: CommitText,
  identity = OWN_IDENTITY,
): Promise<string> {
  const env = {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
  const commit = await git(["commit-tree", tree, "-p", workspace.base, "-F", "-"], {
    cwd: workspace.directory,
    env,
    stdin: commitMessage(text),
  });
  return commit.trim();
}

/**
 * Creates a branch at `commit` in the person's repository. An existing branch is never moved: a number is appended until a name is free.
 * The ref appears in one step; before it only loose objects that no ref names can exist.
 */
export async function handOverBranch(workspace: Workspace, commit: string, wanted: string): Promise<HandOver> {
  const staging = "refs/heads/hand-over";
  await git(["update-ref", staging, commit], { cwd: workspace.directory });
  for (let n = 1; n < 100; n++) {
    const branch = n === 1 ? wanted : `${wanted}-${n}`;
    const taken = await tryGit(["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`], { cwd: workspace.origin });
    if (taken.exit === 0) continue;
    await git(
      [
        "fetch",
        "--quiet",
        "--no-write-fetch-head",
        "--no-tags",
        "--no-auto-maintenance",
        workspace.directory,
        `${staging}:refs/heads/${branch}`,
      ],
      {
        cwd: workspace.origin,
      },
    );
    return { form: "branch", branch, commit };
  }
  throw new Error(`no free branch name: ${wanted} to ${wanted}-99 are all taken; delete old ones or hand over with --patch FILE`);
}

/** The change as a patch that `git apply` and `git am` accept. */
export async function patchText(workspace: Workspace, commit: string): Promise<string> {
  return git(["format-patch", "--stdout", "--binary", "--no-signature", "--zero-commit", "-1", commit], {
    cwd: workspace.directory,
    maxOutputBytes: 256 * 1024 * 1024,
  });
}

export async function handOverPatch(workspace: Workspace, commit: string, path: string): Promise<HandOver> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.part`;
  await writeFile(temporary, await patchText(workspace, commit));
  await rename(temporary, path);
  return { form: "patch", path };
}

/** Writes the changed files back into a folder that is no git repository. Refuses when one of them changed there in the meantime. */
export async function handOverFiles(workspace: Workspace, commit: string): Promise<HandOver> {
  const listed = await git(["diff-tree", "-r", "-z", "--no-commit-id", "--name-status", "--no-renames", workspace.base, commit], {
    cwd: workspace.directory,
  });
  const fields = listed.split("\0").filter((field) => field !== "");
  const changed: { readonly status: string; readonly path: string }[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) changed.push({ status: fields[i] ?? "", path: fields[i + 1] ?? "" });
  const there = [`--git-dir=${join(workspace.directory, ".git")}`, `--work-tree=${workspace.origin}`];
  const index = join(workspace.directory, ".git", `hand-over-index-${process.pid}`);
  const options = { cwd: workspace.origin, env: { GIT_INDEX_FILE: index } };
  try {
    await git([...there, "read-tree", workspace.base], options);
    // A fresh index knows no file times; without the refresh every file would look changed. Its exit code only repeats what diff-files says.
    await tryGit([...there, "update-index", "-q", "--refresh"], options);
    const dirty = new Set((await git([...there, "diff-files", "--name-only", "-z"], options)).split("\0"));
    const appeared = changed.filter(({ status, path }) => status === "A" && existsSync(join(workspace.origin, path)));
    const clash = [...changed.filter(({ status, path }) => status !== "A" && dirty.has(path)), ...appeared].map(
      ({ path }) => path,
    );
    if (clash.length > 0) {
      throw new Error(
        `${clash.join(", ")} changed in ${workspace.origin} while crq-agent worked; nothing was written. Use --patch FILE and apply it by hand.`,
      );
    }
    const wanted = changed.filter(({ status }) => status !== "D").map(({ path }) => path);
    if (wanted.length > 0) {
      await git([...there, "checkout", "--quiet", commit, "--pathspec-from-file=-", "--pathspec-file-nul"], {
        ...options,
        stdin: wanted.join("\0"),
      });
    }
    for (const { status, path } of changed) if (status === "D") await rm(join(workspace.origin, path), { force: true });
  } finally {
    await rm(index, { force: true });
  }
  return { form: "files", paths: changed.map(({ path }) => path) };
}

/** Paths that a commit changes against the base. */
export async function changedPaths(workspace: Workspace, commit: string): Promise<readonly string[]> {
  const listed = await git(["diff", "--name-only", "--no-renames", "-z", workspace.base, commit], { cwd: workspace.directory });
  return listed.split("\0").filter((path) => path !== "");
}

/**
 * Unified diff of base and commit for people, capped; first the summary of everything, then the patch without `without` (the CRQ folder:
 * its documents and reports are shown in other ways).
 */
export async function diffForPeople(workspace: Workspace, commit: string, without: string): Promise<string> {
  const options = { cwd: workspace.directory, maxOutputBytes: 256 * 1024 };
  const flags = ["--no-color", "--no-ext-diff", "--no-textconv", workspace.base, commit] as const;
  const stat = await git(["diff", "--stat=100", ...flags], options);
  const patch = await git(
    ["diff", ...flags, "--", ".", `:(exclude)${without}`, ":(exclude)**/*.lock", ":(exclude)*.lock"],
    options,
  );
  return `${stat}\n${patch}`;
}
