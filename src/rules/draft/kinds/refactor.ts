import { flakeParts } from "../../../nix/recipes/existing/flake-parts.ts";
import type { ExistingFlake } from "../../../repo/facts.ts";
import type { SurveyDetails } from "../../../tools/contract.ts";
import { type ChangeCriterion, type ChangeResult, wishClause } from "../change.ts";
import { UNTOUCHED } from "../evidence.ts";
import type { NumberedCriterion } from "../flake/criteria.ts";

/** What a flake does not have today cannot stay as it is. */
function stands(topic: NumberedCriterion["topic"], flake: ExistingFlake | undefined): boolean {
  const names = flake ? (flakeParts(flake.text).outputs?.names ?? []) : [];
  const has = (output: string): boolean => names.some(([first]) => first === output);
  switch (topic) {
    case "package":
    case "program":
      return has("packages");
    case "tests":
      return has("checks");
    case "shell":
      return has("devShells");
    case "inputs":
    case "outputs":
    case "lock":
    case "cargo-lock":
    case "document":
      return false;
  }
}

const RENAME =
  /\brename\s+(?:the\s+)?(?:(?:crate|package|program|binary)\s+)?`?(?<from>[A-Za-z0-9_][\w-]*)`?\s+(?:to|into|as)\s+`?(?<to>[A-Za-z0-9_][\w-]*)`?/i;

/**
 * What works today stays; what is different afterwards is a criterion where the wish says it in a form that a machine can check (a crate
 * gets another name), else a question.
 * @param today criteria of the flake as it is
 */
export function refactorChange({ survey, task = "" }: SurveyDetails, today: readonly NumberedCriterion[]): ChangeResult {
  if (!survey.flake)
    return { refusal: "There is no flake, so nothing shows that the project still works afterwards. Ask to nixify it first." };
  const { from, to } = RENAME.exec(task)?.groups ?? {};
  const crate = survey.cargo?.packages.find(({ name }) => name === from);
  const manifest = crate && (crate.directory === "." ? "Cargo.toml" : `${crate.directory}/Cargo.toml`);
  const programs = crate?.binaries.filter(({ name }) => name === from).map(() => `bin/${to}`) ?? [];
  const renamed: readonly ChangeCriterion[] =
    crate && manifest !== undefined && to !== undefined
      ? [
          {
            sentence: `\`nix build .#${to}\` builds the crate under its new name, and \`${manifest}\` has that name.`,
            checks: [
              { kind: "nix-build", attr: `packages.$\{system}.${to}`, files: programs },
              { kind: "file", path: manifest, pointer: "/package/name", equals: to },
            ],
            step: `Rename the crate \`${from}\``,
          },
        ]
      : [];
  const kept = today.filter(({ topic, sentence }) => stands(topic, survey.flake) && !(crate && sentence.includes(`\`${from}\``)));
  return {
    change: {
      kind: "refactor",
      title: `Refactoring: ${wishClause(task)}`,
      inScope: ["The sources and manifests that the wish names, and the flake as far as it names them."],
      outOfScope: ["What the programs do, and other dependencies."],
      details: [
        {
          heading: "What Stays",
          text: "The outputs of the flake stay as they are; the criteria that hold them pass before the change and must pass after it.",
        },
      ],
      criteria: [
        ...renamed,
        ...kept.map(
          ({ sentence, checks }): ChangeCriterion => ({
            sentence,
            checks: checks.map((check) => ({ ...check, regression: true })),
            step: "Check that nothing else changed",
          }),
        ),
      ],
      questions:
        renamed.length > 0
          ? []
          : [
              "What would show that this is done? Every criterion above holds before the change too; name something that is false now: an output of the flake, a value in a file, an answer of a program.",
            ],
      assumptions: [],
      supports: () => false,
      decided: () => UNTOUCHED,
    },
  };
}
