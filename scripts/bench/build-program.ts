import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The program as it is published, built from the sources as they are now: a figure of an older build would say nothing. */
export function buildProgram(): void {
  const build = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, encoding: "utf8" });
  if (build.status !== 0) throw new Error(`npm run build: ${build.stdout}${build.stderr}`);
}
