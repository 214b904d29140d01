import { fromAttributes, type InputAttributes, parseFlakeReference, sameReference } from "../../../../nix/flake-reference.ts";
import type { ParsedInput } from "../../../../nix/nix.ts";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check-kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check-result.ts";
import { type LockFile, type LockNode, lockedInputs, nodeOfInput, otherNodes, parseLock } from "../../judge/lock-file.ts";

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
    const tracked = read.ok ? "flake.lock is not tracked by git" : read.message;
    return failed(
      !read.ok && read.why === "outside" ? "outside-target" : "no-lock",
      "text",
      `${tracked}; lock the flake with \`nix flake lock\``,
    );
  }
  const parsed = parseLock(read.text);
  if ("problem" in parsed) return failed("mismatch", "parse", parsed.problem);

  const nodes = otherNodes(parsed.lock);
  const counts = { candidates: nodes.length, checked: nodes.length };
  const absent = check.require.filter((name) => nodeOfInput(parsed.lock, name) === undefined);
  const problems = [
    ...(absent.length > 0 ? [`no input ${absent.join(", ")} in flake.lock`] : []),
    ...unhashed(parsed.lock, nodes),
    ...tooOld(check, parsed.lock, context.now),
  ];
  if (problems.length > 0) return failed("missing", "parse", problems.join("; "), counts);

  const declared = await nix.inputs(".", timeoutMs);
  if (!declared.ok) return failureOfNix(declared, "evaluating the declared inputs", counts);
  const different = declared.value.inputs.flatMap((input) => difference(input, parsed.lock));
  if (different.length > 0) return failed("mismatch", "eval", different.join("; "), counts);
  if (nodes.length === 0) return vacuous("empty", "eval", "flake.lock holds only the root node", counts);
  if (check.fresh) {
    const facts = await nix.facts(timeoutMs);
    // Nix reads the lock before it evaluates anything: another failure than that of the lock says nothing about it.
    if (!facts.ok && (facts.why !== "failed" || facts.diagnoses.some((diagnosis) => diagnosis.kind === "lock-outdated"))) {
      return failureOfNix(facts, "evaluating with the lock as it is", counts);
    }
  }
  return passed("eval", `flake.lock agrees with its ${declared.value.inputs.length} inputs`, counts);
}

/** Nodes of a flake's own tree (`path:./sub`) have no hash of their own. */
function unhashed(lockFile: LockFile, nodes: readonly string[]): string[] {
  const without = nodes.filter(
    (key) => lockFile.nodes[key]?.locked?.narHash === undefined && lockFile.nodes[key]?.parent === undefined,
  );
  return without.length > 0 ? [`without narHash: ${without.join(", ")}`] : [];
}

function tooOld(check: CheckOf<"lock">, lockFile: LockFile, now: Date): string[] {
  const days = check["max-age-days"];
  if (days === undefined) return [];
  const earliest = now.getTime() - days * DAY_MS;
  return lockedInputs(lockFile).flatMap((name) => {
    const modified = nodeOfInput(lockFile, name)?.locked?.lastModified;
    if (modified === undefined) return [`${name} has no lastModified`];
    return modified * 1000 < earliest
      ? [`${name} is of ${new Date(modified * 1000).toISOString().slice(0, 10)}, older than ${days} days`]
      : [];
  });
}

function difference(input: ParsedInput, lockFile: LockFile): string[] {
  const node = nodeOfInput(lockFile, input.name);
  if (!node) return [`inputs.${input.name} has no node in flake.lock`];
  if (input.url === undefined) return [];
  const declared = parseFlakeReference(input.url);
  const original = originalOf(node);
  if (declared && original && !sameReference(declared, original))
    return [`inputs.${input.name} is ${input.url}, but flake.lock was made for another reference`];
  return [];
}

function originalOf(node: LockNode): ReturnType<typeof fromAttributes> {
  const attributes: InputAttributes = {};
  for (const [name, value] of Object.entries(node.original ?? {})) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") attributes[name] = value;
  }
  return fromAttributes(attributes);
}
