import { plainText } from "../../agent/plain-text.ts";
import { numberOf } from "../../crq/ids.ts";
import type { Metadata } from "../../crq/model.ts";
import { renderCheckBlock, renderMetadata } from "../../crq/render/blocks.ts";
import { parseAttributePath } from "../../nix/attribute-path.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { type CheckKey, criteriaOf, general, named, plainName, type RepairFacts, type RepairScope } from "./criteria.ts";

/** The change request of kind `fix` that a repair works by: what is broken, and which checks are red until it is mended. */

export interface RepairDocument {
  readonly id: string;
  /** The person's own words, where there are any. */
  readonly task?: string;
  /** ISO date. */
  readonly created: string;
  readonly author: string;
  readonly base: string;
  readonly facts: RepairFacts;
  readonly scope: RepairScope;
  /** Checks that hold at the starting point already: they have to stay true. */
  readonly holds: ReadonlySet<CheckKey>;
  /** Undefined: not looked at yet. Scope and criteria do not depend on it. */
  readonly diagnosis: Diagnosis | undefined;
  /** What is broken and is not part of this repair. */
  readonly left: readonly LeftBroken[];
}

export interface LeftBroken {
  /** Full path. */
  readonly attribute: string;
  /** Undefined where Nix named none. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Characters of a title. */
const MAX_TITLE = 90;

/** The slots of the template `crq-repair`. */
export function repairSlots(document: RepairDocument): Readonly<Record<string, string>> {
  const { diagnosis, facts } = document;
  const attributes = subjectOf(document.scope);
  const criteria = criteriaOf(document.scope, facts).map(({ checks, ...criterion }) => ({
    ...criterion,
    checks: checks.map(({ key, input }) => (document.holds.has(key) ? { ...input, regression: true } : input)),
  }));
  const files = ["flake.nix", "flake.lock", "Cargo.toml", "Cargo.lock"].filter((path) => facts.survey.files.includes(path));
  return {
    id: document.id,
    title: titleOf(attributes),
    metadata: renderMetadata(metadataOf(document)),
    attributes: attributes.map((attribute) => named(attribute, facts.system)).join(", "),
    motivation: [
      "A flake that does not build helps nobody and hides what else is wrong. The criteria are run by Nix itself, so that the repair is proven before it is taken.",
      ...(document.task === undefined ? [] : [wordsOf(document.task)]),
    ].join("\n\n"),
    broken: diagnosis ? brokenText(diagnosis) : "It is not known yet.",
    left: leftText(document),
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

/** What it is about: what is broken, or, before that is known, what is looked at. */
const subjectOf = ({ broken, stands }: RepairScope): readonly string[] =>
  (broken.length > 0 ? broken : stands).map(({ attribute }) => attribute);

/** What a person calls an attribute: its last name. */
export const shortName = (attribute: string): string => plainName(parseAttributePath(attribute)?.at(-1) ?? attribute);

const titleOf = (attributes: readonly string[]): string =>
  `Repair of the build of ${[...new Set(attributes.map(shortName))].join(", ")}`
    // Marks of Markdown would make the heading another text than the title in the metadata.
    .replaceAll(/[*<>[\]\\]/gu, "'")
    .slice(0, MAX_TITLE)
    .trim();

/** `fix/build-of-default`, for a repair and for the CRQ that documents it. */
export function branchOf(scope: RepairScope): string {
  const [first = "", ...more] = subjectOf(scope);
  const name = more.length === 0 ? shortName(first) : "flake";
  return `fix/build-of-${name.toLowerCase().replaceAll(/[^a-z0-9-]+/gu, "-")}`;
}

function metadataOf({ id, created, author, base, facts, scope }: RepairDocument): Metadata {
  const slug = branchOf(scope).replace("fix/", "fix-").slice(0, 50).replace(/-+$/u, "");
  // A document without a number is nobody's yet, and has no branch.
  const numbered = numberOf(id) !== undefined;
  return {
    schema: "crq/1",
    id,
    title: titleOf(subjectOf(scope)),
    status: numbered ? "proposed" : "draft",
    kind: "fix",
    created,
    authors: [author],
    ...(numbered && { branch: `feature/${id}-${slug}` }),
    target: { repo: ".", base, systems: [facts.system] },
    waivers: [],
  };
}

/** A fence keeps what somebody typed from becoming a heading or a check. */
export const wordsOf = (task: string): string =>
  `In the words of the person who asked:\n\n${"```"}text\n${plainText(task).replaceAll("`", "'").trim()}\n${"```"}`;

/** Nix's own words stand in a fence: they are data. */
function brokenText({ kind, stage, message, derivation, position, next }: Diagnosis): string {
  const where = [
    ...(derivation ? [`in the derivation \`${derivation.name}\` (${derivation.owner})`] : []),
    ...(position ? [`at \`${position.file}\`, line ${position.line}`] : []),
  ];
  return [
    `Class \`${kind}\`, stage ${stage}${where.length > 0 ? `, ${where.join(", ")}` : ""}:`,
    "",
    fenced(`${message}\n${next}`),
  ].join("\n");
}

const fenced = (text: string): string => `\`\`\`text\n${text.replaceAll("`", "'")}\n\`\`\``;

function leftText({ left, facts }: RepairDocument): string {
  if (left.length === 0) return "";
  const lines = left.map(({ attribute, diagnosis }) =>
    diagnosis ? `${general(attribute, facts.system)}: ${diagnosis.kind}: ${diagnosis.message}` : general(attribute, facts.system),
  );
  return `-   What is still broken, and stays so:\n\n${fenced(lines.join("\n")).replaceAll(/^/gmu, "    ")}\n`;
}
