import { fill } from "../../agent/prompt.ts";
import { renderCheckBlock, renderMetadata } from "../../crq/render/blocks.ts";
import type { CReading } from "../../repo/c/project.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import { type Drafted, type Drafting, type Refused, refuse } from "../draft/drafting.ts";
import { type Cited, gatherEvidence, UNTOUCHED, unread } from "../draft/evidence.ts";
import { relationsOf } from "../draft/relations.ts";
import { bullets, referenceList, tails } from "../draft/sections.ts";
import { joined, slugOf } from "../draft/subject.ts";
import { obeysPolicy } from "../plan/flake-inputs.ts";
import { type CCriterion, cCriteria } from "./criteria.ts";
import { planCFlake } from "./plan.ts";

/** A request for the flake of a C project. */
export function draftCFlake(reading: CReading, drafting: Drafting): Drafted | Refused {
  const { details, answers, refused, frame, task } = drafting;
  const { survey, policy } = details;
  const planned = planCFlake(reading, details, undefined, answers);
  if (!planned.ok) return refuse(planned.reason, planned.detail);
  const { plan, project, inputs } = planned;
  const document = survey.readme ? (survey.readme.text === undefined ? "docs/nix.md" : survey.readme.path) : "README.md";
  const criteria = cCriteria(plan, { survey, document, hasPolicy: policy !== undefined });
  const title = `Nixification of ${project.name}`.slice(0, 90);
  const relations = relationsOf(frame, task, { kind: "nixify", title, cited: plan.inputs.map(({ url }) => url) });
  const idsOf = (...topics: readonly CCriterion["topic"][]): readonly string[] =>
    criteria.filter(({ topic }) => topics.includes(topic)).map(({ id }) => id);
  const inputOf = (key: string | undefined): string | undefined => /^inputs\.(?<name>.+)\.url$/.exec(key ?? "")?.groups?.name;
  const isRule = (key: string | undefined): boolean => /^(?:rule|policy)\./.test(key ?? "");
  const decided = ({ key, about }: Parameters<Parameters<typeof gatherEvidence>[0]["decided"]>[0]): string | undefined => {
    const name = inputOf(key);
    if (name === undefined || !plan.inputs.some((input) => input.name === name)) return UNTOUCHED;
    return about !== "local-input" && inputs.sources.get(name)?.source === "policy" ? "the input policy" : undefined;
  };
  const quoted = (claim: string, line: number | undefined, usedIn: readonly string[]): readonly Cited[] => {
    const quote = project.quotes[String(line)];
    return quote === undefined || quote === ""
      ? []
      : [{ claim, source: project.file, sha256: project.sha256, quote, usedIn: [...usedIn] }];
  };
  const shown = criteria.flatMap(({ id, shown: run }): Cited[] =>
    run
      ? [
          {
            claim: `${id} repeats the run that is shown from this line on`,
            source: run.source,
            sha256: run.sha256,
            quote: run.quote,
            usedIn: [id],
          },
        ]
      : [],
  );
  const evidence = gatherEvidence({
    details,
    answers,
    refused,
    date: frame.created,
    own: [
      ...project.programs.flatMap(({ name, line }) =>
        quoted(`${project.system} builds the program ${name}`, line, ["4.2", ...idsOf("package")]),
      ),
      ...quoted("the version of the project is stated", project.version?.line, ["4.3"]),
      ...quoted("the project installs its programs", project.install?.line, ["4.3"]),
      ...quoted("the project has tests", project.tests?.line, ["4.3", ...idsOf("tests")]),
      ...shown,
    ],
    supports: ({ key, value }: DocumentFact) =>
      isRule(key) ||
      (plan.inputs.some(({ name, url }) => name === inputOf(key) && url === value) &&
        (!policy || obeysPolicy(value ?? "", policy))),
    usedIn: () => ["4.1", ...idsOf("inputs", "lock")],
    decided,
    questions: relations.questions,
    assumptions: [
      ...relations.assumptions,
      ...plan.inputs
        .filter(({ name }) => inputs.sources.get(name)?.source === "default")
        .map(({ name, url }) => `\`${name}\` comes from \`${url}\`, since no document, policy or flake names another place.`),
      ...plan.remarks,
      ...unread(details),
    ],
  });
  const isNew = (path: string): string => (survey.files.includes(path) ? `\`${path}\`` : `\`${path}\` (new)`);
  const programs = joined(plan.programs.map(({ name }) => `\`${name}\``));
  const needs = [...plan.nativeBuildInputs, ...plan.buildInputs].map((name) => `\`${name}\``);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["Write `flake.nix` and lock its inputs", idsOf("inputs", "lock", "outputs")],
    [`Build ${programs}`, idsOf("package")],
    ["Run the programs as the documents show", idsOf("program")],
    [plan.checkTarget === undefined ? "Let `nix flake check` pass" : "Let `nix flake check` run the tests", idsOf("tests")],
    ["Offer a development shell", idsOf("shell")],
    [`Describe it in \`${document}\``, idsOf("document")],
  ];
  const markdown = fill(drafting.template("crq-nixify-c"), {
    id: frame.id,
    title,
    name: project.name,
    file: project.file,
    product: `the ${plan.programs.length > 1 ? "programs" : "program"} ${programs}`,
    build_system: project.system === "make" ? "make" : "CMake",
    metadata: renderMetadata({
      schema: "crq/1",
      id: frame.id,
      title,
      status: "draft",
      kind: "nixify",
      created: frame.created,
      authors: [frame.author],
      branch: `feature/${frame.id}-${slugOf(`nixify ${project.name}`)}`,
      target: { repo: ".", base: frame.base, systems: frame.systems },
      ...(relations.dependsOn.length > 0 && { dependsOn: relations.dependsOn }),
      ...(relations.related.length > 0 && { related: relations.related }),
      waivers: [],
    }),
    in_scope: bullets([
      `${isNew("flake.nix")} and ${isNew("flake.lock")}: a package, its check, an app and a development shell.`,
      ...[...new Set(survey.ignored.map(({ by }) => by.file))].map(
        (file) => `\`${file}\`: rules that keep files out which the flake needs.`,
      ),
      `A section "Nix" in ${isNew(document)}.`,
    ]),
    inputs: bullets(
      plan.inputs.map(
        ({ name }) =>
          `\`${name}\`: ${name === "nixpkgs" ? "the compiler and the libraries" : "is declared as an input of the project"}.`,
      ),
    ),
    outputs: bullets([
      `Packages: \`packages.\${system}.${plan.name}\`, also as \`packages.\${system}.default\`.`,
      `Apps: \`apps.\${system}.default\`.`,
      `Checks: \`checks.\${system}.${plan.name}\`.`,
      `Shells: \`devShells.\${system}.default\` with the compiler and what the build needs.`,
    ]),
    build: [
      `\`stdenv.mkDerivation\` of nixpkgs builds the programs as \`${project.file}\` says, inside the Nix sandbox, without network access${plan.checkTarget === undefined ? "" : ", and runs the tests"}.`,
      ...(needs.length > 0 ? [`The build needs ${joined(needs)} from nixpkgs.`] : []),
    ].join(" "),
    criteria: criteria
      .map(({ id, sentence, checks }) => `-   **${id}**: ${sentence}\n${renderCheckBlock(id, checks)}`)
      .join("\n"),
    steps: steps
      .filter(([, ids]) => ids.length > 0)
      .map(([text, ids], index) => `${`${index + 1}.`.padEnd(4)}**${text}** (${ids.join(", ")}).`)
      .join("\n"),
    references: referenceList(evidence, `\`${project.file}\`.`),
    tails: tails(evidence),
  });
  return { open: details.contradictions.filter((found) => decided(found) === undefined), markdown };
}
