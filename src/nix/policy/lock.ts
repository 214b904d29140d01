import {
  type FlakeReference,
  formatFlakeReference,
  fromAttributes,
  parseFlakeReference,
  sameReference,
} from "../flake-reference.ts";
import { type FlakeLock, type LockNode, resolvePath } from "../lock.ts";
import type { DeclaredSource } from "./declared-sources.ts";
import { isLatticeEdge, type LatticePlace } from "./lattice-place.ts";
import type { InputFinding, InputPolicy } from "./policy.ts";
import { exceptionFor, isGitHub, isOrg, standing } from "./reference.ts";

/** flake.lock against the policy: the nodes of declared sources as errors, others by the policy's word (`transitive`). */

const RELOCK = "Write the lock again; do not edit flake.lock by hand.";

export interface LockQuestion {
  readonly policy: InputPolicy;
  readonly declared: readonly DeclaredSource[];
  readonly lock: FlakeLock;
  /** ISO date; exceptions end. */
  readonly today: string;
  readonly lattice?: LatticePlace;
}

export function judgeLock({ policy, declared, lock, today, lattice }: LockQuestion): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const direct = new Set<string>();
  // Those with a url first: what follows one of them names the same node, and one finding says it.
  const sources = [...declared].sort((a, b) => Number(a.url === undefined) - Number(b.url === undefined));
  for (const source of sources) {
    const { name, override } = source;
    if (override && source.url === undefined) continue;
    const node = resolvePath(lock, name.split("/"));
    if (node === undefined) {
      if (!override) findings.push(finding(name, "lock-missing", `flake.lock has no node for '${name}'`));
      continue;
    }
    // `follows = ""` takes the input out: it is the flake itself.
    if (node === lock.root || (source.url === undefined && direct.has(node))) continue;
    direct.add(node);
    findings.push(...judgeNode(source, lock.nodes[node] ?? {}, policy, today, lattice));
  }
  return [...findings, ...transitive(policy, lock, direct, today)];
}

const finding = (input: string, rule: InputFinding["rule"], message: string, url?: string): InputFinding => ({
  severity: "error",
  input,
  rule,
  message,
  next: RELOCK,
  ...(url !== undefined && { url }),
});

function judgeNode(
  { name, url }: DeclaredSource,
  { original, locked, parent }: LockNode,
  policy: InputPolicy,
  today: string,
  lattice: LatticePlace | undefined,
): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const wanted = url === undefined ? undefined : parseFlakeReference(url);
  const was = original && fromAttributes(original);
  if (wanted && was && !sameReference(wanted, was)) {
    const from = formatFlakeReference(original);
    findings.push(finding(name, "lock-differs", `flake.lock pins '${name}' from ${from}`, from));
  }
  const is = locked && fromAttributes(locked);
  const resolved = locked ? formatFlakeReference(locked) : "nothing";
  const edge = lattice !== undefined && policy.local === "lattice" && wanted !== undefined && isLatticeEdge(wanted, lattice);
  if (edge) {
    // Nix 2.26 and later lock a relative path as what it is, in the tree of the flake that names it.
    if (!is || !sameReference(wanted, is) || parent === undefined)
      findings.push(finding(name, "lock-owner", `flake.lock resolves '${name}' to ${resolved}, not to the node beside it`));
  } else if (was && exceptionFor(was, { input: name }, policy, today)) {
    if (!is || !sameRepository(was, is))
      findings.push(
        finding(name, "lock-owner", `flake.lock resolves '${name}' to ${resolved}, which is not what its exception allows`),
      );
  } else if (!is || !isGitHub(is) || !isOrg(is.owner, policy)) {
    findings.push(finding(name, "lock-owner", `flake.lock resolves '${name}' to ${resolved}, not to '${policy.org}'`));
  } else if (wanted?.repo !== undefined && !sameRepository({ ...wanted, owner: policy.org }, is)) {
    findings.push(finding(name, "lock-owner", `flake.lock resolves '${name}' to ${resolved}, not to '${wanted.repo}'`));
  }
  return findings;
}

/** A registry's name, a path, and an archive whose host gives a lasting address all lock to something with another name. */
const LEADS_ON = new Set(["indirect", "path", "tarball", "file"]);

/** A lock says where a branch stood, and so names the same repository as the reference it came from. */
function sameRepository(original: FlakeReference, locked: FlakeReference): boolean {
  if (LEADS_ON.has(original.type)) return true;
  const { ref: _ref, rev: _rev, dir: _dir, ...repository } = original;
  const { ref: _lockedRef, rev: _lockedRev, dir: _lockedDir, ...lockedRepository } = locked;
  return sameReference(repository, lockedRepository);
}

function transitive(policy: InputPolicy, lock: FlakeLock, direct: ReadonlySet<string>, today: string): readonly InputFinding[] {
  if (policy.transitive === "ignore") return [];
  return Object.entries(lock.nodes).flatMap(([name, node]) => {
    if (name === lock.root || direct.has(name) || !node.original) return [];
    // A flake of its parent's own tree (`path:./sub`, Nix 2.26 and later) comes from where its parent comes from.
    if (node.original.type === "path" && node.parent !== undefined) return [];
    const url = formatFlakeReference(node.original);
    const stands = standing(url, "nobody", policy, today);
    if (stands.kind !== "breaks") return [];
    return [
      {
        severity: policy.transitive === "error" ? "error" : "warning",
        input: name,
        rule: "transitive",
        url,
        message: `the input of an input '${name}' comes from ${url}`,
        next: `Let it follow a direct input (inputs.X.inputs.${name.replace(/_\d+$/u, "")}.follows), or add an exception with a reason.`,
      },
    ];
  });
}
