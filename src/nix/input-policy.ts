import { z } from "zod";
import {
  type FlakeReference,
  formatFlakeReference,
  fromAttributes,
  isLocal,
  parseFlakeReference,
  sameReference,
} from "./flake-reference.ts";
import { type FlakeLock, resolveInput } from "./lock.ts";
import type { FlakeInputs, ParsedInput } from "./nix.ts";

/** The rule of a project about where its flake's inputs may come from (crq-agent.toml, `[policy.inputs]`), and the judgement by it. */

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text, "mu");
    return true;
  } catch {
    return false;
  }
};

const day = z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))]);

export const inputPolicySchema = z.strictObject({
  org: z.string().min(1),
  /** JavaScript regular expression, flags `mu`. */
  ref: z.string().min(1).refine(isPattern, "is no regular expression"),
  /** Lock nodes that are not direct inputs. */
  transitive: z.enum(["error", "warn", "ignore"]).default("warn"),
  /** Upstream `OWNER/REPO` to the branch that the org's fork is known to have. */
  forks: z.record(z.string(), z.string()).default({}),
  exception: z
    .array(
      z.strictObject({
        url: z.string().min(1),
        reason: z.string().min(1),
        input: z.string().exactOptional(),
        until: day.exactOptional(),
      }),
    )
    .default([]),
});

export type InputPolicy = z.infer<typeof inputPolicySchema>;

export interface InputFinding {
  readonly severity: "error" | "warning";
  readonly rule:
    | "undeclared"
    | "follows-missing"
    | "not-a-reference"
    | "local"
    | "other-host"
    | "other-owner"
    | "no-ref"
    | "other-ref"
    | "lock-missing"
    | "lock-differs"
    | "lock-owner"
    | "transitive";
  readonly input: string;
  readonly url?: string;
  readonly message: string;
  readonly next: string;
  readonly position?: { readonly line: number; readonly column: number };
}

export interface PolicyQuestion {
  readonly policy: InputPolicy;
  readonly inputs: FlakeInputs;
  /** Absent: only what flake.nix declares is judged. */
  readonly lock?: FlakeLock;
  /** ISO date; exceptions end. */
  readonly today: string;
}

type Judged = Pick<InputFinding, "rule" | "message" | "next">;

/** Every input against the policy; an empty list means that all obey it. */
export function judgeInputs({ policy, inputs, lock, today }: PolicyQuestion): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const declared = new Map(inputs.inputs.map((input) => [input.name, input]));
  for (const input of inputs.inputs) {
    const judged = judgeDeclared(input, policy, declared, lock, today);
    if (judged)
      findings.push({
        severity: "error",
        input: input.name,
        ...judged,
        ...(input.url !== undefined && { url: input.url }),
        ...(input.position && { position: input.position }),
      });
  }
  for (const name of Object.keys(inputs.outputArguments)) {
    if (name === "self" || declared.has(name)) continue;
    findings.push({
      severity: "error",
      input: name,
      rule: "undeclared",
      message: `outputs takes '${name}', which inputs does not declare: Nix would ask a registry for it`,
      next: `Declare inputs.${name}.url in the policy's form: ${policyForm(policy)}`,
    });
  }
  return lock ? [...findings, ...judgeLock(policy, inputs.inputs, lock, today)] : findings;
}

const policyForm = ({ org, ref }: InputPolicy): string => `github:${org}/REPO?ref=REF with REF like ${ref}`;

function judgeDeclared(
  input: ParsedInput,
  policy: InputPolicy,
  declared: ReadonlyMap<string, ParsedInput>,
  lock: FlakeLock | undefined,
  today: string,
): Judged | undefined {
  const { name, url, follows } = input;
  if (url === undefined && follows !== undefined) {
    const [first = ""] = follows.split("/");
    const known =
      declared.has(first) && (lock === undefined || !follows.includes("/") || resolveInput(lock, lock.root, name) !== undefined);
    if (known || follows === "") return undefined;
    return {
      rule: "follows-missing",
      message: `inputs.${name} follows '${follows}', which does not exist`,
      next: "Name an input that is declared (Nix only warns of this and goes on with another source).",
    };
  }
  if (url === undefined) {
    return { rule: "not-a-reference", message: `inputs.${name} names no source`, next: `Write its url: ${policyForm(policy)}` };
  }
  const reference = parseFlakeReference(url);
  if (!reference)
    return {
      rule: "not-a-reference",
      message: `inputs.${name}.url = "${url}" is no flake reference`,
      next: `Write it as ${policyForm(policy)}`,
    };
  return excepted(reference, name, policy, today) ? undefined : judgeReference(reference, url, policy);
}

