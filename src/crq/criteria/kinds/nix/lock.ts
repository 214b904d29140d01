import type { Diagnosis } from "../../../../nix/diagnosis.ts";
import { checkLock, type FlakeLock, parseLock, resolveInput } from "../../../../nix/lock.ts";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";

export const lock = defineKind({
  schema: checkSchemas.lock,
  kind: "lock",
  tier: "eval",
  needs: "flake",
  guard: "the lock holds only the root node",
  canary: {
    description: "a declared input that the lock does not know",
    files: {
      "flake.nix":
        '{\n  inputs.one.url = "github:example/one";\n  inputs.two.url = "github:example/two";\n  outputs = { self, one, two }: { };\n}\n',
      "flake.lock": lockWithOneInput(),
    },
    check: checkSchemas.lock.parse({ kind: "lock", fresh: false }),
  },
  run: judge,
});

function lockWithOneInput(): string {
  const one = {
    locked: {
      type: "github",
      owner: "example",
      repo: "one",
      rev: "0".repeat(40),
      narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    },
    original: { type: "github", owner: "example", repo: "one" },
  };
  return `${JSON.stringify({ nodes: { one, root: { inputs: { one: "one" } } }, root: "root", version: 7 }, null, 2)}\n`;
}

const DAY_MS = 86_400_000;

async function judge(check: CheckOf<"lock">, context: CheckContext): Promise<CheckResult> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  const read = await context.target.read("flake.lock");
  if (!read.ok || !context.target.has("flake.lock")) {
    const problem = read.ok ? "flake.lock is not tracked by git" : read.message;
    return failed(!read.ok && read.why === "outside" ? "outside-target" : "no-lock", "text", problem);
  }
  const parsed = parseLock(read.text);
  if (!parsed.ok) return failed("mismatch", "parse", parsed.problem);

  const nodes = Object.keys(parsed.lock.nodes).filter((key) => key !== parsed.lock.root);
  const counts = { candidates: nodes.length, checked: nodes.length };
  const declared = await nix.inputs(".", timeoutMs);
  if (!declared.ok) return failureOfNix(declared, "evaluating the declared inputs", counts);
  const absent = check.require.filter((name) => nodeOf(parsed.lock, name) === undefined);
  const problems = [
    ...(absent.length > 0 ? [`flake.lock has no input ${absent.join(", ")}`] : []),
    ...checkLock(parsed.lock, declared.value.inputs).map((problem) => problem.message),
    ...tooOld(check, parsed.lock, context.now),
  ];
  if (problems.length > 0) return failed("mismatch", "eval", [...new Set(problems)].join("; "), counts);
  if (nodes.length === 0) return vacuous("empty", "eval", "flake.lock holds only the root node", counts);
  if (check.fresh) {
    const facts = await nix.facts(timeoutMs);
    // Nix reads the lock before it evaluates anything: a failure of neither the lock nor what it leads to says nothing about it.
    if (!facts.ok && (facts.why !== "failed" || facts.diagnoses.some(isOfLock))) {
      return failureOfNix(facts, "evaluating with the lock as it is", counts);
    }
  }
  return passed("eval", `flake.lock agrees with the ${declared.value.inputs.length} declared inputs`, counts);
}

/** Outdated, or made by hand: the source it leads to is not there or holds something else. */
const isOfLock = ({ kind, stage }: Diagnosis): boolean =>
  kind === "lock-outdated" || kind === "input-not-found" || (kind === "hash-mismatch" && stage === "fetch");

function nodeOf(lockFile: FlakeLock, input: string): FlakeLock["nodes"][string] | undefined {
  const key = resolveInput(lockFile, lockFile.root, input);
  return key === undefined ? undefined : lockFile.nodes[key];
}

function tooOld(check: CheckOf<"lock">, lockFile: FlakeLock, now: Date): string[] {
  const days = check["max-age-days"];
  if (days === undefined) return [];
  const earliest = now.getTime() - days * DAY_MS;
  return Object.keys(lockFile.nodes[lockFile.root]?.inputs ?? {}).flatMap((name) => {
    const { lastModified } = nodeOf(lockFile, name)?.locked ?? {};
    if (typeof lastModified !== "number") return [`'${name}' has no lastModified`];
    const day = new Date(lastModified * 1000).toISOString().slice(0, 10);
    return lastModified * 1000 < earliest ? [`'${name}' is of ${day}, older than ${days} days`] : [];
  });
}
