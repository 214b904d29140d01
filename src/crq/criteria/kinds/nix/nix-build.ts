import { parseAttributePath } from "../../../../nix/attribute-path.ts";
import type { NixFailure } from "../../../../nix/nix.ts";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { minimalFlake, SYSTEM } from "../../canaries/minimal-flake.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { isStub } from "../../judge/builders/stub-builder.ts";
import { Derivations } from "../../programs/derivations.ts";
import { firstContent, storeFile } from "../../programs/store-files.ts";
import type { SharedNix } from "../../shared-nix.ts";

export const nixBuild = defineKind({
  schema: checkSchemas["nix-build"],
  kind: "nix-build",
  tier: "build",
  needs: "flake",
  guard: "the output holds no non-empty file; of a check of the flake: and its builder only writes",
  canary: {
    description: "a package whose builder only makes an empty file",
    files: { "flake.nix": minimalFlake("packages", "empty", ": > $out") },
    check: checkSchemas["nix-build"].parse({ kind: "nix-build", attr: `packages.${SYSTEM}.empty` }),
  },
  run: judge,
});

async function judge(check: CheckOf<"nix-build">, context: CheckContext): Promise<CheckResult> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  const attribute = check.attr;
  const argv = ["nix", "build", `.#${attribute}`];
  const built = await nix.build(attribute, timeoutMs);
  if (!built.ok) {
    const misplaced = await forAnotherSystem(built, attribute, nix, timeoutMs);
    return misplaced ?? failureOfNix(built, `nix build .#${attribute}`, { candidates: 1, checked: 1 }, argv);
  }

  const outputs = Object.values(built.value.outputs);
  const counts = { candidates: Math.max(1, check.files.length), checked: Math.max(1, check.files.length) };
  const details = { log: built.log, argv, exit: 0, warnings: built.warnings, outputs: built.value.outputs };
  const missing: string[] = [];
  for (const path of check.files) {
    const problem = await problemOf(context, outputs, path);
    if (problem !== undefined) missing.push(problem);
  }
  if (missing.length > 0) return failed("missing", "build", `${attribute} builds, but ${missing.join("; ")}`, counts, details);
  const builder = await new Derivations(context.environment).builderFact(attribute, built.value.drvPath);
  const onlyWrites = builder !== undefined && isStub(builder);
  const contents = await Promise.all(outputs.map((output) => firstContent(context.environment, output)));
  if (contents.every((content) => content === undefined)) {
    if (!isFlakeCheck(attribute))
      return vacuous("empty", "build", `${attribute} builds, but its output holds no non-empty file`, counts, details);
    if (onlyWrites && !check.regression)
      return vacuous("stub", "build", `nothing is tested by ${attribute}: its builder only writes`, counts, details);
  }
  if (check.rebuild) {
    const again = await nix.rebuild(attribute, timeoutMs);
    if (!again.ok) {
      const failure = failureOfNix(again, `the second build of ${attribute}`, counts, [...argv, "--rebuild"]);
      return failure.verdict === "fail" && failure.code === "build" ? { ...failure, code: "not-reproducible" } : failure;
    }
  }
  const warnings = [...built.warnings, ...(onlyWrites ? [ONLY_WRITES] : [])];
  return passed("build", `${attribute} builds${listed(check.files)}`, counts, { ...details, warnings });
}

/**
 * That this machine cannot build for another system is no verdict, but that a package under one system's name is the work of another's builders
 * is wrong by its content, wherever it is tried.
 */
async function forAnotherSystem(
  { why, diagnoses, log }: NixFailure,
  attribute: string,
  nix: SharedNix,
  timeoutMs: number,
): Promise<CheckResult | undefined> {
  const [, system] = parseAttributePath(attribute) ?? [];
  if (why !== "unavailable" || diagnoses[0].kind !== "foreign-system" || system !== nix.system) return undefined;
  const asked = await nix.evaluate(`${attribute}.system`, undefined, timeoutMs);
  if (!asked.ok || typeof asked.value !== "string" || asked.value === system) return undefined;
  const reason = `${attribute} is a derivation for ${asked.value}, which ${system} does not build`;
  return failed("mismatch", "eval", reason, { candidates: 1, checked: 1 }, { log, diagnoses });
}

/** What counts of a check is that it builds: most leave an empty file. */
const isFlakeCheck = (attribute: string): boolean => parseAttributePath(attribute)?.[0] === "checks";

/** No verdict: a configuration is made so, and honestly. A program is not, and what it does is for `run` to show. */
const ONLY_WRITES = "its builder only writes a text that the flake holds, or copies files as they are: nothing was compiled";

async function problemOf(context: CheckContext, outputs: readonly string[], path: string): Promise<string | undefined> {
  for (const output of outputs) {
    const found = await storeFile(context.environment, `${output}/${path}`);
    if (found?.kind === "file" && found.size === 0) return `${path} is empty`;
    if (found?.kind === "file") return isProgram(path) && !found.executable ? `${path} is not executable` : undefined;
    if (found?.kind === "directory")
      return (await firstContent(context.environment, found.path)) === undefined ? `${path} is an empty folder` : undefined;
  }
  return `${path} is missing from its output`;
}

/** Where programs are looked for (the Filesystem Hierarchy Standard, 3.4 and 3.16). */
const isProgram = (path: string): boolean => /^(?:\.\/)?s?bin\/[^/]+$/.test(path);

const listed = (files: readonly string[]): string => (files.length === 0 ? "" : ` and holds ${files.join(", ")}`);
