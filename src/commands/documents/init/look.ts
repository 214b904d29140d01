import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CONFIG_FILE, type Config } from "../../../config.ts";
import { surveyWorkspace } from "../../../jobs/facts/survey-workspace.ts";
import { surveyData } from "../../../jobs/survey/survey-data.ts";
import { createWorkspace, RepositoryError, removeCopy } from "../../../repo/workspace/workspace.ts";
import { newSessionId } from "../../../session/store.ts";
import { nixSystem } from "../../../system/environment/host.ts";
import { recommend } from "../../repository/survey.ts";
import type { CliContext } from "../../wiring/context.ts";
import { workFolderOf } from "../../wiring/open-session.ts";
import { inferPolicy, type PolicyFinding } from "./infer-policy.ts";

/** What a repository says of itself before anybody has configured it. Nothing of it is run, and nothing is written. */
export interface Looked {
  /** What was found, each with the line behind it where there is one. */
  readonly facts: readonly Found[];
  /** Folders with documents, where they are not the default. */
  readonly docs: readonly string[] | undefined;
  readonly policy: PolicyFinding;
  /** Settings that keep their default, with the reason. */
  readonly left: readonly { readonly key: string; readonly why: string }[];
  /** A folder without git has the commit that its copy is given. */
  readonly commit: boolean;
}

export interface Found {
  readonly what: string;
  readonly value: string;
  /** `Cargo.toml:2`, or a reason in words. */
  readonly because: string;
}

/** Where projects keep documents, besides the README that is always read. */
const DOCUMENT_FOLDERS = ["docs", "doc", "documentation", "handbook"];

export async function look(context: CliContext, root: string, config: Config): Promise<Looked> {
  const names = new Set(
    (await readdir(root, { withFileTypes: true })).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])),
  );
  const folders = DOCUMENT_FOLDERS.filter((name) => names.has(name));
  const docs = folders.length > 0 && folders.join() !== config.docs.join() ? folders : undefined;
  const docsLeft = docs === undefined ? [{ key: "docs", why: docsReason(folders, config) }] : [];
  const work = workFolderOf(context, root, `init-${newSessionId(new Date(context.now()))}`);
  try {
    const workspace = await createWorkspace(root, join(work, "tree"), config.crqs);
    const details = await surveyWorkspace({
      place: {
        settings: { configFile: CONFIG_FILE, nixpkgs: config.nix.nixpkgs, inputPolicy: config.policy.inputs },
        nix: { system: nixSystem() },
        now: context.now,
      },
      workspace,
      docs: folders,
      task: undefined,
      yes: false,
    })();
    const policy = inferPolicy([...details.repositoryFacts, ...details.facts], config.nix.nixpkgs);
    return {
      facts: [
        ...(docs === undefined
          ? []
          : [{ what: "documents", value: docs.join(", "), because: `the folder${docs.length > 1 ? "s are" : " is"} there` }]),
        ...factsOf(surveyData(details, recommend(details))),
      ],
      docs,
      policy,
      left: [...docsLeft, ...(policy.found ? [] : [{ key: "policy.inputs", why: policy.why }]), ...USUAL],
      commit: true,
    };
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    const why = `nothing could be looked at: ${error.message.replace(`${root}: `, "")}`;
    return {
      facts: [],
      docs,
      policy: { found: undefined, why },
      left: [...docsLeft, { key: "policy.inputs", why }, ...USUAL],
      commit: error.code !== "no-commit",
    };
  } finally {
    await removeCopy(work);
  }
}

/** What no file of a repository could answer. */
const USUAL = [
  { key: "model", why: "rules need no key and cost nothing" },
  { key: "limits", why: "a matter of money and time, not of the repository" },
] as const;

const docsReason = (folders: readonly string[], config: Config): string =>
  folders.length > 0
    ? `${config.docs.join(", ")}/ is there`
    : `there is no ${DOCUMENT_FOLDERS.join("/, ")}/; the README is read all the same`;

type Surveyed = ReturnType<typeof surveyData>;

function factsOf({ project, otherLanguages, recommendation, flake, ci, native }: Surveyed): readonly Found[] {
  const checks = [
    ["clippy", ci?.clippyDenied],
    ["nextest", ci?.nextest],
    ["formatting", ci?.formatting],
  ] as const;
  return [
    ...(project?.packages ?? []).map((pkg) => ({
      what: "project",
      value: `${pkg.name} ${pkg.version}${pkg.programs.length > 0 ? `, programs ${pkg.programs.map(({ name }) => name).join(", ")}` : ""}`,
      because: pkg.source ?? "",
    })),
    ...(project
      ? []
      : [{ what: "project", value: otherLanguages.join(", ") || "no language that is known", because: "no Cargo.toml" }]),
    ...(flake
      ? [{ what: "flake", value: `${flake.path}${flake.locked ? "" : ", not locked"}`, because: flake.builder ?? "" }]
      : []),
    ...(recommendation
      ? [
          {
            what: "builder",
            value: recommendation.builder,
            because: recommendation.evidence[0]?.source ?? recommendation.reasons[0] ?? "",
          },
        ]
      : []),
    ...checks.flatMap(([name, source]) => (source ? [{ what: "check", value: `${name} in CI`, because: source }] : [])),
    ...(project?.packages.some(({ tests }) => tests) ? [{ what: "check", value: "cargo test", because: "there are tests" }] : []),
    ...native.needs.slice(0, 6).map(({ reason, source }) => ({ what: "needs", value: reason, because: source ?? "" })),
  ];
}
