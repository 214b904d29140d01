import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildProgram } from "./bench/build-program.ts";

/**
 * `npm run evals`: the whole suite with rules, nop, oracle and the cheats, on the program as it is published. Tasks that were not admitted yet are
 * validated first. The run is named after the commit, so that the same command goes on where an earlier one stopped; further arguments go to
 * `evals run` (`npm run evals -- --models openai:NAME --repeats 3`).
 */

const root = join(import.meta.dirname, "..");

function text(...argv: readonly [string, ...string[]]): string {
  const [file, ...args] = argv;
  const done = spawnSync(file, args, { cwd: root, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${argv.join(" ")}: ${done.stderr}`);
  return done.stdout.trim();
}

function crqAgent(...args: readonly string[]): number {
  console.log(`\n$ crq-agent ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, [join(root, "dist", "bin.js"), ...args], { cwd: root, stdio: "inherit" });
  return status ?? 130;
}

const more = process.argv.slice(2);
const named = more.some((word) => word === "--id" || word.startsWith("--id="));
const commit = text("git", "rev-parse", "--short=12", "HEAD");
const id = `${commit}${text("git", "status", "--porcelain", "src", "prompts", "evals") === "" ? "" : "-dirty"}`;
buildProgram();
const admitted = crqAgent("evals", "validate", "--quick", "--missing");
// 1: some tasks are refused. They run all the same, and the report says so.
const unadmitted = admitted === 1 ? ["--allow-unadmitted"] : [];
process.exitCode =
  admitted > 1
    ? admitted
    : crqAgent(
        "evals",
        "run",
        ...(named ? [] : ["--id", id]),
        ...(more.includes("--repeats") ? [] : ["--repeats", "1"]),
        ...unadmitted,
        ...more,
      );
