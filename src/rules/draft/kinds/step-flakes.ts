import type { DocumentFact } from "../../../repo/facts.ts";
import type { SurveyDetails } from "../../../tools/contract.ts";
import { type Change, type ChangeResult, wishClause } from "../change.ts";
import { UNTOUCHED } from "../evidence.ts";

/** Many small flakes: one for each recorded step of a build, or the nodes of a lattice. */

const WORDS = {
  steps: {
    title: "Flakes for the steps of the build",
    folder: "steps",
    mode: "records",
    what: "step records, each with a flake of its own that evaluates, in a graph without cycles",
    builds: "The flake of each step builds by itself.",
    stays: "The build as it runs today: steps are recorded while it runs and not in its place.",
    form: "Records are JSON Lines of the form `crq-step/1`; the environment in them is filtered by an allow-list, so that no secret gets into the repository.",
  },
  lattice: {
    title: "Flake lattice",
    folder: "lattice",
    mode: "lattice",
    what: "nodes, each with a flake that evaluates by itself and takes inputs only from lower nodes",
    builds: "The default package of each node builds by itself.",
    stays: "The packages that exist, and how they are built.",
    form: "A node is a folder with a `flake.nix`; its inputs name lower nodes only, and the graph has no cycle.",
  },
} as const;

export function stepFlakesChange(kind: "steps" | "lattice", { facts, task = "" }: SurveyDetails): ChangeResult {
  const words = WORDS[kind];
  const stated = facts.find(({ key }) => key === `${kind}.dir`);
  const dir = stated?.value ?? words.folder;
  const relevant = ({ key }: Pick<DocumentFact, "key">): boolean =>
    key === `${kind}.dir` || key?.startsWith("requirement.") === true || key?.startsWith("rule.") === true;
  const change: Change = {
    kind,
    title: words.title,
    inScope: [`\`${dir}\` (new): the flakes, and what makes them.`],
    outOfScope: [words.stays],
    details: [
      { heading: "Form", text: words.form },
      { heading: "Place", text: `They lie in \`${dir}\` (new), one folder each.` },
    ],
    criteria: [
      {
        sentence: `\`${dir}\` (new) holds at least two ${words.what}.`,
        checks: [{ kind: "steps", mode: words.mode, dir }],
        step: `Generate the flakes in \`${dir}\``,
      },
      {
        sentence: words.builds,
        checks: [{ kind: "steps", mode: words.mode, dir, build: true }],
        step: "Build each by itself",
      },
    ],
    questions: [
      `What are the ${kind === "steps" ? "steps" : "nodes"}, and how many at least? "${wishClause(task)}" does not say, and two would satisfy the criteria.`,
    ],
    assumptions: stated ? [] : [`The flakes lie in the folder ${dir}, since no document names another.`],
    supports: relevant,
    decided: ({ key, about }) => (relevant({ key }) || about === "local-input" || about === "policy" ? undefined : UNTOUCHED),
  };
  return { change };
}
