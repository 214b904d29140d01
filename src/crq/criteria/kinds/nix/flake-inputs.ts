import { dirname } from "node:path";
import { parseLock } from "../../../../nix/lock.ts";
import { declaredSources } from "../../../../nix/policy/declared-sources.ts";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { judgeWithoutPolicy } from "../../judge/flake-inputs.ts";
import { latticePlaceOf } from "../../judge/lattice-place.ts";

export const flakeInputs = defineKind({
  schema: checkSchemas["flake-inputs"],
  kind: "flake-inputs",
  tier: "eval",
  needs: "flake",
  guard: "the flake declares fewer than min-inputs inputs",
  canary: {
    description: "inputs that are local paths",
    files: {
      "flake.nix": '{\n  inputs.up.url = "path:../x";\n  inputs.here.url = "./x";\n  outputs = { self, up, here }: { };\n}\n',
    },
    check: checkSchemas["flake-inputs"].parse({ kind: "flake-inputs", scope: ["flake.nix"] }),
  },
  run: judge,
});

async function judge(check: CheckOf<"flake-inputs">, context: CheckContext): Promise<CheckResult> {
  const errors: string[] = [];
  const warnings: string[] = [];
  const seen: string[] = [];
  let declared = 0;
  let ofLattice = false;
  const tree = {
    paths: context.target.files,
    read: async (path: string) => {
      const file = await context.target.read(path);
      return file.ok ? file.text : undefined;
    },
  };
  // A glob that meets nothing stays, and is missing like any file.
  const files = check.files.flatMap((pattern) => {
    const found = context.target.matching([pattern]);
    return found.length > 0 ? found : [pattern];
  });
  const judged = [...new Set(files)];
  for (const path of judged) {
    const named = (message: string): string => (judged.length > 1 ? `${path}: ${message}` : message);
    const read = await context.target.read(path);
    if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "text", read.message);
    const folder = dirname(path);
    const flake = await evaluator(context).inputs(folder, check.timeout * 1000);
    if (!flake.ok) return failureOfNix(flake, `evaluating the inputs of ${path}`);
    const inputs = flake.value;
    declared += inputs.inputs.length;
    seen.push(
      ...declaredSources(inputs).map(
        ({ name, url, follows }) => `${path}: ${name} = ${url ?? `follows ${follows ?? "nothing"}`}`,
      ),
    );
    const lattice = await latticePlaceOf(folder, tree);
    ofLattice ||= lattice !== undefined;
    if (!context.judgeInputs) {
      errors.push(...judgeWithoutPolicy(inputs, lattice).map(named));
      continue;
    }
    const lock = check.scope.includes("lock") ? await lockBeside(folder, context) : undefined;
    if (lock && "problem" in lock)
      return failed("no-lock", "parse", `${path}: ${lock.problem}; the check asks for the lock to be judged too`);
    for (const finding of context.judgeInputs({ flake: inputs, lock: lock?.json, ...(lattice && { lattice }) })) {
      (finding.severity === "error" ? errors : warnings).push(named(finding.message));
    }
  }
  const counts = { candidates: declared, checked: declared };
  const details = { log: `${seen.join("\n")}\n`, warnings };
  if (errors.length > 0) return failed("policy", "eval", [...new Set(errors)].join("; "), counts, details);
  if (declared < check["min-inputs"]) {
    const reason = `${declared} inputs are declared, at least ${check["min-inputs"]} are asked for`;
    return vacuous("nothing-checked", "eval", reason, counts, details);
  }
  const what = declared === 1 ? "1 input" : `${declared} inputs`;
  const reason = context.judgeInputs
    ? `${what} judged by the project's policy`
    : `${what}: all declared, none local${ofLattice ? " but flakes of a lattice" : ""}; no [policy.inputs] is configured, so owner and branch were not judged`;
  return passed("eval", reason, counts, details);
}

async function lockBeside(
  folder: string,
  context: CheckContext,
): Promise<{ readonly json: unknown } | { readonly problem: string }> {
  const read = await context.target.read(folder === "." ? "flake.lock" : `${folder}/flake.lock`);
  if (!read.ok) return { problem: read.message };
  const parsed = parseLock(read.text);
  return parsed.ok ? { json: parsed.lock } : { problem: parsed.problem };
}
