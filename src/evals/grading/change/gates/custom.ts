import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { errorText } from "../../../../system/error.ts";
import { git } from "../../../../system/git.ts";
import { PARTS } from "../../../task/task.ts";
import { InfraFailure } from "../../../trial/infra-failure.ts";
import type { CheckFacts, CustomCheck } from "../facts.ts";
import { fail, type GateDefinition, type GateResults, pass } from "../gate.ts";
import { type ChangeSubject, TIMEOUT } from "../subject.ts";

const MAX_FILE_BYTES = 1024 * 1024;

const answerSchema = z.strictObject({ ok: z.boolean(), detail: z.string() });
const moduleSchema = z.looseObject({ default: z.custom<CustomCheck>((value) => typeof value === "function") });

/** Checks of the task's own: code of its author, as trusted as the rest of the task, on facts that the host has gathered. */
export const custom: GateDefinition<ChangeSubject> = {
  name: "custom",
  needs: ["patch"],
  expensive: false,
  nothingToCheck: ({ checks }) => (checks.custom.length === 0 ? "the task has no check of its own" : undefined),
  async run(subject, gates) {
    const { task } = subject.place;
    const facts = await factsOf(subject, gates);
    const failing: string[] = [];
    const said: string[] = [];
    for (const name of task.checks.custom) {
      const { ok, detail } = await ask(join(task.directory, PARTS.checks, name), facts);
      said.push(`${name}: ${ok ? "ok" : "not ok"}: ${detail}`);
      if (!ok) failing.push(`${name}: ${detail}`);
    }
    return failing.length > 0 ? fail(failing.join("; "), said.join("\n")) : pass(said.join("; "), said.join("\n"));
  },
};

/** A check that breaks is the task's mistake, never the change's. */
async function ask(file: string, facts: CheckFacts): Promise<z.infer<typeof answerSchema>> {
  try {
    const { default: check } = moduleSchema.parse(await import(pathToFileURL(file).href));
    return answerSchema.parse(check(facts));
  } catch (error) {
    throw new InfraFailure("harness", `${file} could not judge: ${errorText(error)}`, { cause: error });
  }
}

async function factsOf({ place, workspace, changed, context }: ChangeSubject, gates: GateResults): Promise<CheckFacts> {
  const evaluated = context.target.hasFlake ? await evaluator(context).facts(TIMEOUT.eval * 1000) : undefined;
  const flake = evaluated?.ok ? evaluated.value : undefined;
  const listed = await git(["ls-tree", "-r", "-z", "--name-only", place.commit], { cwd: place.repository });
  const before = listed.split("\0").filter((path) => path !== "");
  return {
    task: place.task.file.id,
    system: context.system,
    changed: changed.map(({ path, status }) => ({ path, status })),
    files: await textsOf(workspace.directory, context.target.files),
    before: await textsOf(place.repository, before),
    attributes: flake?.attributes,
    checks: flake?.checks?.map(({ name }) => name),
    gates,
  };
}

/** Links are left out: where they lead is not for a check to follow. */
async function textsOf(directory: string, paths: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(
    paths.map(async (path): Promise<readonly [string, string][]> => {
      const facts = await lstat(join(directory, path)).catch(() => undefined);
      if (!facts?.isFile() || facts.size > MAX_FILE_BYTES) return [];
      const bytes = await readFile(join(directory, path));
      return bytes.includes(0) ? [] : [[path, bytes.toString("utf8")]];
    }),
  );
  return Object.fromEntries(texts.flat());
}
