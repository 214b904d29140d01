import { plainText } from "../../agent/plain-text.ts";
import type { CheckInput } from "../../crq/render/blocks.ts";
import { formatAttributePath, nixStrings, parseAttributePath } from "../../nix/attribute-path.ts";
import type { CrateBinary, Survey } from "../../repo/facts.ts";
import type { OfferedOutputs, Target } from "./targets.ts";

/** The criteria of a repair: each broken output stands again, each one that stood still does, and none is taken away. */

export interface RepairFacts {
  readonly system: string;
  readonly survey: Pick<Survey, "cargo" | "files">;
  /** Whether programs can be run here; where they cannot, none is part of the proof. */
  readonly runs: boolean;
  /** Seconds that a build may take. */
  readonly timeout: number;
  readonly offered: OfferedOutputs;
}

export interface RepairScope {
  /** Each is a criterion of its own. */
  readonly broken: readonly Target[];
  /** They stand at the starting point. */
  readonly stands: readonly Target[];
}

/** `packages.x86_64-linux.default 0`: the same check wherever it stands in a document. */
export type CheckKey = string;

export interface RepairCriterion {
  readonly sentence: string;
  readonly checks: readonly { readonly key: CheckKey; readonly input: CheckInput }[];
  readonly step: string;
}

const SYSTEM = "$" + "{system}";

/** An attribute as a document that speaks of no machine names it. */
export const general = (attribute: string, system: string): string => attribute.replaceAll(system, SYSTEM);

/** The same as code of a sentence: a name of a flake may hold a backtick, a line break, anything. */
export const named = (attribute: string, system: string): string => `\`${plainName(general(attribute, system))}\``;

/** On one line, and without what would end a code span. */
export const plainName = (name: string): string => plainText(name).replaceAll("`", "'").replaceAll(/\s+/gu, " ").trim();

export const keyOf = ({ attribute }: Target, at: number): CheckKey => `${attribute} ${at}`;

export function criteriaOf({ broken, stands }: RepairScope, facts: RepairFacts): readonly RepairCriterion[] {
  return [
    ...broken.map((target, index) => mended(target, `AC-${index + 1}`, facts)),
    ...(stands.length > 0 ? [stillStands(stands, facts)] : []),
    ...kept(facts.offered),
  ];
}

function mended(target: Target, id: string, facts: RepairFacts): RepairCriterion {
  const name = named(target.attribute, facts.system);
  const first = { key: keyOf(target, 0), input: proofOf(target, facts) };
  const step = `**Mend what keeps ${name} from ${target.proof === "builds" ? "building" : "evaluating"}**`;
  const program = facts.runs ? programOf(target.attribute, facts) : undefined;
  const answer = program?.answers[0];
  if (!program || !answer) return { sentence: `${name} ${target.proof}.`, checks: [first], step };
  const argv = [`\${out:${id}.0}/bin/${program.name}`, ...answer.arguments];
  const run: CheckInput = { kind: "run", argv, stdout: { regex: answer.stdout } };
  return {
    sentence: `${name} builds, and \`${[program.name, ...answer.arguments].join(" ")}\` answers.`,
    checks: [first, { key: keyOf(target, 1), input: run }],
    step,
  };
}

function stillStands(stands: readonly Target[], facts: RepairFacts): RepairCriterion {
  const list = stands.map(({ attribute, proof }) => `${named(attribute, facts.system)} ${proof}`).join(", ");
  return {
    sentence: `What stood at the starting point still does: ${list}.`,
    checks: stands.map((target) => ({ key: keyOf(target, 0), input: { ...proofOf(target, facts), regression: true } })),
    step: "**Break nothing that stood**",
  };
}

/** By name only: what has to stand of them is said above. */
function kept(offered: OfferedOutputs): readonly RepairCriterion[] {
  const has = (["packages", "checks"] as const).flatMap((output) => {
    const known = offered[output] ?? [];
    if (known.length === 0) return [];
    return [`builtins.all (name: builtins.hasAttr name (outs.${output}."${SYSTEM}" or { })) ${nixStrings(known)}`];
  });
  if (has.length === 0) return [];
  const input: CheckInput = { kind: "nix-eval", expr: `outs: ${has.join(" && ")}`, equals: true, regression: true };
  return [
    {
      sentence: "The flake still has the packages and checks that it had.",
      checks: [{ key: "names", input }],
      step: "**Leave the other outputs as they are**",
    },
  ];
}

function proofOf({ attribute, proof }: Target, { system, timeout }: RepairFacts): CheckInput {
  if (proof === "builds") {
    const build: CheckInput = { kind: "nix-build", attr: general(attribute, system), timeout };
    // A check that tests nothing has to stay as well, and proves nothing by that.
    return isOf("checks", attribute) ? { ...build, regression: true } : build;
  }
  const path = parseAttributePath(attribute) ?? [];
  if (isOf("apps", attribute))
    return { kind: "nix-eval", attr: general(formatAttributePath([...path, "program"]), system), type: "string" };
  if (path.length === 2) return { kind: "nix-eval", attr: general(attribute, system), type: "set" };
  return { kind: "nix-eval", attr: general(formatAttributePath([...path, "drvPath"]), system), type: "string" };
}

const isOf = (output: string, attribute: string): boolean => parseAttributePath(attribute)?.[0] === output;

/** The program that a package is named after, or the only one there is; its source must promise an answer. */
export function programOf(
  attribute: string,
  { survey, offered }: Pick<RepairFacts, "survey" | "offered">,
): CrateBinary | undefined {
  const [output, , name] = parseAttributePath(attribute) ?? [];
  if (output !== "packages") return undefined;
  const binaries = (survey.cargo?.packages ?? []).flatMap((pkg) =>
    pkg.binaries.filter((each) => each.requiredFeatures.length === 0),
  );
  const named = binaries.filter((binary) => binary.name === name);
  if (named.length === 1) return named[0];
  // Of several packages nobody can say which program the default one holds.
  const alone =
    binaries.length === 1 &&
    (offered.packages ?? []).every((each) => each === "default" || each === name || each === binaries[0]?.name);
  return alone ? binaries[0] : undefined;
}
