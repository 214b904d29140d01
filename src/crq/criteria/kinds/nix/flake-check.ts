import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { minimalFlake } from "../../canaries/minimal-flake.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import type { BuilderFact } from "../../judge/builders/builder-facts.ts";
import { testsNothing } from "../../judge/builders/stub-builder.ts";
import type { CheckFact } from "../../judge/flake-facts.ts";
import { Derivations } from "../../programs/derivations.ts";

export const flakeCheck = defineKind({
  schema: checkSchemas["flake-check"],
  kind: "flake-check",
  tier: "build",
  needs: "flake",
  guard: "the flake has no checks, or their builders are only mkdir, touch and echo, write a text, join nothing or copy the tree",
  canary: {
    description: "a check whose builder only writes a word",
    files: { "flake.nix": minimalFlake("checks", "test", "echo ok > $out") },
    check: checkSchemas["flake-check"].parse({ kind: "flake-check", require: ["test"] }),
  },
  run: judge,
});

/** A check is named as in the flake (`test`); a full path (`checks.x86_64-linux.test`) means the same. */
function checkName(name: string, system: string): string {
  const prefix = `checks.${system}.`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** The derivation that was built tells what ran; the set of attributes beside it may tell something else, or nothing (`lib.lazyDerivation`). */
const builderOf = async (found: CheckFact, derivations: Derivations): Promise<BuilderFact> =>
  (found.drvPath === null ? undefined : await derivations.builderFact(found.name, found.drvPath)) ?? found;

async function judge(check: CheckOf<"flake-check">, context: CheckContext): Promise<CheckResult> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  const argv = ["nix", "flake", "check"];
  const facts = await nix.facts(timeoutMs);
  if (!facts.ok) return failureOfNix(facts, "evaluating the flake's checks", undefined, argv);
  const checks = facts.value.checks;
  if (checks === null) return failed("evaluation", "eval", `checks.${context.system} cannot be evaluated`, undefined, { argv });

  const counts = { candidates: checks.length, checked: checks.length };
  const wanted = check.require.map((name) => checkName(name, context.system));
  const absent = wanted.filter((name) => !checks.some((found) => found.name === name && found.derivation));
  if (absent.length > 0) {
    return failed("missing", "eval", `no check ${absent.map((name) => `checks.${context.system}.${name}`).join(", ")}`, counts, {
      argv,
    });
  }
  if (checks.length === 0)
    return vacuous("nothing-checked", "eval", `the flake has no checks for ${context.system}`, counts, { argv });
  const judged = wanted.length > 0 ? checks.filter((found) => wanted.includes(found.name)) : checks;
  const ran = await nix.flakeCheck(timeoutMs);
  if (!ran.ok) return failureOfNix(ran, "nix flake check", counts, argv);
  const derivations = new Derivations(context.environment);
  const builders = await Promise.all(judged.map((found) => builderOf(found, derivations)));
  const stubs = builders.filter(testsNothing).map((found) => found.name);
  const details = { log: ran.log, argv, exit: 0, warnings: ran.warnings };
  if (wanted.length > 0 ? stubs.length > 0 : stubs.length === judged.length) {
    return vacuous(
      "stub",
      "build",
      `nothing is tested by ${stubs.join(", ")}: the builder is only mkdir, touch, echo and the like`,
      counts,
      details,
    );
  }
  const idle = stubs.length > 0 ? ` (nothing is tested by ${stubs.join(", ")})` : "";
  return passed("build", `${checks.map((found) => found.name).join(", ")} pass${idle}`, counts, details);
}
