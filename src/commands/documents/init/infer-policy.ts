import { parseFlakeReference } from "../../../nix/flake-reference.ts";
import type { InputPolicy } from "../../../nix/policy/policy.ts";
import type { DocumentFact } from "../../../repo/facts.ts";
import { upstreamOf } from "../../../rules/plan/flake-inputs.ts";

/** A policy of inputs that a repository lives by already, with the lines that show it. */

export interface InferredPolicy {
  readonly policy: Pick<InputPolicy, "org" | "ref" | "forks" | "exception">;
  /** `docs/nix.md:3: …` */
  readonly lines: readonly string[];
}

export type PolicyFinding = { readonly found: InferredPolicy } | { readonly found: undefined; readonly why: string };

interface Named {
  readonly name: string;
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
  readonly ref: string | undefined;
  /** `OWNER/REPO` of the usual source, where it is another one: then this is a fork. */
  readonly forkOf: string | undefined;
  readonly fact: DocumentFact;
}

/** How branches of forks are named after a CRQ. */
const CRQ_BRANCH = "^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$";

/**
 * Forks of one organisation, on named branches, make a policy; what comes from elsewhere becomes an exception, so that nothing which works
 * today is refused tomorrow. One fork without a branch is no rule, and forks of two organisations are two rules: then there is none. Pure.
 */
export function inferPolicy(facts: readonly DocumentFact[], nixpkgs: string): PolicyFinding {
  const named = facts.flatMap((fact) => readInput(fact, nixpkgs));
  if (named.length === 0) return none("no flake and no document says where an input comes from");
  const forks = named.filter(({ forkOf, ref }) => forkOf !== undefined && ref !== undefined);
  const owners = [...new Set(forks.map(({ owner }) => owner))];
  const [org, second] = owners;
  if (org === undefined) return none("every input that is named comes from its usual source, so no rule can be seen");
  if (second !== undefined) return none(`forks come from ${owners.join(" and ")}, and which of them is the rule is yours to say`);
  const refs = [...new Set(forks.flatMap(({ ref }) => ref ?? []))].sort();
  const others = named.filter(({ owner, ref }) => owner.toLowerCase() !== org.toLowerCase() || ref === undefined);
  return {
    found: {
      policy: {
        org,
        ref: refs.every((ref) => new RegExp(CRQ_BRANCH, "u").test(ref)) ? CRQ_BRANCH : `^(?:${refs.map(escaped).join("|")})$`,
        forks: Object.fromEntries(forks.map(({ forkOf, ref }) => [forkOf, ref ?? ""])),
        exception: [...new Set(others.map(({ url }) => url))].map((url) => ({
          url,
          reason: `in use when the policy was written (${placeOf(others.find((other) => other.url === url)?.fact)})`,
        })),
      },
      lines: [...new Set(forks.map(({ fact }) => `${placeOf(fact)}: ${fact.quote.trim()}`))],
    },
  };
}

const none = (why: string): PolicyFinding => ({ found: undefined, why });
const placeOf = (fact: DocumentFact | undefined): string => (fact === undefined ? "" : `${fact.source}:${fact.line}`);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

function readInput(fact: DocumentFact, nixpkgs: string): readonly Named[] {
  const name = /^inputs\.([A-Za-z0-9_-]+)\.url$/u.exec(fact.key ?? "")?.[1];
  const reference = fact.value === undefined ? undefined : parseFlakeReference(fact.value);
  if (name === undefined || reference?.type !== "github" || !reference.owner || !reference.repo) return [];
  const { owner, repo, ref } = reference;
  const usual = upstreamOf(name, nixpkgs)?.repository;
  const isFork = usual !== undefined && usual.split("/")[0]?.toLowerCase() !== owner.toLowerCase();
  return [{ name, url: fact.value ?? "", owner, repo, ref, forkOf: isFork ? usual : undefined, fact }];
}
