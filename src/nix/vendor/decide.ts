import { type FlakeReference, formatFlakeReference, isLocal, parseFlakeReference } from "../flake-reference.ts";
import { attributeOf, type DeclaredSource } from "../policy/declared-sources.ts";
import type { InputPolicy } from "../policy/policy.ts";
import { isGitHub, isOrg, refObeys, standing } from "../policy/reference.ts";

/** What is to become of each declared source: the org's fork, or why it stays as it is. */

export type SkipReason =
  | "on-policy"
  | "exception"
  | "follows"
  | "local"
  | "other-host"
  | "not-a-reference"
  | "no-fork"
  | "several-branches"
  | "fork-off-policy"
  | "not-declared"
  | "not-a-literal";

export interface Rewrite {
  readonly kind: "rewrite";
  readonly input: string;
  readonly from: string;
  readonly to: string;
  readonly branch: string;
  readonly foundIn: "forks" | "network";
}

export interface Skip {
  readonly kind: "skip";
  readonly input: string;
  readonly reason: SkipReason;
  readonly message: string;
  readonly offPolicy: boolean;
  readonly url?: string;
}

/** What the org's host answered: branches of the fork, or why there is no answer. */
export type RemoteBranches = { readonly branches: readonly string[] } | { readonly problem: string };

/** @param network by repository name in lower case; undefined: nobody asked */
export function decide(
  source: DeclaredSource,
  policy: InputPolicy,
  today: string,
  network?: ReadonlyMap<string, RemoteBranches>,
): Rewrite | Skip {
  const { name: input, url } = source;
  const attribute = attributeOf(input);
  const skip = (reason: SkipReason, message: string, offPolicy = true): Skip => ({
    kind: "skip",
    input,
    reason,
    message,
    offPolicy,
    ...(url !== undefined && { url }),
  });
  if (url === undefined && source.follows !== undefined) return skip("follows", `'${source.follows}'`, false);
  if (url === undefined) return skip("not-a-reference", `${attribute} names no source`);
  const stands = standing(url, { input }, policy, today);
  if (stands.kind === "obeys") return skip("on-policy", url, false);
  if (stands.kind === "excepted") return skip("exception", stands.reason, false);
  const reference = parseFlakeReference(url);
  if (!reference) return skip("not-a-reference", stands.judged.message);
  if (isLocal(reference)) return skip("local", `${stands.judged.message}; publish it and name it by its repository`);
  if (!isGitHub(reference)) return skip("other-host", `${stands.judged.message}, so it has no fork that would be known`);
  const found = branchFor(reference, policy, network);
  if ("reason" in found) return skip(found.reason, found.message);
  const to = forkUrl(reference, policy, found.branch);
  const becomes = standing(to, { input }, policy, today);
  if (becomes.kind === "breaks") return skip("fork-off-policy", `its fork is off policy too: ${becomes.judged.message}`);
  return { kind: "rewrite", input, from: url, to, branch: found.branch, foundIn: found.foundIn };
}

/** The repository of the org that would be the fork of a reference; undefined where there can be none. */
export function forkName(url: string): string | undefined {
  const reference = parseFlakeReference(url);
  return reference && isGitHub(reference) ? reference.repo : undefined;
}

/** Repository name and dir are kept; a quote mark would end the literal that it is put into. */
const forkUrl = ({ repo = "", dir }: FlakeReference, { org }: InputPolicy, branch: string): string =>
  formatFlakeReference({ type: "github", owner: org, repo, ref: branch, ...(dir !== undefined && { dir }) }).replaceAll(
    "'",
    "%27",
  );

type Found =
  | { readonly branch: string; readonly foundIn: Rewrite["foundIn"] }
  | { readonly reason: "no-fork" | "several-branches"; readonly message: string };

function branchFor(
  reference: FlakeReference,
  policy: InputPolicy,
  network: ReadonlyMap<string, RemoteBranches> | undefined,
): Found {
  const { owner = "", repo = "" } = reference;
  const upstream = `${owner}/${repo}`;
  const known = configured(reference, policy);
  if (known.length === 1) return { branch: known[0] ?? "", foundIn: "forks" };
  const line = `"${isOrg(owner, policy) ? `UPSTREAM/${repo}` : upstream}" = "feature/CRQ-NNN-…"`;
  const hint = `name it in crq-agent.toml, [policy.inputs.forks]: ${line}`;
  if (known.length > 1)
    return { reason: "several-branches", message: `[policy.inputs.forks] names ${known.join(" and ")} for ${repo}; keep one` };
  if (!network)
    return { reason: "no-fork", message: `no branch of ${policy.org}/${repo} is known; ${hint}, or look for it with --network` };
  const answer = network.get(repo.toLowerCase()) ?? { problem: "was not asked" };
  if ("problem" in answer)
    return { reason: "no-fork", message: `${policy.org}/${repo} did not answer with its branches: ${answer.problem}` };
  const fitting = answer.branches.filter((branch) => refObeys(branch, policy));
  if (fitting.length === 1) return { branch: fitting[0] ?? "", foundIn: "network" };
  if (fitting.length === 0)
    return {
      reason: "no-fork",
      message: `no branch of ${policy.org}/${repo} matches ${policy.ref} (it has ${answer.branches.length})`,
    };
  const names = `${fitting.slice(0, 5).join(", ")}${fitting.length > 5 ? ` and ${fitting.length - 5} more` : ""}`;
  return { reason: "several-branches", message: `${policy.org}/${repo} has several branches that match: ${names}; ${hint}` };
}

/** Branches of `forks` for an upstream; for a repository of the org itself those of the upstreams of that name. */
function configured({ owner = "", repo = "" }: FlakeReference, policy: InputPolicy): readonly string[] {
  const forks = Object.entries(policy.forks).map(([upstream, branch]) => [upstream.toLowerCase(), branch] as const);
  const exact = forks.filter(([upstream]) => upstream === `${owner}/${repo}`.toLowerCase());
  const found =
    exact.length > 0 || !isOrg(owner, policy) ? exact : forks.filter(([upstream]) => upstream.endsWith(`/${repo.toLowerCase()}`));
  return [...new Set(found.map(([, branch]) => branch))];
}
