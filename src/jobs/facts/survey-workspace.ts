import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import type { InputPolicy } from "../../nix/input-policy.ts";
import { documentFacts } from "../../repo/documents/document-facts.ts";
import type { Survey } from "../../repo/facts.ts";
import { survey } from "../../repo/survey.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import type { DraftFrame, SurveyDetails } from "../../tools/contract.ts";
import type { JobPlace } from "../job-place.ts";

export interface SurveyInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  /** Folders and files of documents: as the person gave them, or relative to the repository. */
  readonly docs: readonly string[];
  readonly task: string | undefined;
  readonly crq?: { readonly path: string; readonly source: string };
  readonly draft?: DraftFrame;
  readonly yes: boolean;
}

/** The survey of a session's starting point, made once, when it is first asked for. */
export function surveyWorkspace(input: SurveyInput): () => Promise<SurveyDetails> {
  let made: Promise<SurveyDetails> | undefined;
  return () => {
    made ??= makeSurvey(input);
    return made;
  };
}

async function makeSurvey({ place, workspace, docs, task, crq, draft, yes }: SurveyInput): Promise<SurveyDetails> {
  const facts = await survey(workspace.directory, { ref: workspace.base });
  const documents = await documentFacts(documentPlaces(docs, workspace), { root: workspace.directory });
  return {
    survey: { ...facts, uncommitted: workspace.uncommitted },
    facts: documents.facts,
    hashes: await hashesOf(workspace.directory, facts),
    leftOut: documents.leftOut,
    task,
    crq,
    draft,
    system: place.nix.system,
    nixpkgs: place.settings.nixpkgs,
    policy: policyFacts(place.settings.inputPolicy),
    yes,
  };
}

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

const policyFacts = (policy: InputPolicy | undefined): SurveyDetails["policy"] =>
  policy && { org: policy.org, ref: policy.ref, forks: policy.forks, exceptions: policy.exception.map(({ url }) => url) };
