import { join } from "node:path";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import type { NixFailure } from "../../../../nix/nix.ts";
import { pristineCopy, removeCopy } from "../../../../repo/workspace/workspace.ts";
import { tryGit } from "../../../../system/git.ts";
import type { ChecksFile } from "../../../task/checks-file.ts";
import { fail, type GateDefinition, type Judgement, pass } from "../gate.ts";
import { requireMachine } from "../observe.ts";
import { hiddenFile, judgeCases, runCase } from "../run-cases.ts";
import { type ChangeSubject, onThisSystem, TIMEOUT } from "../subject.ts";

type Mutation = ChecksFile["mutate"][number];

/** The sources are changed, and what the change's own flake then builds prints something else; or its tests notice. */
export const metamorphic: GateDefinition<ChangeSubject> = {
  name: "metamorphic",
  needs: ["build"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.mutate.length === 0 ? "the task has no mutation" : undefined),
  async run(subject) {
    const { mutate } = subject.place.task.checks;
    const judged: (readonly [Mutation, Judgement])[] = [];
    for (const mutation of mutate) judged.push([mutation, await judgeMutation(subject, mutation)]);
    const log = judged.map(([{ name }, one]) => `##### ${name}: ${one.verdict}: ${one.detail}\n${one.log ?? ""}`).join("\n");
    const failing = judged.filter(([, { verdict }]) => verdict !== "pass");
    return failing.length > 0
      ? fail(failing.map(([{ name }, { detail }]) => `${name}: ${detail}`).join("; "), log)
      : pass(mutate.length === 1 ? "1 mutation" : `${mutate.length} mutations`, log);
  },
};

async function judgeMutation(subject: ChangeSubject, mutation: Mutation): Promise<Judgement> {
  const { place, workspace, commit } = subject;
  const { task } = place;
  const directory = await pristineCopy(workspace, commit, join(place.work, `mutation-${mutation.name}`));
  try {
    const patch = (await hiddenFile(task, mutation.patch)).toString("utf8");
    const applied = await tryGit(["apply", "--index", "--whitespace=nowarn", "-"], { cwd: directory, stdin: patch });
    if (applied.exit !== 0) return fail("the sources were changed so that the mutation does not apply", applied.stderr);
    const followed = await judgeOutputs(subject, mutation, directory);
    if (followed.verdict !== "pass") return followed;
    for (const attribute of mutation.fails) {
      const noticed = await judgeNoticed(subject, onThisSystem(subject, attribute), directory);
      if (noticed.verdict !== "pass") return noticed;
    }
    return followed;
  } finally {
    await removeCopy(directory);
  }
}

/** What is built of the mutated sources prints what they say now. */
async function judgeOutputs(subject: ChangeSubject, mutation: Mutation, directory: string): Promise<Judgement> {
  const { place, context } = subject;
  const { task } = place;
  const names = Object.keys(mutation.expect);
  if (names.length === 0) return pass("no output to follow");
  const attributes = task.checks.build.attrs.map((attribute) => onThisSystem(subject, attribute));
  const built = await place.nix.build(directory, attributes, limits(subject));
  if (!built.ok) return notBuilt(built, subject, "the mutated sources do not build");
  const outputs = built.value.map(({ outputs: { bin, out, ...others } }) => bin ?? out ?? Object.values(others)[0] ?? "");
  const cases = task.checks.case.filter(({ name }) => names.includes(name));
  return judgeCases(
    cases,
    async (one) => {
      const text = (await hiddenFile(task, mutation.expect[one.name] ?? "")).toString("utf8");
      return runCase(task, one, outputs, context, { equals: text });
    },
    context,
  );
}

/** The attribute builds of the sources as they are, and no longer once the mutation has made a mistake in them. */
async function judgeNoticed(subject: ChangeSubject, attribute: string, directory: string): Promise<Judgement> {
  const before = await evaluator(subject.context).build(attribute, TIMEOUT.build * 1000);
  if (!before.ok) return notBuilt(before, subject, `${attribute} does not even build of the sources as they are`);
  const after = await subject.place.nix.build(directory, [attribute], limits(subject));
  if (after.ok) return fail(`${attribute} still builds: nothing there notices the mistake`, after.log);
  const [{ stage, message }] = after.diagnoses;
  if (stage === "build" || stage === "check") return pass(`${attribute} fails: ${message}`, after.log);
  return notBuilt(after, subject, `${attribute} fails, but not by building`);
}

async function notBuilt(failure: NixFailure, subject: ChangeSubject, what: string): Promise<Judgement> {
  const result = failureOfNix(failure, "it");
  await requireMachine(result, subject.context.environment);
  return fail(`${what}: ${failure.diagnoses[0].message}`, failure.log);
}

const limits = ({ signal }: ChangeSubject) => ({ timeoutMs: TIMEOUT.build * 1000, signal });
