import type { Crq } from "../../crq/model.ts";
import type { ProposalDetails, SurveyDetails } from "../../tools/contract.ts";
import { calls, type Decision, giveUp, type PlannedCall } from "../decision.ts";
import { inputSource } from "../plan/flake-inputs.ts";
import type { Step } from "../transcript.ts";

/** Requests for many small flakes: the generator of their kind writes them, the acceptance judges them, and there is nothing to mend between. */

type Kind = "lattice" | "steps";

/** What a generator cannot bring about. */
const WITHIN: ReadonlySet<string> = new Set(["steps", "run", "flake-inputs", "nix-parse", "git-scope", "manual"]);

export function nextOfSmallFlakes(
  kind: Kind,
  crq: Pick<Crq, "criteria">,
  details: SurveyDetails,
  steps: readonly Step[],
): Decision {
  const checks = crq.criteria.filter(({ withdrawn }) => withdrawn === undefined).flatMap((criterion) => criterion.checks);
  const beyond = checks.find((check) => !WITHIN.has(check.kind) && !check.regression);
  if (beyond)
    return giveUp(
      "not-understood",
      `A check of kind ${beyond.kind} asks for something that the generator of a ${kind} request does not make. Use a language model (--model).`,
    );
  const last = steps.filter(isGenerated).at(-1);
  if (!last) {
    const unusable = steps.filter((step) => step.tool === "unusable").at(-1);
    if (unusable) return giveUp("no-known-fix", `The generator gave no usable result: ${unusable.text}`);
    return kind === "lattice" ? proposeLattice(checks, details) : proposeSteps(checks, details);
  }
  if (!last.details.accepted && !isThere(last.details)) return giveUp("no-known-fix", refusalText(last.details));
  const unmet = steps.findLastIndex((step) => step.tool === "user");
  const ended = steps.findLastIndex((step) => step.tool === "end");
  const told = steps[unmet];
  if (ended >= 0 && unmet > ended && told?.tool === "user")
    return giveUp("no-known-fix", `The generated flakes do not satisfy the acceptance: ${told.text.slice(0, MAX_TOLD)}`);
  const number = last.details.changed.length;
  return { kind: "end", text: number === 0 ? "Nothing had to be changed." : `Generated and evaluated: ${number} files.` };
}

const MAX_TOLD = 1500;

type GeneratedStep = Extract<Step, { tool: "propose_lattice" | "propose_step_flakes" }>;
const isGenerated = (step: Step): step is GeneratedStep => step.tool === "propose_lattice" || step.tool === "propose_step_flakes";

/** An earlier run, or the base, has what the generator writes. */
const isThere = ({ stage, changed, problems }: ProposalDetails): boolean =>
  stage === "edit" && changed.length === 0 && problems[0] === "The files already have this content.";

function refusalText({ problems, diagnoses }: ProposalDetails): string {
  const said = [...problems, ...diagnoses.map(({ message, next }) => `${message}. ${next}`)];
  return said.slice(0, MAX_PROBLEMS).join(" ").slice(0, MAX_TOLD);
}

const MAX_PROBLEMS = 8;

const folderOf = (checks: Crq["criteria"][number]["checks"], mode: "lattice" | "records"): string | undefined =>
  checks.flatMap((check) => (check.kind === "steps" && check.mode === mode ? [check.dir] : []))[0];

function proposeLattice(checks: Crq["criteria"][number]["checks"], details: SurveyDetails): Decision {
  const folder = folderOf(checks, "lattice") ?? "lattice";
  const there = details.flakeGraphs?.lattices.find((lattice) => lattice.folder === folder);
  const crate = details.flakeGraphs?.crate;
  const wantsCrate = !there || checks.some((check) => check.kind === "steps" && check["node-files"]?.includes("Cargo.toml"));
  if (wantsCrate && crate?.problem !== undefined)
    return giveUp("no-known-fix", `The crate cannot be split into nodes: ${crate.problem}`);
  if (!there && !crate)
    return giveUp(
      "not-understood",
      `There is neither ${folder}/lattice.toml nor one crate whose items could become nodes. Plan the nodes with \`crq-agent lattice init ${folder}\` and \`lattice add\`, commit them, and apply again; or use a language model (--model).`,
    );
  const use = wantsCrate && crate ? { crate: crate.folder } : {};
  const call: PlannedCall = { tool: "propose_lattice", arguments: { folder, ...use, ...nixpkgsOf(details) } };
  return calls(use.crate === undefined ? "Write the flakes of the planned nodes." : "Make the items of the crate nodes.", call);
}

function proposeSteps(checks: Crq["criteria"][number]["checks"], details: SurveyDetails): Decision {
  const folder = folderOf(checks, "records") ?? "steps";
  const recording = details.flakeGraphs?.recordings.find((each) => each.folder === folder);
  const next = `Record the build where it runs (crq-agent steps record -- COMMAND), commit ${folder}, and apply again.`;
  if (!recording)
    return giveUp(
      "records-missing",
      `${folder} holds no committed step records, and the build itself is never run by the agent. ${next}`,
    );
  if (recording.problems.length > 0)
    return giveUp(
      "records-missing",
      `The records in ${folder} cannot be built again: ${recording.problems.slice(0, MAX_PROBLEMS).join("; ")}. ${next}`,
    );
  return calls(`Write a flake for each of the ${recording.steps} recorded steps.`, {
    tool: "propose_step_flakes",
    arguments: { folder, ...nixpkgsOf(details) },
  });
}

/** The policy's fork, where it has one. */
function nixpkgsOf({ policy, nixpkgs }: SurveyDetails): { readonly nixpkgs?: string } {
  const source = inputSource("nixpkgs", { policy, nixpkgs, stated: new Map(), existing: new Map(), locked: false });
  return source && source.url !== nixpkgs ? { nixpkgs: source.url } : {};
}
