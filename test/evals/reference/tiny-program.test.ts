import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tinyProgram } from "../../../src/evals/reference/cheats/tiny-program.ts";
import { nixSystem } from "../../../src/system/environment/host.ts";

test.runIf(process.platform === "linux")(
  "a program of machine code alone runs here, and prints its text whatever it is asked",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "crq-tiny-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "program");
    const bytes = tinyProgram(nixSystem(), "0.4.2\nü\n");
    await writeFile(file, bytes ?? "", { mode: 0o755 });
    expect(execFileSync(file, ["--version", "x"], { encoding: "utf8" })).toBe("0.4.2\nü\n");
    // Small enough to pass for a setting: what is to find it must not go by its size.
    expect(bytes?.length).toBeLessThan(400);
  },
);

test("there is none for a system that Linux's own do not cover", () => {
  expect(tinyProgram("aarch64-darwin", "x")).toBeUndefined();
});
