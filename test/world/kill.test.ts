import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { miniWorld, WORLD_TOML } from "./mini-world.ts";
import { cannotRun, host } from "./opened.ts";
import { temporaryFolder, writeTree } from "./tree.ts";

const TOML = `${WORLD_TOML}[host]\nsandbox_paths = ["/bin/sh"]\n`;

/** Process ids whose command line holds a text. */
async function processesWith(text: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(
    ids.map(async (id) => [id, await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")] as const),
  );
  return lines.filter(([, line]) => line.includes(text)).map(([id]) => id);
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`gave up waiting: ${what}`);
}

test.skipIf(cannotRun !== undefined)("a killed program leaves no builder and no Nix behind", async () => {
  const { directory } = await miniWorld({}, { "world.toml": TOML });
  const place = await temporaryFolder();
  const mark = `crq-endless-${process.pid}`;
  await writeTree(place, {
    "endless.nix": `derivation { name = "endless"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "while :; do :; done # ${mark}" ]; }`,
  });
  const program = spawn(process.execPath, [join(import.meta.dirname, "kill-victim.ts"), directory, place], { stdio: "inherit" });
  const builders = (): Promise<string[]> => processesWith(mark);
  const children = (): Promise<string[]> => processesWith(join(place, "endless.nix"));
  try {
    await until(async () => (await builders()).length > 0, "the builder starts");
    expect((await children()).length).toBeGreaterThan(0);
    const ended = once(program, "exit");
    program.kill("SIGKILL");
    await ended;
    await until(async () => (await builders()).length + (await children()).length === 0, "builder and Nix are gone");
  } finally {
    program.kill("SIGKILL");
    // Only where the promise is broken: nothing of the test may go on.
    for (const id of await builders()) process.kill(Number(id), "SIGKILL");
  }
});
