import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the program's help beside the built bin.js, which prints it without loading an option parser. */
const dist = join(import.meta.dirname, "..", "dist");
const file = join(dist, "help.txt");
rmSync(file, { force: true });
const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, "bin.js"), "--help"], { encoding: "utf8" });
if (status !== 0 || stdout === "") throw new Error(`crq-agent --help exited with ${status}: ${stderr}`);
writeFileSync(file, stdout);
