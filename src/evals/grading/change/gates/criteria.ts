import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { logText } from "../../../../crq/criteria/check/log.ts";
import { saysOnlyUnknown } from "../../../../crq/criteria/report/gate.ts";
import { approvalHash, approvalState } from "../../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../../crq/model.ts";
import { parseCrq } from "../../../../crq/parse.ts";
import type { JobPlace } from "../../../../jobs/job-place.ts";
import { openPrompts } from "../../../../jobs/prompts.ts";
import { Acceptance, describeOutcomes } from "../../../../jobs/work/acceptance/acceptance.ts";
import { approvedByPerson } from "../../../../jobs/work/acceptance/goal-posts.ts";
import { PARTS, type Task } from "../../../task/task.ts";
import { fail, type GateDefinition, type Judgement, off, pass } from "../gate.ts";
import { requireMachine } from "../observe.ts";
import { CONFIG_FILE } from "../settings.ts";
import { type ChangeSubject, TIMEOUT } from "../subject.ts";

const givesDocument = ({ leaves }: Task): boolean =>
  leaves.some(({ path }) => path.startsWith(`${PARTS.given}/`) && path.endsWith(".md") && path.split("/").length === 2);

/** The CRQ that was given is the one that was approved, and every criterion of it is green in a pristine copy. */
export const criteria: GateDefinition<ChangeSubject> = {
  name: "criteria",
  needs: ["patch"],
  expensive: true,
  nothingToCheck: (task) => (givesDocument(task) ? undefined : "no CRQ was given"),
  async run(subject) {
    const given = await approvedDocuments(subject);
    if (given.length === 0) return off("no given CRQ is approved");
    const judged: Judgement[] = [];
    for (const crq of given) {
      judged.push((await changedDocument(subject, crq)) ?? (await judgeCriteria(subject, crq)));
    }
    const log = judged.map((one) => `${one.detail}\n${one.log ?? ""}`).join("\n");
    const failing = judged.find(({ verdict }) => verdict === "fail");
    return failing ? fail(failing.detail, log) : pass(judged.map(({ detail }) => detail).join("; "), log);
  },
};

/** Of the staged repository, never of the change. */
async function approvedDocuments({ place, settings }: ChangeSubject): Promise<readonly Crq[]> {
  const folder = join(place.repository, settings.crqFolder);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".md") && name !== "INDEX.md");
  const documents = await Promise.all(
    names.sort().map(async (name) => parseCrq(`${settings.crqFolder}/${name}`, await readFile(join(folder, name), "utf8"))),
  );
  return documents.filter((crq) => crq.metadata?.status === "approved" && approvalState(crq).state === "valid");
}

/** Scope and criteria are what a person approved: their hash is the same as before. */
async function changedDocument({ context }: ChangeSubject, given: Crq): Promise<Judgement | undefined> {
  const read = await context.target.read(given.path);
  if (!read.ok) return fail(`${given.path}, which was approved, is gone: ${read.message}`);
  const now = parseCrq(given.path, read.text);
  return approvalHash(now) === approvalHash(given)
    ? undefined
    : fail(`${given.path}: scope or criteria are not those that were approved`);
}

async function judgeCriteria(subject: ChangeSubject, crq: Crq): Promise<Judgement> {
  const { commit, tree, workspace, signal } = subject;
  const id = crq.metadata?.id ?? crq.path;
  const place = await jobPlace(subject, id);
  const acceptance = new Acceptance({
    place,
    workspace,
    crq,
    unsafeLocal: subject.context.unsafeLocal,
    canaries: Promise.resolve([]),
    goalPosts: approvedByPerson(crq, place.settings),
  });
  const { outcomes, report } = await acceptance.judgeCommit(commit, tree, "verify", signal);
  for (const check of outcomes.flatMap(({ checks }) => checks)) await requireMachine(check.result, subject.context.environment);
  const log = [
    describeOutcomes(outcomes),
    ...outcomes.flatMap(({ checks }) =>
      checks.map(({ criterion, index, result }) => `=== ${criterion}.${index}\n${logText(result)}`),
    ),
  ].join("\n");
  // Whether they were red at the base is a question to the task, not to each change of it: it is not asked here.
  const failures = report.gate.failures.filter(({ rule }) => !saysOnlyUnknown(rule));
  const [first] = failures;
  if (first === undefined) return pass(`${outcomes.length} criteria of ${id}`, log);
  const others = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  return fail(`${id}: ${first.ac ?? first.rule}: ${first.detail}${others}`, log);
}

async function jobPlace({ place, settings, signal }: ChangeSubject, id: string): Promise<JobPlace> {
  const folder = (name: string): string => join(place.work, `verify-${id}`, name);
  const [sessionFolder, workFolder, baselineFolder] = [folder("session"), folder("work"), folder("baselines")];
  await Promise.all([sessionFolder, workFolder, baselineFolder].map((path) => mkdir(path, { recursive: true })));
  return {
    environment: place.environment,
    nix: place.nix,
    prompts: openPrompts(place.machine.packageRoot),
    // No model speaks here.
    limits: {},
    maxOutputTokens: 1,
    signal,
    now: () => Date.now(),
    agent: "crq-evals",
    sessionFolder,
    workFolder,
    baselineFolder,
    progress: () => undefined,
    redact: (text) => text,
    settings: {
      crqFolder: settings.crqFolder,
      configFile: CONFIG_FILE,
      nixpkgs: settings.nixpkgs,
      systems: place.task.file.systems,
      inputPolicy: settings.inputPolicy,
      judgeInputs: settings.judgeInputs,
      noteCharacters: 0,
      buildTimeoutMs: TIMEOUT.build * 1000,
      evalTimeoutMs: TIMEOUT.eval * 1000,
    },
  };
}
