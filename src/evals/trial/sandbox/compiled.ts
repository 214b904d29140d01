import { dirname } from "node:path";
import { execute } from "../../../system/process.ts";
import { InfraFailure } from "../infra-failure.ts";
import type { Sandbox } from "./enclose.ts";

/**
 * Loads the modules of all verbs, so that Node keeps what it compiled (NODE_COMPILE_CACHE): every trial starts in a home of its own, where it
 * would compile them anew and write 8 MB at its end. No model and no repository is near; trials can only read it, so that none hands another
 * anything. Node compares each file's content with what it compiled: an outdated entry is not used.
 * @param sandbox one that `compiles`
 * @throws InfraFailure where the program cannot be loaded
 */
export async function compileProgram(sandbox: Sandbox): Promise<void> {
  const [node, file] = sandbox.program;
  const finished = await execute({
    argv: sandbox.argv([node, "--input-type=module", "--eval", loading(dirname(file))], sandbox.root),
    cwd: sandbox.folder,
    env: sandbox.variables,
    timeoutMs: 300_000,
    graceMs: 0,
  });
  if (finished.exit === 0) return;
  const said = finished.problem ?? finished.stderr.trim().slice(-1_000);
  throw new InfraFailure("probe", `the program cannot be loaded in a trial's sandbox: ${said}`);
}

/** Verbs load their modules when they are asked for; those of the harness run in no trial. */
const loading = (code: string): string => `
import { globSync } from "node:fs";
const code = ${JSON.stringify(code)};
// Excluded are names below cwd: of absolute ones outside of it none would be.
const files = globSync(["cli.{js,ts}", "commands/*/**/*.{js,ts}"], { cwd: code, exclude: ["**/*.d.ts", "commands/evals/**"] });
for (const file of files) await import(code + "/" + file);
`;
