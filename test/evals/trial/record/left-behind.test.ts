import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readJournals } from "../../../../src/evals/trial/record/journals.ts";
import { readLeft } from "../../../../src/evals/trial/record/left-file.ts";

/** What the host reads of a trial's folder: files of the trial alone, and no more than it asked for. */

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "left-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const session = (id: string): string =>
  `${JSON.stringify({ seq: 0, at: 1, type: "session", schema: "crq-event/1", id, agent: "crq-agent@0", verb: "apply", model: "m", request: {} })}\n`;

test("a file is read up to its limit, and reached by no link", async () => {
  const other = join(root, "machine");
  const trial = join(root, "trial");
  await mkdir(join(other, "in"), { recursive: true });
  await mkdir(join(trial, "out", "folder"), { recursive: true });
  await writeFile(join(other, "secret"), "of this machine");
  await writeFile(join(other, "in", "file"), "of this machine");
  await writeFile(join(trial, "out", "patch"), "0123456789");
  await symlink(join(other, "secret"), join(trial, "out", "link"));
  await symlink(join(other, "in"), join(trial, "out", "way"));
  const read = async (path: string, limit = 100) => {
    const left = await readLeft(trial, path, limit);
    return left.kind === "read" ? { text: left.bytes.toString(), whole: left.whole } : left.kind;
  };
  expect([
    await read("out/patch"),
    await read("out/patch", 4),
    await read("out/link"),
    await read("out/way/file"),
    await read("out/folder"),
    await read("out/nothing"),
    await read("out/patch/below"),
  ]).toEqual([
    { text: "0123456789", whole: true },
    { text: "0123", whole: false },
    "refused",
    "refused",
    "refused",
    "absent",
    "absent",
  ]);
});

describe("journals", () => {
  const folderOf = (id: string): string => join(root, "state", "crq-agent", "sessions", "key", id);

  test("are read in the order in which they were written; a session that died before its first line has none", async () => {
    for (const id of ["one", "two"]) {
      await mkdir(folderOf(id), { recursive: true });
      if (id === "one") await writeFile(join(folderOf(id), "events.jsonl"), session(id));
    }
    const { events, misses } = await readJournals(join(root, "state"));
    expect([events.map((event) => (event.type === "session" ? event.id : event.type)), misses]).toEqual([["one"], []]);
  });

  test("tell what the world lacked, without a line that was torn when the program was killed; what is no miss is named with its place", async () => {
    const miss = { method: "GET", url: "https://a.example/x", status: 404, at: "2026-11-28T12:00:00Z" };
    await mkdir(folderOf("one"), { recursive: true });
    await writeFile(join(folderOf("one"), "events.jsonl"), session("one"));
    const file = join(folderOf("one"), "misses.jsonl");
    await writeFile(file, `${JSON.stringify(miss)}\n{"method":"GE`);
    expect((await readJournals(join(root, "state"))).misses).toEqual([miss]);
    await writeFile(file, `${JSON.stringify(miss)}\n{"method":"GE\n`);
    await expect(readJournals(join(root, "state"))).rejects.toThrow(`${file}:2: is no request that the world lacked`);
  });

  test("that are a link are no journals of the trial", async () => {
    await mkdir(folderOf("one"), { recursive: true });
    await writeFile(join(root, "elsewhere"), session("other"));
    await symlink(join(root, "elsewhere"), join(folderOf("one"), "events.jsonl"));
    await expect(readJournals(join(root, "state"))).rejects.toThrow(/is reached by a link/u);
  });
});
