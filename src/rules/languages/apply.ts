import type { Crq } from "../../crq/model.ts";
import { withSection } from "../../nix/recipes/readme-section.ts";
import type { Survey } from "../../repo/facts.ts";
import type { LanguageSurvey } from "../../repo/languages/project.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { existingText, unignored } from "../apply/files.ts";
import { calls, type Decision, giveUp, type PlannedCall } from "../decision.ts";
import { joined } from "../draft/subject.ts";
import type { Requirements } from "../plan/requirements.ts";
import { diagnosesOf, type Step } from "../transcript.ts";
import { planLanguage } from "./plan.ts";
import type { PlannedProject } from "./planned.ts";

/**
 * The next move of an application to a project in another language: write the flake, build it, say so. Hashes and what else the host's
 * mechanics mend while they build is mended; beyond that no rule here mends anything.
 */

/** Characters of the host's words that a surrender repeats. */
const MAX_TOLD = 1500;
const MAX_UNUSABLE = 3;

interface Asked {
  readonly crq: Crq;
  readonly requirements: Requirements;
  /** The flake that exists is to build, and nothing is to be added to it. */
  readonly alone: boolean;
}

export function nextOfLanguage(language: LanguageSurvey, asked: Asked, details: SurveyDetails, steps: readonly Step[]): Decision {
  const unusable = steps.filter((step) => step.tool === "unusable");
  if (unusable.length >= MAX_UNUSABLE)
    return giveUp("no-known-fix", `Tool calls gave no usable result: ${unusable.at(-1)?.text.slice(0, MAX_TOLD)}`);
  if (asked.alone)
    return building(steps, asked.requirements.builds, ["The flake builds; what the host mended on the way is in the journal."]);
  const plan = planLanguage(language, details, asked);
  if (!plan.ok) return giveUp(plan.reason, plan.detail);
  const { system } = details;
  const failing = optionalFailures(plan, asked.requirements, steps, system);
  const kept = plan.checks.filter(({ name }) => !failing.has(name));
  const written =
    failing.size === 0 ? plan : { ...plan, flake: plan.flakeWithout?.(new Set(failing.keys())) ?? plan.flake, checks: kept };
  const files = filesOf(details.survey, written, asked.requirements);
  const at = steps.findLastIndex((step) => step.tool === "propose_edit");
  const proposed = steps[at];
  if (proposed?.tool !== "propose_edit" || [...failing.values()].some((failed) => failed > at)) {
    const edits = [...files].map(([path, create]) => ({ path, create }));
    const outputs = [
      `packages.${plan.name}`,
      ...(plan.programs.length > 0 ? ["apps"] : []),
      ...[plan.name, ...kept.map(({ name }) => name)].map((name) => `checks.${name}`),
      "devShells.default",
    ];
    const without =
      failing.size > 0 ? `; ${joined([...failing.keys()])} left out, since the sources do not pass and nobody asks for it` : "";
    const why = `A flake that builds ${plan.name} with ${plan.tool}: ${outputs.join(", ")}${without}`;
    return calls(why, { tool: "propose_edit", arguments: { edits, why: why.slice(0, 500), amend: false } });
  }
  if (!proposed.details.accepted)
    return giveUp("no-known-fix", `The proposal is refused: ${told([...proposed.details.problems, ...said(proposed)])}`);
  const wanted = [
    `packages.${system}.${plan.name}`,
    ...asked.requirements.builds,
    ...kept.map(({ name }) => `checks.${system}.${name}`),
  ];
  const left = [...failing.keys()].map((name) => `The check ${name} is left out: the sources do not pass it.`);
  return building(steps.slice(at), wanted, [`Written and built: ${[...files.keys()].join(", ")}.`, ...left, ...plan.remarks]);
}

