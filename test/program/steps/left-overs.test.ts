import { execFileSync } from "node:child_process";
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lacking, HOST_PATH as PATH } from "../host-tools.ts";
import { place } from "../place.ts";

/** What an earlier recording left behind, and what only looks like it. */

const MARK = "# crq-agent steps record: stands in for the program beside it until the recording has ended";
const standIn = (real: string): string => `#!/bin/sh\n${MARK}\nreal='${real.replaceAll("'", "'\\''")}'\nexec "$real" "$@"\n`;

describe.skipIf(lacking("cc") !== undefined)("steps record in a folder", () => {
  it("gives programs back that a killed recording left behind stand-ins", async () => {
    const at = await place();
    const repo = await at.repository({
      "gen.c": '#include <stdio.h>\nint main(void) { puts("made"); return 0; }\n',
      "a.c": "int a;\n",
      "build.sh": "cc -o gen gen.c && kill -9 $PPID\n",
    });
    const temporary = join(at.folder, "tmp");
    await mkdir(temporary);
    const env = { PATH, TMPDIR: temporary };
    expect(await at.run(["steps", "record", "--", "sh", "build.sh"], { cwd: repo, env })).toMatchObject({ signal: "SIGKILL" });
    const gen = join(repo, "gen");
    expect((await readFile(gen, "latin1")).split("\n").slice(0, 2)).toEqual(["#!/bin/sh", MARK]);
    expect(execFileSync(gen, { encoding: "utf8", env })).toBe("made\n");

    expect(await at.run(["steps", "record", "--", "cc", "-c", "a.c"], { cwd: repo, env })).toMatchObject({ exit: 0, stderr: "" });
    expect((await readFile(gen, "latin1")).slice(1, 4)).toBe("ELF");
    expect(execFileSync(gen, { encoding: "utf8", env })).toBe("made\n");
    expect((await readdir(repo)).filter((name) => name.startsWith(".crq"))).toEqual([]);
  });

  it("neither reads, writes nor removes what a repository's own stand-ins and links lead to", async () => {
    const at = await place();
    const repo = await at.repository({ "a.c": "int a;\n" });
    const precious = join(at.home, "precious");
    const beside = join(at.home, ".crq-real-x");
    for (const file of [precious, beside]) await writeFile(file, "mine\n");
    await symlink(precious, join(repo, ".crq-real-link"));
    await symlink(at.home, join(repo, "home"));
    const crafted = {
      one: standIn(precious),
      two: standIn(beside),
      three: standIn(join(repo, ".crq-real-link")),
      four: standIn(join(repo, "home", ".crq-real-x")),
      five: standIn(`${repo}/../${at.home.split("/").at(-1)}/.crq-real-x`),
    };
    for (const [name, text] of Object.entries(crafted)) await writeFile(join(repo, name), text, { mode: 0o755 });
    await mkdir(join(repo, "steps"));
    for (const name of ["steps.jsonl.part", "steps.part"]) await symlink(precious, join(repo, "steps", name));

    expect(await at.run(["steps", "record", "--", "cc", "-c", "a.c"], { cwd: repo, env: { PATH } })).toMatchObject({
      exit: 0,
      stderr: "",
    });
    expect(await at.run(["steps", "describe", "--out", "steps", "--", "true"], { cwd: repo, env: { PATH } })).toMatchObject({
      exit: 1,
    });
    for (const file of [precious, beside]) expect(await readFile(file, "utf8")).toBe("mine\n");
    for (const [name, text] of Object.entries(crafted)) expect(await readFile(join(repo, name), "utf8")).toBe(text);
    expect((await lstat(join(repo, ".crq-real-link"))).isSymbolicLink()).toBe(true);
  });

  it("says on Ctrl-C what becomes of the build, and speaks of no session", async () => {
    const at = await place();
    const repo = await at.repository({ "a.c": "int a;\n", "build.sh": "cc -c a.c && kill -INT $PPID && sleep 30\n" });
    const done = await at.run(["steps", "record", "--", "sh", "build.sh"], { cwd: repo, env: { PATH } });
    expect(done).toMatchObject({ exit: 130, signal: null });
    expect(done.stderr).toContain("Stopping: the build is told to stop, then its programs are given back.");
    expect(done.stderr).not.toContain("session");
  });
});
