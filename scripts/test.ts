import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * `npm test`: style, types, then the tests. Every part runs even when an earlier one failed; the exit code tells of all. `--coverage` measures
 * what the tests reach, at twice the time (`npm run coverage`).
 */

const root = join(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const only = process.argv.slice(2);

const parts: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["style (biome)", [bin("biome"), "check", "--error-on-warnings", "."]],
  ["types (tsc)", [bin("tsc"), "--noEmit"]],
  ["tests (vitest)", [bin("vitest"), "run", ...only]],
];

const results = parts.map(([name, [file = "", ...args]]) => {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(file, args, { cwd: root, stdio: "inherit" });
  return { name, ok: status === 0, seconds: (performance.now() - started) / 1000 };
});

console.log("");
for (const { name, ok, seconds } of results) console.log(`${ok ? "ok  " : "FAIL"} ${name.padEnd(16)} ${seconds.toFixed(1)} s`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
