import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { execute } from "../../../src/system/process.ts";

/** The real Nix of this machine: the private prefix, else the one on PATH. */

const root = join(import.meta.dirname, "../../..");

function nixBin(): string {
  try {
    const host = z
      .object({ nix: z.object({ bin: z.string() }) })
      .parse(JSON.parse(readFileSync(join(root, ".prefix/host.json"), "utf8")));
    return `${host.nix.bin}/`;
  } catch {
    return "";
  }
}

async function instantiate(args: readonly string[], stdin: string): Promise<string> {
  const finished = await execute({
    argv: [`${nixBin()}nix-instantiate`, "--store", "dummy://", ...args],
    cwd: root,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/nonexistent", NIX_CONF_DIR: "/nonexistent" },
    stdin,
    timeoutMs: 60_000,
  });
  if (finished.exit !== 0) throw new Error(`nix-instantiate: ${finished.problem ?? finished.stderr}\n${stdin}`);
  return finished.stdout;
}

/** Throws Nix's own words when the text is no Nix. */
export async function parseNix(text: string): Promise<void> {
  await instantiate(["--parse", "-"], text);
}

export async function evaluateNix(expression: string): Promise<unknown> {
  return JSON.parse(await instantiate(["--eval", "--strict", "--json", "-"], expression));
}
