import { posix } from "node:path";
import { fill } from "../../../agent/prompt.ts";
import type { Metadata } from "../../../crq/model.ts";
import { renderCheckBlock, renderMetadata } from "../../../crq/render/blocks.ts";
import { cargoNixPath } from "../../../nix/recipes/crate2nix.ts";
import { GUIDE_HEADING } from "../../../nix/recipes/guide/guide-section.ts";
import type { FlakePlan } from "../../../nix/recipes/plan.ts";
import type { CargoProject, Survey } from "../../../repo/facts.ts";
import type { DraftFrame } from "../../../tools/contract.ts";
import { branchField } from "../branch.ts";
import type { Evidence } from "../evidence.ts";
import type { Relations } from "../relations.ts";
import { bullets, referenceList, tails } from "../sections.ts";
import { joined, type Subject, slugOf } from "../subject.ts";
import { hasTests, type NumberedCriterion } from "./criteria.ts";

/** Puts a drafted document together from its parts and the template of its kind. */

export interface DocumentParts {
  readonly kind: "nixify" | "fix" | "docs";
  readonly frame: DraftFrame;
  readonly relations: Relations;
  readonly subject: Subject;
  readonly survey: Survey;
  readonly project: CargoProject;
  readonly plan: FlakePlan;
  readonly criteria: readonly NumberedCriterion[];
  readonly evidence: Evidence;
  /** Path of the document that the change adds a section to. */
  readonly document: string;
}

const TITLES = { nixify: "Nixification of", fix: "Repair of the Nix flake of", docs: "Nix documentation of" } as const;
const SLUGS = { nixify: "nixify", fix: "fix-flake-of", docs: "document-nix-of" } as const;
/** Characters of a title. */
const MAX_TITLE = 90;

const code = (names: readonly string[]): string => joined(names.map((name) => `\`${name}\``));

export const draftTitle = (kind: DocumentParts["kind"], subject: Subject): string =>
  `${TITLES[kind]} ${subject.name}`.slice(0, MAX_TITLE).trim();

export function renderDraft(parts: DocumentParts, template: string): string {
  const title = draftTitle(parts.kind, parts.subject);
  return fill(template, {
    id: parts.frame.id,
    title,
    metadata: renderMetadata(metadata(parts, title)),
    subject: parts.kind === "docs" ? lowerFirst(parts.subject.subject) : parts.subject.subject,
    ...(parts.kind !== "docs" && { product: parts.subject.product, lock_file: lockFile(parts.project) }),
    in_scope: bullets(inScope(parts)),
    inputs: bullets(inputLines(parts)),
    outputs: bullets(outputLines(parts)),
    build: buildText(parts),
    criteria: parts.criteria
      .map((criterion) => `-   **${criterion.id}**: ${criterion.sentence}\n${renderCheckBlock(criterion.id, criterion.checks)}`)
      .join("\n"),
    steps: steps(parts)
      .map((step, index) => `${`${index + 1}.`.padEnd(4)}${step}`)
      .join("\n"),
    references: referenceList(
      parts.evidence,
      parts.survey.files.includes("Cargo.toml") ? "`Cargo.toml`." : "The manifests of the project.",
    ),
    tails: tails(parts.evidence),
  });
}

const lockFile = (project: CargoProject): string => posix.join(project.root, "Cargo.lock");

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function metadata({ frame, kind, subject, relations: { dependsOn, related } }: DocumentParts, title: string): Metadata {
  return {
    schema: "crq/1",
    id: frame.id,
    title,
    status: "draft",
    kind,
    created: frame.created,
    authors: [frame.author],
    ...branchField(frame.id, slugOf(`${SLUGS[kind]} ${subject.name}`)),
    target: { repo: ".", base: frame.base, systems: frame.systems },
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(related.length > 0 && { related }),
    waivers: [],
  };
}

const isNew = (survey: Survey, path: string): string => (survey.files.includes(path) ? `\`${path}\`` : `\`${path}\` (new)`);

function inScope(parts: DocumentParts): readonly string[] {
  const { survey, project, document } = parts;
  const section = parts.criteria.some(({ checks }) => checks.some((check) => check.kind === "doc" && check["run-fences"]))
    ? `${isNew(survey, document)}: a section "${GUIDE_HEADING}", and right forms of the commands that it shows.`
    : `A section "Nix" in ${isNew(survey, document)}.`;
  if (parts.kind === "docs") return [section];
  const ignoreFiles = [...new Set(survey.ignored.map((entry) => entry.by.file))];
  return [
    `${isNew(survey, "flake.nix")} and ${isNew(survey, "flake.lock")}: packages, checks and a development shell.`,
    ...(project.lock.state === "present" ? [] : [`${isNew(survey, lockFile(project))}: the locked dependencies.`]),
    ...(asksForFile(parts, cargoNixPath(parts.plan))
      ? [`${isNew(survey, cargoNixPath(parts.plan))}: every crate, written by crate2nix.`]
      : []),
    ...ignoreFiles.map((file) => `\`${file}\`: rules that keep files out which the flake needs.`),
    ...(parts.criteria.some((criterion) => criterion.topic === "document") ? [section] : []),
  ];
}

const asksForFile = ({ criteria }: DocumentParts, path: string): boolean =>
  criteria.some(({ checks }) => checks.some((check) => check.kind === "file" && check.path === path));

