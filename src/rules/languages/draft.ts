import { fill } from "../../agent/prompt.ts";
import { renderCheckBlock, renderMetadata } from "../../crq/render/blocks.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import type { LanguageSurvey } from "../../repo/languages/project.ts";
import { branchField } from "../draft/branch.ts";
import { type Drafted, type Drafting, type Refused, refuse } from "../draft/drafting.ts";
import { type Cited, gatherEvidence, UNTOUCHED, unread } from "../draft/evidence.ts";
import { relationsOf } from "../draft/relations.ts";
import { bullets, referenceList, tails } from "../draft/sections.ts";
import { joined, slugOf } from "../draft/subject.ts";
import { readWords } from "../draft/words.ts";
import { obeysPolicy } from "../plan/flake-inputs.ts";
import { type LanguageCriterion, languageCriteria } from "./criteria.ts";
import { planLanguage } from "./plan.ts";

/** A request for the flake of a project in another language. */
export function draftLanguage(project: LanguageSurvey, drafting: Drafting): Drafted | Refused {
  const { details, answers, refused, frame, task } = drafting;
  const { survey, policy } = details;
  const plan = planLanguage(project, details, undefined, answers);
  if (!plan.ok) return refuse(plan.reason, plan.detail);
  const { inputs, sources } = plan.inputs;
  const document = survey.readme ? (survey.readme.text === undefined ? "docs/nix.md" : survey.readme.path) : "README.md";
  const criteria = languageCriteria(plan, { survey, document, hasPolicy: policy !== undefined, words: readWords(task) });
  const title = `Nixification of ${plan.name}`.slice(0, 90);
  const relations = relationsOf(frame, task, { kind: "nixify", title, cited: inputs.map(({ url }) => url) });
  const idsOf = (...topics: readonly LanguageCriterion["topic"][]): readonly string[] =>
    criteria.filter(({ topic }) => topics.includes(topic)).map(({ id }) => id);
  const inputOf = (key: string | undefined): string | undefined => /^inputs\.(?<name>.+)\.url$/.exec(key ?? "")?.groups?.name;
  const isRule = (key: string | undefined): boolean => /^(?:rule|policy)\./.test(key ?? "");
  const decided = ({ key, about }: Parameters<Parameters<typeof gatherEvidence>[0]["decided"]>[0]): string | undefined => {
    const name = inputOf(key);
    if (name === undefined || !inputs.some((input) => input.name === name)) return UNTOUCHED;
    return about !== "local-input" && sources.get(name)?.source === "policy" ? "the input policy" : undefined;
  };
  const sections = { outputs: "4.2", build: "4.3" } as const;
  const cited = plan.cited.map(
    ({ about, ...line }): Cited => ({
      ...line,
      usedIn: about.flatMap((topic) => (topic === "outputs" || topic === "build" ? [sections[topic]] : idsOf(topic))),
    }),
  );
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
    own: [...cited, ...shown],
    supports: ({ key, value }: DocumentFact) =>
      isRule(key) ||
      (inputs.some(({ name, url }) => name === inputOf(key) && url === value) && (!policy || obeysPolicy(value ?? "", policy))),
    usedIn: () => ["4.1", ...idsOf("inputs", "lock")],
    decided,
    questions: relations.questions,
    assumptions: [
      ...relations.assumptions,
      ...inputs
        .filter(({ name }) => sources.get(name)?.source === "default")
        .map(({ name, url }) => `\`${name}\` comes from \`${url}\`, since no document, policy or flake names another place.`),
      ...plan.remarks,
      ...unread(details),
    ],
  });
  const isNew = (path: string): string => (survey.files.includes(path) ? `\`${path}\`` : `\`${path}\` (new)`);
  const programs = joined(plan.programs.map((name) => `\`${name}\``));
  const product =
    plan.programs.length === 0
      ? `the library \`${plan.name}\``
      : `the ${plan.programs.length > 1 ? "programs" : "program"} ${programs}`;
  const namesOf = (optional: boolean): readonly string[] =>
    plan.checks.flatMap((check) => (optional === (check.optional === true) ? [`\`checks.\${system}.${check.name}\``] : []));
  const checks = [`\`checks.\${system}.${plan.name}\``, ...namesOf(false)];
  const optional = namesOf(true);
  const hasTests = plan.testsInBuild || plan.checks.some(({ topic }) => topic === "tests");
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["Write `flake.nix` and lock its inputs", idsOf("inputs", "lock", "outputs")],
    [`Build ${product}`, idsOf("package")],
    ["Run the programs as the documents show", idsOf("program")],
    [hasTests ? "Let `nix flake check` run the tests and checks" : "Let `nix flake check` pass", idsOf("tests")],
    ["Offer a development shell", idsOf("shell")],
    [`Describe it in \`${document}\``, idsOf("document")],
  ];
  const apps = plan.programs.length > 1 ? ["default", ...plan.programs] : plan.programs.length === 1 ? ["default"] : [];
  const markdown = fill(drafting.template("crq-nixify-project"), {
    id: frame.id,
    title,
    language: plan.language,
    name: plan.name,
    product,
    tool: plan.tool,
    untouched: plan.untouched,
    metadata: renderMetadata({
      schema: "crq/1",
      id: frame.id,
      title,
      status: "draft",
      kind: "nixify",
      created: frame.created,
      authors: [frame.author],
      ...branchField(frame.id, slugOf(`nixify ${plan.name}`)),
      target: { repo: ".", base: frame.base, systems: frame.systems },
      ...(relations.dependsOn.length > 0 && { dependsOn: relations.dependsOn }),
      ...(relations.related.length > 0 && { related: relations.related }),
      waivers: [],
    }),
    in_scope: bullets([
      `${isNew("flake.nix")} and ${isNew("flake.lock")}: a package, its checks,${apps.length > 1 ? " apps" : apps.length === 1 ? " an app" : ""}${plan.formatter ? ", a formatter" : ""} and a development shell.`,
      ...[...(plan.files ?? new Map<string, string>()).keys()].map((path) => `${isNew(path)}: the flake needs it.`),
      ...[...new Set(survey.ignored.map(({ by }) => by.file))].map(
        (file) => `\`${file}\`: rules that keep files out which the flake needs.`,
      ),
      ...(idsOf("document").length > 0 ? [`A section "Nix" in ${isNew(document)}.`] : []),
    ]),
    inputs: bullets(
      inputs.map(
        ({ name }) =>
          `\`${name}\`: ${name === "nixpkgs" ? "the tools and the libraries" : "is declared as an input of the project"}.`,
      ),
    ),
    outputs: bullets([
      `Packages: \`packages.\${system}.${plan.name}\`, also as \`packages.\${system}.default\`.`,
      ...(apps.length > 0 ? [`Apps: ${joined(apps.map((app) => `\`apps.\${system}.${app}\``))}.`] : []),
      `Checks: ${joined(checks)}${optional.length > 0 ? `; ${joined(optional)} where the sources pass ${optional.length > 1 ? "them" : "it"}` : ""}.`,
      `Shells: \`devShells.\${system}.default\` with ${plan.shell.holds}.`,
      ...(plan.formatter ? ["Formatter: `formatter.${system}`."] : []),
    ]),
    build: plan.build.join(" "),
    criteria: criteria
      .map(({ id, sentence, checks: blocks }) => `-   **${id}**: ${sentence}\n${renderCheckBlock(id, blocks)}`)
      .join("\n"),
    steps: steps
      .filter(([, ids]) => ids.length > 0)
      .map(([text, ids], index) => `${`${index + 1}.`.padEnd(4)}**${text}** (${ids.join(", ")}).`)
      .join("\n"),
    references: referenceList(evidence, `\`${plan.file}\`.`),
    tails: tails(evidence),
  });
  return { open: details.contradictions.filter((found) => decided(found) === undefined), markdown };
}
