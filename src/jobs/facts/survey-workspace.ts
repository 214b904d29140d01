import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import { type Contradiction, contradictions } from "../../crq/facts/contradictions.ts";
import { parseCrq } from "../../crq/parse.ts";
import type { Nix } from "../../nix/nix.ts";
import type { InputPolicy } from "../../nix/policy/policy.ts";
import type { ChooseProject } from "../../repo/cargo/project.ts";
import { documentFacts } from "../../repo/documents/document-facts.ts";
import type { DocumentFact, Survey } from "../../repo/facts.ts";
import { survey } from "../../repo/survey.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import type { AskPerson, Clarification } from "../../tools/ask.ts";
import type { DraftFrame, SurveyDetails } from "../../tools/contract.ts";
import type { ProjectSettings } from "../job-place.ts";
import { flakeGraphs } from "./flake-graphs.ts";
import { guideOf } from "./guide-document.ts";
import { refusedBy } from "./lint/lint-context.ts";
import { POLICY_KEY, repositoryFacts } from "./repository-facts.ts";

export interface SurveyInput {
  /** As much of a job's place as a survey needs: no Nix is run. */
  readonly place: {
    readonly settings: Pick<ProjectSettings, "configFile" | "nixpkgs" | "inputPolicy">;
    readonly nix: Pick<Nix, "system">;
    readonly now: () => number;
  };
  readonly workspace: Workspace;
  /** Folders and files of documents: as the person gave them, or relative to the repository. */
  readonly docs: readonly string[];
  readonly task: string | undefined;
  readonly crq?: { readonly path: string; readonly source: string };
  readonly draft?: DraftFrame;
  readonly yes: boolean;
  /** The commit that is looked at; absent: the workspace's base. */
  readonly at?: () => Promise<string>;
  /** Asks the person at the terminal; absent: nobody sits there. */
  readonly ask?: AskPerson;
  /** Is told what was asked and answered. */
  readonly heard?: (clarification: Clarification) => void;
}

/** The survey of a session's starting point, made once, when it is first asked for. */
export function surveyWorkspace(input: SurveyInput): () => Promise<SurveyDetails> {
  let made: Promise<SurveyDetails> | undefined;
  return () => {
    made ??= makeSurvey(input);
    return made;
  };
}

async function makeSurvey(input: SurveyInput): Promise<SurveyDetails> {
  const { place, workspace, docs, task, crq, draft, yes } = input;
  const clarifications: Clarification[] = [];
  const project = chooseProject(input, (said) => {
    clarifications.push(said);
    input.heard?.(said);
  });
  const facts = await survey(workspace.directory, { ref: (await input.at?.()) ?? workspace.base, project });
  const documents = await documentFacts(documentPlaces(docs, workspace), { root: workspace.directory });
  const { inputPolicy, configFile } = place.settings;
  const own = await repositoryFacts(workspace.directory, facts, configFile, documents.facts.length + 1);
  const guide = await guideOf(documents.facts, workspace.directory, facts.files);
  const graphs = await flakeGraphs({
    directory: workspace.directory,
    text: crq?.source ?? task ?? "",
    kind: draft?.kind ?? (crq && parseCrq(crq.path, crq.source).metadata?.kind),
    crates: facts.cargo?.packages.map(({ directory }) => directory) ?? [],
    nixpkgs: place.settings.nixpkgs,
    system: place.nix.system,
  });
  return {
    survey: { ...facts, uncommitted: workspace.uncommitted, ...(guide && { guide }) },
    facts: documents.facts,
    repositoryFacts: own,
    contradictions: findContradictions([...documents.facts, ...own], inputPolicy, today(place)),
    hashes: await hashesOf(workspace.directory, facts),
    leftOut: documents.leftOut,
    task,
    crq,
    draft,
    clarifications,
    system: place.nix.system,
    nixpkgs: place.settings.nixpkgs,
    policy: policyFacts(place.settings.inputPolicy),
    yes,
    ...(graphs && { flakeGraphs: graphs }),
  };
}