/** Facts that support a statement, in parentheses. */
function cite(parts: DocumentParts, matches: (key: string) => boolean): string {
  const ids = parts.evidence.facts.filter((fact) => fact.key !== undefined && matches(fact.key)).map((fact) => fact.id);
  return ids.length === 0 ? "" : ` (${ids.join(", ")})`;
}

function inputLines(parts: DocumentParts): readonly string[] {
  const used = (name: string): string => {
    if (name === "nixpkgs") return "the toolchain and the native libraries";
    if (name === parts.plan.builder) return "builds the crates";
    if (name === "rust-overlay" || name === "fenix") return "gives the Rust toolchains that nixpkgs does not have";
    if (name === "flake-utils") return "gives the outputs of each system";
    return "is declared as an input of the project";
  };
  return parts.plan.inputs.map(
    (input) => `\`${input.name}\`: ${used(input.name)}${cite(parts, (key) => key === `inputs.${input.name}.url`)}.`,
  );
}

function outputLines({ plan, criteria, survey }: DocumentParts): readonly string[] {
  const attributes = criteria.flatMap((criterion) =>
    criterion.checks.flatMap((check) => (check.kind === "nix-build" && check.attr.startsWith("packages.") ? [check.attr] : [])),
  );
  const steps = survey.flake ? [] : (plan.stepChecks ?? []).map((check) => `checks.\${system}.${check.attribute}`);
  // A flake that exists keeps its apps and checks.
  const apps = survey.flake ? [] : plan.apps.map((app) => `apps.\${system}.${app.attribute}`);
  const lints = survey.flake ? [] : [...plan.tests, ...plan.lints].flatMap((check) => (check.optional ? [check.attribute] : []));
  const names = [...new Set([...plan.shells, ...(plan.msrv === undefined ? [] : ["msrv"])])];
  const shells = names.map((name) => `devShells.\${system}.${name}`);
  return [
    ...(attributes.length > 0 ? [`Packages: ${code(attributes)}.`] : []),
    ...(steps.length > 0 ? [`Checks, step by step: ${code(steps)}.`] : []),
    ...(apps.length > 0 ? [`Apps: ${code(apps)}.`] : []),
    ...(plan.packages.length === 0 ? ["Checks: the tests of the library; it leaves nothing to install."] : []),
    ...(lints.length > 0 ? [`Further checks, each where the project as it is passes it: ${code(lints)}.`] : []),
    `Shells: ${code(shells)} with ${code(plan.shellPackages)}.`,
  ];
}

function buildText(parts: DocumentParts): string {
  const { plan, survey } = parts;
  const native = [...plan.nativeBuildInputs, ...plan.buildInputs].map((need) => need.attribute);
  const builder = plan.builder === "buildRustPackage" ? "`buildRustPackage` of nixpkgs" : `\`${plan.builder}\``;
  const files = [...new Set(survey.neededFiles.filter((file) => file.exists).map((file) => file.path))].slice(0, 5);
  return [
    `${builder} compiles the crates from \`${lockFile(parts.project)}\` inside the Nix sandbox${cite(parts, (key) => key === "builder")}, without network access${hasTests(parts.project) ? ", and runs their tests" : ""}.`,
    ...toolchainText(plan),
    ...(native.length > 0 ? [`The build needs ${code(native)} from nixpkgs.`] : []),
    ...(files.length > 0 ? [`It reads ${code(files)} at compile time.`] : []),
  ].join(" ");
}

function toolchainText({ toolchain, msrv }: FlakePlan): readonly string[] {
  const rust =
    toolchain.from === "rust-overlay"
      ? [`The toolchain is the one that \`${toolchain.file}\` names, out of rust-overlay.`]
      : toolchain.from === "fenix"
        ? [`The toolchain is the ${toolchain.channel} channel of fenix.`]
        : [];
  return [
    ...rust,
    ...(msrv === undefined ? [] : [`\`devShells.\${system}.msrv\` has Rust ${msrv}, the oldest that the manifests promise.`]),
  ];
}

type Topic = NumberedCriterion["topic"];

/** Steps with the criteria they serve; one that serves none is left out. */
function steps(parts: DocumentParts): readonly string[] {
  return plannedSteps(parts).flatMap(([text, topics]) => {
    const ids = parts.criteria.filter((criterion) => topics.includes(criterion.topic)).map((criterion) => criterion.id);
    return ids.length === 0 ? [] : [`**${text}** (${ids.join(", ")}).`];
  });
}

function plannedSteps(parts: DocumentParts): readonly (readonly [text: string, topics: readonly Topic[]])[] {
  if (parts.kind === "docs") return [[`Describe the flake in \`${parts.document}\``, ["document"]]];
  return [
    ["Generate the lock file of Cargo", ["cargo-lock"]],
    [
      `${parts.kind === "fix" || parts.survey.flake ? "Repair and complete" : "Write"} \`flake.nix\` and lock its inputs`,
      ["inputs", "lock", "outputs"],
    ],
    [`Build ${code(parts.plan.packages.map((pkg) => pkg.crate))}`, ["package"]],
    ["Run the programs as the documents show", ["program"]],
    [hasTests(parts.project) ? "Let `nix flake check` run the tests" : "Let `nix flake check` pass", ["tests"]],
    ["Offer a development shell", ["shell"]],
    [`Describe it in \`${parts.document}\``, ["document"]],
  ];
}
