import type { DocumentFact } from "../../../repo/facts.ts";
import type { Recording, SurveyDetails } from "../../../tools/contract.ts";
import { type Change, type ChangeCriterion, type ChangeResult, wishClause } from "../change.ts";
import { UNTOUCHED } from "../evidence.ts";
import { joined } from "../subject.ts";
import { latticeChange } from "./lattice.ts";
import { programRuns, silentQuestions } from "./program-runs.ts";

/** Many small flakes: one for each recorded step of a build, or the nodes of a lattice. How many there are, the repository says. */

export function stepFlakesChange(kind: "steps" | "lattice", details: SurveyDetails): ChangeResult {
  const stated = details.facts.find(({ key }) => key === `${kind}.dir`)?.value;
  const relevant = ({ key }: Pick<DocumentFact, "key">): boolean =>
    key === `${kind}.dir` || key?.startsWith("requirement.") === true || key?.startsWith("rule.") === true;
  const own = kind === "steps" ? stepsChange(details, stated) : latticeChange(details, stated);
  return {
    change: {
      kind,
      ...own,
      supports: relevant,
      decided: ({ key, about }) => (relevant({ key }) || about === "local-input" || about === "policy" ? undefined : UNTOUCHED),
    },
  };
}

export type OwnParts = Omit<Change, "kind" | "supports" | "decided">;

function stepsChange({ flakeGraphs, survey, task = "" }: SurveyDetails, stated: string | undefined): OwnParts {
  const recordings = flakeGraphs?.recordings ?? [];
  const recording = recordings.find(({ folder }) => folder === stated) ?? (recordings.length === 1 ? recordings[0] : undefined);
  const dir = recording?.folder ?? stated ?? "steps";
  const known = recording !== undefined && recording.problems.length === 0 && recording.steps >= 2;
  const check = { kind: "steps", mode: "records", dir, ...(known && { min: recording.steps }) } as const;
  const ran = known ? programRuns(recording, survey) : { runs: [], silent: [] };
  return {
    title: "Flakes for the steps of the build",
    inScope: [
      `\`${dir}\`${recording ? "" : " (new)"}: a flake for each recorded step, and one that joins what the last steps made.`,
    ],
    outOfScope: [
      "The build as it runs today: steps are recorded while it runs and not in its place.",
      ...(recording ? ["The records: what was recorded stays as it is."] : []),
    ],
    details: [
      {
        heading: "Form",
        text: "Records are JSON Lines of the form `crq-step/1`; the environment in them is filtered by an allow-list, so that no secret gets into the repository. The flake of a step takes those of the steps it depends on as inputs, runs the recorded command on what they built, and makes the recorded outputs.",
      },
      {
        heading: "Place",
        text: known
          ? `The ${recording.steps} records lie in \`${dir}\`; each gets a folder beside them, named by its number (step001 and on).`
          : `They lie in \`${dir}\`${recording ? "" : " (new)"}, one folder each.`,
      },
    ],
    criteria: [
      {
        sentence: `\`${dir}\`${recording ? "" : " (new)"} holds ${known ? `the ${recording.steps} recorded steps` : "at least two step records"}, each with a flake of its own that runs what was recorded, in a graph without cycles.`,
        checks: [check],
        step: `Generate the flakes in \`${dir}\``,
      },
      {
        sentence: "The flake of each step builds by itself and makes what its record says.",
        checks: [{ ...check, build: true }],
        step: "Build each by itself",
      },
      ...ran.runs.map(
        ({ program, argv, stdout, says }): ChangeCriterion => ({
          sentence: `What the last steps made answers \`${says}\`.`,
          checks: [{ kind: "run", argv: [`\${out:AC-2.0}/bin/${program}`, ...argv], stdout: { regex: stdout } }],
          step: "Run what was built",
        }),
      ),
    ],
    questions: [...recordingQuestions(recordings, recording, task), ...silentQuestions(ran.silent, "bin")],
    assumptions: [...(recording || stated ? [] : [`The flakes lie in the folder ${dir}, since no document names another.`])],
  };
}

function recordingQuestions(recordings: readonly Recording[], recording: Recording | undefined, task: string): readonly string[] {
  if (recording && recording.problems.length > 0) {
    return [
      `The records in ${recording.folder} cannot be built again as they are: ${recording.problems.slice(0, MAX_LISTED).join("; ")}. Shall they be recorded again?`,
    ];
  }
  if (recording && recording.steps >= 2) return [];
  if (recordings.length > 1)
    return [`Records of builds lie in ${joined(recordings.map(({ folder }) => folder))}. Which of them is meant?`];
  return [
    `Which command is the build whose steps "${wishClause(task)}" means? No step records are committed; a person records them with \`crq-agent steps record -- COMMAND\` and commits them, since the build itself is never run by the agent. Until then the criteria ask for two steps at least.`,
  ];
}

const MAX_LISTED = 3;
