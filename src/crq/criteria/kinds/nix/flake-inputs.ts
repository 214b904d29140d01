import { dirname } from "node:path";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check-kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check-result.ts";
import { type InputFinding, judgeWithoutPolicy } from "../../judge/flake-inputs.ts";

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
  const findings: InputFinding[] = [];
  const logs: string[] = [];
  let declared = 0;
  for (const path of check.files) {
    const read = await context.target.read(path);
    if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "text", read.message);
    const folder = dirname(path);
    const flake = await evaluator(context).inputs(folder, check.timeout * 1000);
    if (!flake.ok) return failureOfNix(flake, `evaluating the inputs of ${path}`);
    declared += flake.value.inputs.length;
    logs.push(
      ...flake.value.inputs.map((input) => `${path}: ${input.name} = ${input.url ?? `follows ${input.follows ?? "nothing"}`}`),
    );
    findings.push(...judgeWithoutPolicy(flake.value));
    if (context.judgeInputs) {
      const lock = check.scope.includes("lock") ? await lockBeside(folder, context) : undefined;
      if (lock !== undefined && "problem" in lock) return failed("no-lock", "parse", lock.problem);
      findings.push(...context.judgeInputs({ flake: flake.value, lock: lock?.json }));
    }
  }
  const counts = { candidates: declared, checked: declared };
  const warnings = findings.filter((finding) => finding.severity === "warning").map((finding) => finding.message);
  const details = { log: `${logs.join("\n")}\n`, warnings };
  const errors = [...new Set(findings.filter((finding) => finding.severity === "error").map((finding) => finding.message))];
  if (errors.length > 0) return failed("policy", "eval", errors.join("; "), counts, details);
  if (declared < check["min-inputs"]) {
    return vacuous(
      "nothing-checked",
      "eval",
      `${declared} inputs are declared, at least ${check["min-inputs"]} are asked for`,
      counts,
      details,
    );
  }
  const what = `${declared} ${declared === 1 ? "input" : "inputs"}`;
  return context.judgeInputs
    ? passed("eval", `${what} obey the project's policy`, counts, details)
    : passed(
        "eval",
        `${what}, all declared and none local; no [policy.inputs] is configured, so owner and branch were not judged`,
        counts,
        details,
      );
}

async function lockBeside(
  folder: string,
  context: CheckContext,
): Promise<{ readonly json: unknown } | { readonly problem: string }> {
  const path = folder === "." ? "flake.lock" : `${folder}/flake.lock`;
  const read = await context.target.read(path);
  if (!read.ok) return { problem: `${read.message}, and the check asks for the lock to be judged too` };
  try {
    return { json: JSON.parse(read.text) };
  } catch (error) {
    return { problem: `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