/** The form `github:<org>/<repo>?ref=…`, optionally with dir. */
function judgeReference(reference: FlakeReference, url: string, policy: InputPolicy): Judged | undefined {
  const next = `Write it as ${policyForm(policy)}, or let a person add an exception with a reason.`;
  if (isLocal(reference)) return { rule: "local", message: `'${url}' is a place on this machine`, next };
  if (reference.type !== "github" || (reference.host !== undefined && reference.host !== "github.com")) {
    return { rule: "other-host", message: `'${url}' is not on GitHub`, next };
  }
  if (reference.owner?.toLowerCase() !== policy.org.toLowerCase())
    return { rule: "other-owner", message: `'${url}' belongs to '${reference.owner ?? ""}', not to '${policy.org}'`, next };
  if (reference.ref === undefined) {
    const pinned = reference.rev === undefined ? "names no ref" : "is pinned by a revision; pinning is the lock's work";
    return { rule: "no-ref", message: `'${url}' ${pinned}`, next };
  }
  if (!new RegExp(policy.ref, "mu").test(reference.ref))
    return { rule: "other-ref", message: `the ref '${reference.ref}' of '${url}' does not match ${policy.ref}`, next };
  return undefined;
}

function excepted(reference: FlakeReference, input: string | undefined, policy: InputPolicy, today: string): boolean {
  return policy.exception.some((exception) => {
    if (exception.until !== undefined && exception.until < today) return false;
    if (exception.input !== undefined && exception.input !== input) return false;
    const allowed = parseFlakeReference(exception.url);
    return allowed !== undefined && sameReference(allowed, reference);
  });
}

function judgeLock(
  policy: InputPolicy,
  declared: readonly ParsedInput[],
  lock: FlakeLock,
  today: string,
): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const direct = new Set<string>();
  const relock = "Write the lock again; do not edit flake.lock by hand.";
  for (const { name, url } of declared) {
    const node = resolveInput(lock, lock.root, name);
    if (node === undefined) {
      findings.push({
        severity: "error",
        input: name,
        rule: "lock-missing",
        message: `flake.lock has no node for '${name}'`,
        next: relock,
      });
      continue;
    }
    direct.add(node);
    const { original, locked } = lock.nodes[node] ?? {};
    const wanted = url === undefined ? undefined : parseFlakeReference(url);
    const was = original && fromAttributes(original);
    if (wanted && was && !sameReference(wanted, was)) {
      findings.push({
        severity: "error",
        input: name,
        rule: "lock-differs",
        url: formatFlakeReference(original),
        message: `flake.lock pins '${name}' from ${formatFlakeReference(original)}`,
        next: relock,
      });
    }
    const owner = locked?.owner;
    if (was && excepted(was, name, policy, today)) continue;
    if (typeof owner !== "string" || owner.toLowerCase() !== policy.org.toLowerCase()) {
      findings.push({
        severity: "error",
        input: name,
        rule: "lock-owner",
        message: `flake.lock resolves '${name}' to ${locked ? formatFlakeReference(locked) : "nothing"}, not to '${policy.org}'`,
        next: relock,
      });
    }
  }
  if (policy.transitive === "ignore") return findings;
  for (const [name, node] of Object.entries(lock.nodes)) {
    const reference = node.original && fromAttributes(node.original);
    if (name === lock.root || direct.has(name) || !node.original || !reference) continue;
    const url = formatFlakeReference(node.original);
    const judged = excepted(reference, undefined, policy, today) ? undefined : judgeReference(reference, url, policy);
    if (!judged) continue;
    findings.push({
      severity: policy.transitive === "error" ? "error" : "warning",
      input: name,
      rule: "transitive",
      url,
      message: `the input of an input '${name}' comes from ${url}`,
      next: `Let it follow a direct input (inputs.X.inputs.${name.replace(/_\d+$/u, "")}.follows), or add an exception with a reason.`,
    });
  }
  return findings;
}
