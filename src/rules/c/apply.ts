import type { Crq } from "../../crq/model.ts";
import { renderCFlake } from "../../nix/recipes/c/flake-file.ts";
import type { CFlakePlan } from "../../nix/recipes/c/plan.ts";
import { withSection } from "../../nix/recipes/readme-section.ts";
import type { CReading } from "../../repo/c/project.ts";
import type { Survey } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { existingText, unignored } from "../apply/files.ts";
import { calls, type Decision, giveUp, type PlannedCall } from "../decision.ts";
import type { Requirements } from "../plan/requirements.ts";
import { diagnosesOf, type Step } from "../transcript.ts";
import { planCFlake } from "./plan.ts";

/** The next move of an application to a C project: write the flake, build it, say so. What the gate's mechanics do not mend, no rule here mends. */

/** Characters of the host's words that a surrender repeats. */
const MAX_TOLD = 1500;
const MAX_UNUSABLE = 3;

export function nextOfCApply(
  reading: CReading,
  { crq, requirements }: { readonly crq: Crq; readonly requirements: Requirements },
  details: SurveyDetails,
  steps: readonly Step[],
): Decision {
  const planned = planCFlake(reading, details, { crq, requirements });
  if (!planned.ok) return giveUp(planned.reason, planned.detail);
  const { plan } = planned;
  const unusable = steps.filter((step) => step.tool === "unusable");
  if (unusable.length >= MAX_UNUSABLE)
    return giveUp("no-known-fix", `Tool calls gave no usable result: ${unusable.at(-1)?.text.slice(0, MAX_TOLD)}`);
  const at = steps.findLastIndex((step) => step.tool === "propose_edit");
  const proposed = steps[at];
  if (proposed?.tool !== "propose_edit") {
    const edits = [...filesOf(details.survey, plan, requirements)].map(([path, create]) => ({ path, create }));
    const why = `A flake that builds ${plan.name} with ${plan.system}: packages.${plan.name}, the app, the check and devShells.default`;
    return calls(why, { tool: "propose_edit", arguments: { edits, why, amend: false } });
  }
  if (!proposed.details.accepted)
    return giveUp("no-known-fix", `The proposal is refused: ${told([...proposed.details.problems, ...said(proposed)])}`);
  const builds = steps.slice(at).flatMap((step) => (step.tool === "nix_build" ? [step] : []));
  const failed = builds.find(({ details: { ok } }) => !ok);
  if (failed)
    return giveUp("no-known-fix", `Building ${failed.details.attribute} fails, and no rule mends it: ${told(said(failed))}`);
  const built = new Set(builds.map(({ details: { attribute } }) => attribute));
  const wanted = [...new Set([`packages.${details.system}.${plan.name}`, ...requirements.builds])].filter(
    (name) => !built.has(name),
  );
  if (wanted.length > 0)
    return calls(
      "Build what was proposed.",
      ...wanted.map((attribute): PlannedCall => ({ tool: "nix_build", arguments: { attribute } })),
    );
  const ended = steps.findLastIndex((step) => step.tool === "end");
  const answer = steps.findLast((step, index) => step.tool === "user" && index > ended);
  if (ended >= 0 && answer?.tool === "user")
    return giveUp("no-known-fix", `The flake builds, and the acceptance stays unmet: ${answer.text.slice(0, MAX_TOLD)}`);
  return {
    kind: "end",
    text: [`Written and built: ${[...filesOf(details.survey, plan, requirements).keys()].join(", ")}.`, ...plan.remarks].join(
      " ",
    ),
  };
}

const said = (step: Step): readonly string[] => diagnosesOf(step).map(({ message, next }) => `${message}. ${next}`);
const told = (texts: readonly string[]): string => texts.join(" ").slice(0, MAX_TOLD);

function filesOf(survey: Survey, plan: CFlakePlan, requirements: Requirements): ReadonlyMap<string, string> {
  const files = new Map<string, string>([["flake.nix", renderCFlake(plan)], ...unignored(survey.ignored)]);
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
function section(plan: CFlakePlan, heading: string, mentions: readonly string[]): string {
  const [main] = plan.programs;
  const known = [
    [`nix build .#${plan.name}`, `the program, in result/bin/${main?.name}`],
    [`nix run .#${plan.name}`, "build it and run it; arguments follow after --"],
    ["nix develop", "a shell with the compiler and what the build needs"],
    ["nix flake check", plan.checkTarget === undefined ? "build everything" : "build everything and run the tests"],
  ] as const;
  const more = mentions.filter((mention) => !known.some(([command]) => command.includes(mention)));
  const width = Math.max(...known.map(([command]) => command.length));
  const listing = [...known.map(([command, does]) => `${command.padEnd(width)}  # ${does}`), ...more];
  return [
    heading,
    "",
    `The flake builds the project with ${plan.system === "make" ? "make" : "CMake"} on ${plan.systems.join(", ")}.`,
    "",
    "```sh",
    ...listing,
    "```",
    "",
  ].join("\n");
}