/** Checks that nobody asks for and that failed, each with the step that showed it. */
function optionalFailures(
  { checks }: PlannedProject,
  requirements: Requirements,
  steps: readonly Step[],
  system: string,
): ReadonlyMap<string, number> {
  const optional = new Map<string, string>(
    checks.flatMap(({ name, optional }) =>
      optional && !requirements.checks.has(name) ? [[`checks.${system}.${name}`, name] as const] : [],
    ),
  );
  return new Map(
    steps.flatMap((step, index) => {
      const name = step.tool === "nix_build" && !step.details.ok ? optional.get(step.details.attribute) : undefined;
      return name === undefined ? [] : [[name, index] as const];
    }),
  );
}

/** Builds what is wanted and not built yet; a failure that the host's mechanics did not mend ends it. */
function building(steps: readonly Step[], wanted: readonly string[], done: readonly string[]): Decision {
  const builds = steps.flatMap((step) => (step.tool === "nix_build" ? [step] : []));
  const failed = builds.find(({ details: { ok } }) => !ok);
  if (failed)
    return giveUp("no-known-fix", `Building ${failed.details.attribute} fails, and no rule mends it: ${told(said(failed))}`);
  const built = new Set(builds.map(({ details: { attribute } }) => attribute));
  const open = [...new Set(wanted)].filter((name) => !built.has(name));
  if (open.length > 0)
    return calls(
      "Build what was proposed.",
      ...open.map((attribute): PlannedCall => ({ tool: "nix_build", arguments: { attribute } })),
    );
  const ended = steps.findLastIndex((step) => step.tool === "end");
  const answer = steps.findLast((step, index) => step.tool === "user" && index > ended);
  if (ended >= 0 && answer?.tool === "user")
    return giveUp("no-known-fix", `The flake builds, and the acceptance stays unmet: ${answer.text.slice(0, MAX_TOLD)}`);
  return { kind: "end", text: done.join(" ") };
}

const said = (step: Step): readonly string[] => diagnosesOf(step).map(({ message, next }) => `${message}. ${next}`);
const told = (texts: readonly string[]): string => texts.join(" ").slice(0, MAX_TOLD);

function filesOf(survey: Survey, plan: PlannedProject, requirements: Requirements): ReadonlyMap<string, string> {
  const files = new Map<string, string>([["flake.nix", plan.flake], ...(plan.files ?? []), ...unignored(survey.ignored)]);
  for (const { file, headings, mentions } of requirements.docs) {
    const before = files.get(file) ?? existingText(survey, file);
    if (before === undefined) continue;
    const [heading = "Nix", ...others] = headings;
    const first = withSection(before, heading, (line) => section(plan, line, mentions));
    files.set(
      file,
      others.reduce((text, other) => withSection(text, other, (line) => `${line}\n\nSee "${heading}".\n`), first),
    );
  }
  return files;
}

/** Only commands that the flake really answers. */
function section(plan: PlannedProject, heading: string, mentions: readonly string[]): string {
  const [main, ...others] = plan.programs;
  const does = [
    "build everything",
    ...(plan.testsInBuild ? ["run the tests"] : []),
    ...plan.checks.map((check) => check.does.replace(/^runs /, "run ")),
  ];
  const known: readonly (readonly [string, string])[] = [
    [`nix build .#${plan.name}`, main === undefined ? "the library" : `the program, in result/bin/${main}`],
    ...(main === undefined
      ? []
      : [[others.length > 0 ? `nix run .#${main}` : "nix run", "build it and run it; arguments follow after --"] as const]),
    ...others.map((program) => [`nix run .#${program}`, `the same with ${program}`] as const),
    ["nix develop", `a shell with ${plan.shell.holds}`],
    ["nix flake check", joined(does)],
    ...(plan.formatter ? [["nix fmt", "format the sources"] as const] : []),
  ];
  const more = mentions.filter((mention) => !known.some(([command]) => command.includes(mention)));
  const width = Math.max(...known.map(([command]) => command.length));
  const listing = [...known.map(([command, what]) => `${command.padEnd(width)}  # ${what}`), ...more];
  return [
    heading,
    "",
    `The flake builds the project with ${plan.tool} on ${plan.systems.join(", ")}.`,
    "",
    "```sh",
    ...listing,
    "```",
    "",
  ].join("\n");
}
