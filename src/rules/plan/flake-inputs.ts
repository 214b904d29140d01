import { parseFlakeReference, sameReference } from "../../nix/flake-reference.ts";
import type { ExistingInput } from "../../nix/recipes/existing/flake-parts.ts";
import type { PlannedInput } from "../../nix/recipes/plan.ts";
import type { SurveyDetails } from "../../tools/contract.ts";

/**
 * Where the inputs come from: what the CRQ decided; an input that the flake has stays where the policy allows it and it is locked or no
 * document names another; then the policy's fork, a document, the default.
 */

/** Upstreams of what recipes use. */
const UPSTREAM: Readonly<Record<string, Upstream>> = {
  crane: { repository: "ipetkov/crane", url: "github:ipetkov/crane" },
  crate2nix: { repository: "nix-community/crate2nix", url: "github:nix-community/crate2nix" },
  fenix: { repository: "nix-community/fenix", url: "github:nix-community/fenix" },
  naersk: { repository: "nix-community/naersk", url: "github:nix-community/naersk" },
  "rust-overlay": { repository: "oxalica/rust-overlay", url: "github:oxalica/rust-overlay" },
  "flake-utils": { repository: "numtide/flake-utils", url: "github:numtide/flake-utils" },
};

interface Upstream {
  readonly repository: string;
  readonly url: string;
}

/** The usual source of an input, by its name. */
export function upstreamOf(name: string, nixpkgs: string): Upstream | undefined {
  if (name === "nixpkgs") return { repository: "NixOS/nixpkgs", url: nixpkgs };
  return Object.hasOwn(UPSTREAM, name) ? UPSTREAM[name] : undefined;
}

export interface InputSource {
  readonly url: string;
  /** A person decided it: the CRQ being applied says so. */
  readonly decided?: true;
  /** For the report and the draft: `docs/nix.md:12`, `policy`, `default`. */
  readonly source: string;
}

export interface InputContext {
  readonly policy: SurveyDetails["policy"];
  /** Default of crq-agent.toml. */
  readonly nixpkgs: string;
  /** `inputs.NAME.url` facts, by NAME, the strongest first. */
  readonly stated: ReadonlyMap<string, InputSource>;
  /** Inputs of a flake that exists, by name. */
  readonly existing: ReadonlyMap<string, Pick<ExistingInput, "url" | "follows">>;
  /** The flake's lock says that its inputs can be had. */
  readonly locked: boolean;
}

/** `OWNER/REPO` of a GitHub reference, in lower case. */
function repositoryOf(url: string): string | undefined {
  const reference = parseFlakeReference(url);
  return reference?.type === "github" ? `${reference.owner}/${reference.repo}`.toLowerCase() : undefined;
}

/** Whether a URL has the policy's form, or is one of its exceptions. */
export function obeysPolicy(url: string, policy: NonNullable<SurveyDetails["policy"]>): boolean {
  const reference = parseFlakeReference(url);
  if (!reference) return false;
  const excepted = policy.exceptions.some((exception) => {
    const other = parseFlakeReference(exception);
    return other !== undefined && sameReference(reference, other);
  });
  if (excepted) return true;
  const own = reference.type === "github" && reference.owner?.toLowerCase() === policy.org.toLowerCase();
  return own && reference.ref !== undefined && new RegExp(policy.ref, "mu").test(reference.ref);
}

function fork(repository: string, policy: SurveyDetails["policy"]): InputSource | undefined {
  const [, branch] =
    Object.entries(policy?.forks ?? {}).find(([upstream]) => upstream.toLowerCase() === repository.toLowerCase()) ?? [];
  if (!policy || branch === undefined) return undefined;
  return { url: `github:${policy.org}/${repository.split("/")[1]}?ref=${branch}`, source: "policy" };
}

/** Where one input comes from; undefined where nobody says. */
export function inputSource(name: string, context: InputContext): InputSource | undefined {
  const { policy } = context;
  const stated = context.stated.get(name);
  if (stated?.decided) return stated;
  const existing = context.existing.get(name);
  const stays = existing && (context.locked || !stated) && (!policy || obeysPolicy(existing.url, policy));
  if (stays) return { url: existing.url, source: "flake.nix" };
  const upstream = upstreamOf(name, context.nixpkgs);
  const excepted = policy?.exceptions.find((url) => repositoryOf(url)?.split("/")[1] === name.toLowerCase());
  return (
    (upstream && fork(upstream.repository, policy)) ??
    stated ??
    (excepted === undefined ? undefined : { url: excepted, source: "policy" }) ??
    (upstream && { url: upstream.url, source: "default" })
  );
}

/** Names of inputs that nixpkgs-following makes sense for: a second nixpkgs in the closure is never wanted. crane has no inputs. */
const FOLLOWS_NIXPKGS = new Set(["crate2nix", "fenix", "naersk", "rust-overlay"]);

export interface ChosenInputs {
  readonly inputs: readonly PlannedInput[];
  readonly sources: ReadonlyMap<string, InputSource>;
  /** Inputs that are wanted but have no known address. */
  readonly unknown: readonly string[];
}

/** @param used inputs whose outputs the flake refers to; @param wanted further ones that are only declared */
export function chooseInputs(used: readonly string[], wanted: readonly string[], context: InputContext): ChosenInputs {
  const sources = new Map<string, InputSource>();
  const unknown: string[] = [];
  const names = [...new Set([...used, ...context.existing.keys(), ...wanted])];
  const inputs = names.flatMap((name): PlannedInput[] => {
    const source = inputSource(name, context);
    if (!source) {
      unknown.push(name);
      return [];
    }
    sources.set(name, source);
    const follows = context.existing.get(name)?.follows ?? (FOLLOWS_NIXPKGS.has(name) ? { nixpkgs: "nixpkgs" } : {});
    return [{ name, url: source.url, follows, used: used.includes(name) }];
  });
  return { inputs, sources, unknown };
}
