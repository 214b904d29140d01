import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCommits } from "../../src/repo/commits.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crq-commits-"));
  git("init", "--quiet", "--initial-branch=main");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: folder, encoding: "utf8" });

function commit(message: string, files: Readonly<Record<string, string>> = {}): string {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  git("add", "--all");
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--allow-empty", "-F", "-"], {
    cwd: folder,
    input: message,
  });
  return git("rev-parse", "HEAD").trim();
}

const summary = async (...selection: string[]) =>
  (await readCommits(folder, selection)).commits.map(({ subject, crqs, criteria, changes }) => ({
    subject,
    crqs,
    criteria,
    changes,
  }));

test("reads trailers as git does: lists, several lines, folded lines, any case; and none from the middle of a message", async () => {
  commit("First\n", { a: "1\n" });
  commit("Second\n\nSome text.\n\nCRQ: CRQ-001\nAC: AC-1,\n  AC-2\nAssisted-by: crq-agent@0.1.0/rules\n", { a: "2\n" });
  commit("Third\n\ncrq: crq-002\nCRQ: CRQ-001\nAC: AC-3\nAC: AC-1 and more\n");
  commit("Squashed (#12)\n\n* Second\n\nCRQ: CRQ-001\nAC: AC-1\n\n* A later fix\n");
  expect(await summary("HEAD")).toEqual([
    { subject: "Squashed (#12)", crqs: [], criteria: [], changes: [] },
    { subject: "Third", crqs: ["CRQ-002", "CRQ-001"], criteria: ["AC-3", "AC-1"], changes: [] },
    { subject: "Second", crqs: ["CRQ-001"], criteria: ["AC-1", "AC-2"], changes: [{ status: "M", path: "a" }] },
    { subject: "First", crqs: [], criteria: [], changes: [{ status: "A", path: "a" }] },
  ]);
});

test("follows a file through its names, whatever they hold", async () => {
  const [before, after] = ["a b\u001e\tü.txt", 'M"\n\u001f*.txt'];
  commit("Add", { [before]: "one\ntwo\nthree\n" });
  git("mv", before, after);
  commit("Move");
  commit("Other", { "Mx.txt": "no glob\n" });
  expect(await summary("--follow", "HEAD", "--", after)).toEqual([
    { subject: "Move", crqs: [], criteria: [], changes: [{ status: "R", path: after, from: before }] },
    { subject: "Add", crqs: [], criteria: [], changes: [{ status: "A", path: before }] },
  ]);
});

test("a message cannot pass for another commit or for a path", async () => {
  commit("Odd \u001e\u001f subject\n\n\u001eCRQ: CRQ-009\u001f\n", { a: "1\n" });
  const [only, ...others] = (await readCommits(folder, ["HEAD"])).commits;
  expect(others).toEqual([]);
  expect(only).toMatchObject({ crqs: [], changes: [{ status: "A", path: "a" }] });
});

test("says when there are more than were asked for", async () => {
  commit("First\n");
  commit("Second\n");
  expect(await readCommits(folder, ["HEAD"], 1)).toMatchObject({ commits: [{ subject: "Second" }], more: true });
  expect(await readCommits(folder, ["HEAD"], 2)).toMatchObject({ more: false });
  await expect(readCommits(folder, ["no-such-branch"])).rejects.toThrow(/unknown revision/u);
});
