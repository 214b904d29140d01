import type { SurveyDetails } from "../../../tools/contract.ts";
import { type ChangeCriterion, type ChangeResult, wishClause } from "../change.ts";
import { UNTOUCHED } from "../evidence.ts";
import { slugOf } from "../subject.ts";

const HEADINGS = ["Summary", "Timeline", "Cause", "Remedy"];

/** A report on something that happened. What happened stands in no file: it is asked, and never made up. */
export function incidentChange({ survey, task = "", draft }: SurveyDetails): ChangeResult {
  const clause = wishClause(task);
  const path = `docs/incidents/${draft?.created ?? ""}-${slugOf(clause).slice(0, 40).replace(/-+$/, "")}.md`;
  const failing = survey.flake ? /`nix build \.?#(?<name>[\w-]+)`/.exec(task)?.groups?.name : undefined;
  const attribute = failing === undefined ? undefined : `packages.$\{system}.${failing}`;
  const repair: readonly ChangeCriterion[] =
    attribute === undefined
      ? []
      : [
          {
            sentence: `\`nix build .#${failing}\`, which the wish names as failing, builds.`,
            checks: [{ kind: "nix-build", attr: attribute }],
            step: `Repair what keeps \`${failing}\` from building`,
          },
        ];
  return {
    change: {
      kind: "incident",
      title: `Incident report: ${clause}`,
      inScope: [
        `\`${path}\` (new): the report.`,
        ...(attribute === undefined ? [] : [`The flake, as far as \`${failing}\` needs it to build.`]),
      ],
      outOfScope: ["Changes to sources that the report does not explain."],
      details: [
        {
          heading: "The Report",
          text: `\`${path}\` has the sections ${HEADINGS.join(", ")}. It says what is known, and what is not.`,
        },
      ],
      criteria: [
        ...repair,
        {
          sentence: `\`${path}\` has the sections ${HEADINGS.join(", ")} and names this request.`,
          checks: [{ kind: "doc", files: [path], headings: HEADINGS, mentions: [draft?.id ?? ""] }],
          step: "Write the report",
        },
      ],
      questions: [
        "What happened, from when to when, what caused it, and what ended it? The repository does not say, and a report must not invent it.",
      ],
      assumptions: [],
      supports: () => false,
      decided: () => UNTOUCHED,
    },
  };
}
