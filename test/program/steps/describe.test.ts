import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HOST_PATH as PATH } from "../host-tools.ts";
import { type Place, place } from "../place.ts";
import { PACKAGE_ROOT } from "../world.ts";

const described = async (project: string): Promise<readonly unknown[]> =>
  (await readFile(join(project, "steps/steps.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

const run = (at: Place, project: string, command: readonly string[]) =>
  at.run(["steps", "describe", "--", ...command], {
    cwd: project,
    env: { PATH, CC: "cc", OPENAI_API_KEY: "sk-secret" },
  });

describe("steps describe", () => {
  it("writes down what a build would call, and runs none of it", async () => {
    const at = await place();
    const build = '#!/bin/sh\nset -e\ncc -c a.c -o a.o\nar rcs liba.a a.o\n"$CC" -DNAME=\'"a b"\' -o app main.c liba.a\n';
    const project = await at.repository({ build, "a.c": "int a;\n", "main.c": "int main(void) { return 0; }\n" });
    const done = await run(at, project, ["sh", "build"]);
    expect({ exit: done.exit, stdout: done.stdout }).toEqual({
      exit: 0,
      stdout: [
        "steps/steps.jsonl: 3 calls described, none run.",
        "A call that depends on what another would have made may be missing or different.",
        "To have all of them, run the build while it is recorded: crq-agent steps record -- sh build",
        "",
      ].join("\n"),
    });
    const common = { env: { CC: "cc" }, cwd: "@source@" };
    const cc = { ...common, type: "c_compiler_invocation", command: "cc" };
    expect(await described(project)).toEqual([
      { ...cc, args: ["-c", "a.c", "-o", "a.o"] },
      { ...common, type: "archiver_invocation", command: "ar", args: ["rcs", "liba.a", "a.o"] },
      { ...cc, args: ['-DNAME="a b"', "-o", "app", "main.c", "liba.a"] },
    ]);
    expect((await readdir(project)).toSorted()).toEqual([".git", "a.c", "build", "main.c", "steps"]);
    expect(await at.run(["steps", "check"], { cwd: project })).toMatchObject({ exit: 0 });
  });

  it("says how far a driver came that needs what a call would have made", async () => {
    const at = await place();
    const project = await at.repository({ "README.md": "" }, "driver");
    await cp(join(PACKAGE_ROOT, "test/docs/fixtures/driver"), project, { recursive: true });
    const done = await run(at, project, ["sh", "x", "build"]);
    expect(done.exit).toBe(1);
    expect(done.stdout).toContain(
      "steps/steps.jsonl: 1 calls described, none run.\nsh ended with exit code 127, most likely where it needed",
    );
    expect(await described(project)).toMatchObject([{ command: "rustc", cwd: "@source@" }]);
  });
});