/** The project that the words of the wish or of the CRQ name, else the one that the person says. */
const chooseProject =
  ({ task, crq, ask }: SurveyInput, heard: (clarification: Clarification) => void): ChooseProject =>
  async (candidates) => {
    const words = new Set(
      (crq?.source ?? task ?? "").split(/[^\w/.-]+/).map((word) => word.replace(/(?<![.,:;/])[.,:;/]+$/, "")),
    );
    const named = candidates.filter(({ directory, name }) => words.has(directory) || words.has(name));
    if (named.length === 1) return named[0]?.directory;
    const question = "Which Cargo project is meant?";
    const answer = await ask?.(
      question,
      candidates.map(({ directory, name }) => `${name} in ${directory}`),
    );
    const said = candidates.find(
      ({ directory, name }) => answer === `${name} in ${directory}` || answer === directory || answer === name,
    );
    if (said && answer !== undefined) heard({ question, answer });
    return said?.directory;
  };

const today = (place: Pick<SurveyInput["place"], "now">): string => new Date(place.now()).toISOString().slice(0, 10);

/** Facts that cannot both hold, also against `[policy.inputs]`. What a flake has and the policy refuses is what a policy is for, and no question. */
export function findContradictions(
  facts: readonly DocumentFact[],
  policy: InputPolicy | undefined,
  today: string,
): readonly Contradiction<DocumentFact>[] {
  const fact = facts.find(({ key }) => key === POLICY_KEY);
  const asked = facts.filter(({ key, source }) => !(policy && key?.endsWith(".url") && source === "flake.nix"));
  return contradictions(asked, {
    ...(policy && {
      policy: { fact: fact ?? uncommittedPolicy(policy), refuses: (url) => refusedBy(policy, url, today) !== undefined },
    }),
  });
}

/** A policy that is not committed decides all the same; it cannot be cited, which line 0 says. */
const uncommittedPolicy = ({ org }: InputPolicy): DocumentFact => ({
  id: "[policy.inputs]",
  claim: `flake inputs come from repositories of ${org}`,
  source: "crq-agent.toml",
  line: 0,
  sha256: "",
  quote: "",
  key: POLICY_KEY,
  value: org,
});

/** Files that a drafter quotes besides the documents. */
async function hashesOf(directory: string, facts: Survey): Promise<Readonly<Record<string, string>>> {
  const manifests = facts.cargo?.packages.map((pkg) => posix.join(pkg.directory, "Cargo.toml")) ?? [];
  const paths = [
    ...new Set(["Cargo.toml", ...manifests, "Cargo.lock", "flake.nix", facts.readme?.path ?? "", "rust-toolchain.toml"]),
  ];
  const known = new Set(facts.files);
  const hashes: Record<string, string> = {};
  for (const path of paths.filter((candidate) => known.has(candidate)).slice(0, MAX_HASHES)) {
    hashes[path] = createHash("sha256")
      .update(await readFile(join(directory, path)))
      .digest("hex");
  }
  return hashes;
}

const MAX_HASHES = 12;

/** A document of the repository is read as it is committed; one that lies outside, as it is on disk. */
function documentPlaces(docs: readonly string[], workspace: Workspace): readonly string[] {
  return docs.flatMap((path) => {
    const inside = isAbsolute(path) && path.startsWith(`${workspace.origin}/`) ? path.slice(workspace.origin.length + 1) : path;
    if (isAbsolute(inside)) return [inside];
    const committed = join(workspace.directory, inside);
    return existsSync(committed)
      ? [committed]
      : existsSync(join(workspace.origin, inside))
        ? [join(workspace.origin, inside)]
        : [];
  });
}

export const policyFacts = (policy: InputPolicy | undefined): SurveyDetails["policy"] =>
  policy && { org: policy.org, ref: policy.ref, forks: policy.forks, exceptions: policy.exception.map(({ url }) => url) };
