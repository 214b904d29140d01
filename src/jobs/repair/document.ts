import { numberOf } from "../../crq/ids.ts";
import type { Metadata } from "../../crq/model.ts";
import { type CheckInput, renderCheckBlock, renderMetadata } from "../../crq/render/blocks.ts";
import { nixStrings, parseAttributePath } from "../../nix/attribute-path.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { CrateBinary, Survey } from "../../repo/facts.ts";
import type { OfferedOutputs } from "./targets.ts";

/** The change request of kind `fix` that a repair works by: what is broken, and which checks are red until it is mended. */

export interface RepairDocument {
  readonly id: string;
  /** ISO date. */
  readonly created: string;
  readonly author: string;
  readonly base: string;
  readonly system: string;
  /** Full attribute paths. */
  readonly attributes: readonly string[];
  readonly offered: OfferedOutputs | undefined;
  readonly survey: Survey;
  /** Whether programs can be run here; where they cannot, none is part of the proof. */
  readonly runs: boolean;
  /** `AC-1.0` of checks that hold at the starting point already: they have to stay true. */
  readonly holds: ReadonlySet<string>;
  /** Undefined: not looked at yet. Scope and criteria do not depend on it. */
  readonly diagnosis: Diagnosis | undefined;
}

interface RepairCriterion {
  readonly sentence: string;
  readonly checks: readonly CheckInput[];
  readonly step: string;
}

const SYSTEM = "$" + "{system}";
/** Characters of a title. */
const MAX_TITLE = 90;

/** The slots of the template `crq-repair`. */
export function repairSlots(document: RepairDocument): Readonly<Record<string, string>> {
  const { attributes, diagnosis, survey } = document;
  const criteria = criteriaOf(document).map(({ checks, ...criterion }, index) => ({
    ...criterion,
    checks: checks.map(
      (check, at): CheckInput => (document.holds.has(`AC-${index + 1}.${at}`) ? { ...check, regression: true } : check),
    ),
  }));
  const files = ["flake.nix", "flake.lock", "Cargo.toml", "Cargo.lock"].filter((path) => survey.files.includes(path));
  return {
    id: document.id,
    title: titleOf(attributes),
    metadata: renderMetadata(metadataOf(document)),
    attributes: code(attributes.map((attribute) => general(attribute, document.system))),
    motivation:
      "A flake that does not build helps nobody and hides what else is wrong. The criteria are run by Nix itself, so that the repair is proven before it is taken.",
    broken: diagnosis ? brokenText(diagnosis) : "It is not known yet.",
    proof:
      "Each criterion was red at the starting point or has to stay true, and is judged in a fresh copy of the repaired tree. A check or a test that is taken away fails it.",
    criteria: criteria
      .map(
        ({ sentence, checks }, index) => `-   **AC-${index + 1}**: ${sentence}\n${renderCheckBlock(`AC-${index + 1}`, checks)}`,
      )
      .join("\n"),
    steps: criteria.map(({ step }, index) => `${`${index + 1}.`.padEnd(4)}${step} (AC-${index + 1}).`).join("\n"),
    references: (files.length > 0 ? files : ["flake.nix"]).map((path) => `-   \`${path}\``).join("\n"),
  };
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

const general = (attribute: string, system: string): string => attribute.replaceAll(system, SYSTEM);

/** What a person calls an attribute: its last name. */
export const shortName = (attribute: string): string => parseAttributePath(attribute)?.at(-1) ?? attribute;

const titleOf = (attributes: readonly string[]): string =>
  `Repair of the build of ${attributes.map(shortName).join(", ")}`.slice(0, MAX_TITLE).trim();

/** `fix/build-of-default`, for a repair and for the CRQ that documents it. */
export const branchOf = (attributes: readonly string[]): string => {
  const name = attributes.length === 1 ? shortName(attributes[0] ?? "") : "packages";
  return `fix/build-of-${name.toLowerCase().replaceAll(/[^a-z0-9-]+/gu, "-")}`;
};

function metadataOf({ id, created, author, base, system, attributes }: RepairDocument): Metadata {
  const slug = branchOf(attributes).replace("fix/", "fix-").slice(0, 50).replace(/-+$/u, "");
  // A document without a number is nobody's yet, and has no branch.
  const numbered = numberOf(id) !== undefined;
  return {
    schema: "crq/1",
    id,
    title: titleOf(attributes),
    status: numbered ? "proposed" : "draft",
    kind: "fix",
    created,
    authors: [author],
    ...(numbered && { branch: `feature/${id}-${slug}` }),
    target: { repo: ".", base, systems: [system] },
    waivers: [],
  };
}

/** Nix's own words stand in a fence: they are data. */
function brokenText({ kind, stage, message, derivation, position, next }: Diagnosis): string {
  const where = [
    ...(derivation ? [`in the derivation \`${derivation.name}\` (${derivation.owner})`] : []),
    ...(position ? [`at \`${position.file}\`, line ${position.line}`] : []),
  ];
  const fence = "```";
  return [
    `Class \`${kind}\`, stage ${stage}${where.length > 0 ? `, ${where.join(", ")}` : ""}:`,
    "",
    `${fence}text\n${message.replaceAll("`", "'")}\n${next.replaceAll("`", "'")}\n${fence}`,
  ].join("\n");
}

function criteriaOf(document: RepairDocument): readonly RepairCriterion[] {
  const { attributes, offered } = document;
  const builds = attributes.map((attribute, index) => buildCriterion(attribute, `AC-${index + 1}`, document));
  return offered === undefined || offered.packages.length + offered.checks.length === 0 ? builds : [...builds, kept(offered)];
}

/** By name only: another output may be broken as well, and is not what is repaired here. */
function kept(offered: OfferedOutputs): RepairCriterion {
  const has = (["packages", "checks"] as const)
    .filter((output) => offered[output].length > 0)
    .map(
      (output) => `builtins.all (name: builtins.hasAttr name (outs.${output}."${SYSTEM}" or { })) ${nixStrings(offered[output])}`,
    );
  return {
    sentence: "The flake still has the packages and checks that it had.",
    checks: [{ kind: "nix-eval", expr: `outs: ${has.join(" && ")}`, equals: true, regression: true }],
    step: "**Leave the other outputs as they are**",
  };
}

function buildCriterion(attribute: string, id: string, document: RepairDocument): RepairCriterion {
  const name = `\`${general(attribute, document.system)}\``;
  const build: CheckInput = { kind: "nix-build", attr: general(attribute, document.system) };
  const step = `**Mend what keeps ${name} from building**`;
  const program = document.runs ? programOf(attribute, document) : undefined;
  const answer = program?.answers[0];
  if (!program || !answer) return { sentence: `${name} builds.`, checks: [build], step };
  const argv = [`\${out:${id}.0}/bin/${program.name}`, ...answer.arguments];
  return {
    sentence: `${name} builds, and \`${[program.name, ...answer.arguments].join(" ")}\` answers.`,
    checks: [build, { kind: "run", argv, stdout: { regex: answer.stdout } }],
    step,
  };
}

/** The program that a package is named after, or the only one there is; its source must promise an answer. */
export function programOf(
  attribute: string,
  { survey, offered }: Pick<RepairDocument, "survey" | "offered">,
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
    (offered?.packages ?? []).every((each) => each === "default" || each === name || each === binaries[0]?.name);
  return alone ? binaries[0] : undefined;
}
