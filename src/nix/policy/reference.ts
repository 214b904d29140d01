import { type FlakeReference, isLocal, parseFlakeReference, sameReference } from "../flake-reference.ts";
import { isLatticeEdge, type LatticePlace } from "./lattice-place.ts";
import type { InputFinding, InputPolicy } from "./policy.ts";

/** One reference against the policy's form `github:<org>/<repo>?ref=…`, optionally with dir. */

export type Judged = Pick<InputFinding, "rule" | "message" | "next">;

export type Standing =
  | { readonly kind: "obeys" }
  | { readonly kind: "excepted"; readonly reason: string }
  | { readonly kind: "breaks"; readonly judged: Judged };

/** For whom an exception is asked: the input of that name, none in particular (a node of the lock), or whoever it is for (a url in prose). */
export type Asker = { readonly input: string } | "nobody" | "anybody";

export const policyForm = ({ org, ref }: InputPolicy): string => `github:${org}/REPO?ref=REF with REF like ${ref}`;

/**
 * @param today ISO date; exceptions end
 * @param lattice where the flake that names it stands in one, if it does
 */
export function standing(url: string, asker: Asker, policy: InputPolicy, today: string, lattice?: LatticePlace): Standing {
  const reference = parseFlakeReference(url);
  if (!reference) {
    const message = `'${url}' is no flake reference that Nix would read in one way only`;
    return {
      kind: "breaks",
      judged: { rule: "not-a-reference", message, next: `Write it as ${policyForm(policy)}` },
    };
  }
  const exception = exceptionFor(reference, asker, policy, today);
  if (exception) return { kind: "excepted", reason: exception.reason };
  const judged = judgeReference(reference, url, policy, lattice);
  return judged ? { kind: "breaks", judged } : { kind: "obeys" };
}

export const isGitHub = ({ type, host }: Pick<FlakeReference, "type" | "host">): boolean =>
  type === "github" && (host === undefined || host.toLowerCase() === "github.com");

export const isOrg = (owner: string | undefined, policy: InputPolicy): boolean =>
  owner?.toLowerCase() === policy.org.toLowerCase();

export const refObeys = (ref: string, policy: InputPolicy): boolean => new RegExp(policy.ref, "mu").test(ref);

function judgeReference(
  reference: FlakeReference,
  url: string,
  policy: InputPolicy,
  lattice: LatticePlace | undefined,
): Judged | undefined {
  const next = `Write it as ${policyForm(policy)}, or let a person add an exception with a reason.`;
  if (isLocal(reference)) return judgeLocal(reference, url, policy, lattice, next);
  if (reference.type === "indirect")
    return { rule: "other-host", message: `'${url}' is a name that Nix asks a registry for, not a source`, next };
  if (!isGitHub(reference)) return { rule: "other-host", message: `'${url}' is no github: reference to github.com`, next };
  if (!isOrg(reference.owner, policy))
    return { rule: "other-owner", message: `'${url}' belongs to '${reference.owner ?? ""}', not to '${policy.org}'`, next };
  if (reference.ref === undefined) {
    const pinned = reference.rev === undefined ? "names no ref" : "is pinned by a revision; pinning is the lock's work";
    return { rule: "no-ref", message: `'${url}' ${pinned}`, next };
  }
  if (!refObeys(reference.ref, policy))
    return { rule: "other-ref", message: `the ref '${reference.ref}' of '${url}' does not match ${policy.ref}`, next };
  return undefined;
}

function judgeLocal(
  reference: FlakeReference,
  url: string,
  { local }: InputPolicy,
  lattice: LatticePlace | undefined,
  next: string,
): Judged | undefined {
  const edge = lattice !== undefined && isLatticeEdge(reference, lattice);
  if (edge && local === "lattice") return undefined;
  if (edge)
    return {
      rule: "local",
      message: `'${url}' is a local path to a node of the same lattice, which the policy does not allow`,
      next: 'Let a person write local = "lattice" below [policy.inputs]; it allows relative paths between nodes of one lattice.toml, and no others.',
    };
  const outside = lattice && local === "lattice" ? ", and no node of this lattice" : "";
  return { rule: "local", message: `'${url}' is a place on this machine${outside}`, next };
}

export function exceptionFor(
  reference: FlakeReference,
  asker: Asker,
  policy: InputPolicy,
  today: string,
): InputPolicy["exception"][number] | undefined {
  return policy.exception.find((exception) => {
    if (exception.until !== undefined && exception.until < today) return false;
    const asked = typeof asker === "object" ? asker.input : asker === "nobody" ? undefined : exception.input;
    if (exception.input !== undefined && exception.input !== asked) return false;
    const allowed = parseFlakeReference(exception.url);
    return allowed !== undefined && sameReference(allowed, reference);
  });
}
