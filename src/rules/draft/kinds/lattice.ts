import type { CheckInput } from "../../../crq/render/blocks.ts";
import type { SurveyDetails } from "../../../tools/contract.ts";
import { type ChangeCriterion, wishClause } from "../change.ts";
import { programRuns, silentQuestions } from "./program-runs.ts";
import type { OwnParts } from "./step-flakes.ts";

/** A lattice: the nodes that its plan names, or those that a crate splits into. */

export function latticeChange({ flakeGraphs, survey, policy, task = "" }: SurveyDetails, stated: string | undefined): OwnParts {
  const lattices = flakeGraphs?.lattices ?? [];
  const there = lattices.find(({ folder }) => folder === stated) ?? (lattices.length === 1 ? lattices[0] : undefined);
  const dir = there?.folder ?? stated ?? "lattice";
  const isNew = there ? "" : " (new)";
  const crate = flakeGraphs?.crate?.problem === undefined ? flakeGraphs?.crate : undefined;
  const nodes = Math.max(there?.nodes ?? 0, crate?.nodes ?? 0);
  const check: CheckInput & { kind: "steps" } = {
    kind: "steps",
    mode: "lattice",
    dir,
    ...(nodes > 2 && { min: nodes }),
    ...(crate && { "node-files": ["Cargo.toml"] }),
  };
  const program = crate?.join?.program ? crate.join.name : undefined;
  const ran = program === undefined ? { runs: [], silent: [] } : programRuns({ programs: [program] }, survey);
  const items = crate ? `the ${crate.nodes} nodes that the crate in \`${crate.folder}\` splits into` : undefined;
  const planned = there && nodes === there.nodes ? `the ${nodes} nodes of its plan` : undefined;
  return {
    title: "Flake lattice",
    inScope: [`\`${dir}\`${isNew}: the plan (lattice.toml), a flake for each node, and the root flake that joins them.`],
    outOfScope: ["The packages that exist, and how they are built."],
    details: [
      {
        heading: "Form",
        text: "A node is a folder with a flake; its inputs name lower nodes only, by relative paths inside this repository, and the graph has no cycle. What a node takes as an input its build uses.",
      },
      { heading: "Place", text: `The lattice lies in \`${dir}\`${isNew}, one folder for each node.` },
    ],
    criteria: [
      {
        sentence: `\`${dir}\`${isNew} holds ${items ?? planned ?? "at least two nodes"}, each with a flake that evaluates by itself and takes inputs only from lower nodes, and a root flake that joins them.`,
        checks: [check],
        step: `Generate the flakes in \`${dir}\``,
      },
      {
        sentence: "The default package of each node builds by itself, and the root builds on all of them.",
        checks: [{ ...check, build: true }],
        step: "Build each by itself",
      },
      ...ran.runs.map(
        ({ program: name, argv, stdout, says }): ChangeCriterion => ({
          sentence: `The program that the nodes were joined to answers \`${says}\`.`,
          checks: [{ kind: "run", argv: [`\${out:AC-2.0}/${name}/bin/${name}`, ...argv], stdout: { regex: stdout } }],
          step: "Run what was built",
        }),
      ),
      ...(policy
        ? [
            {
              sentence: "The inputs of the root flake obey the project's policy.",
              checks: [{ kind: "flake-inputs" as const, files: [`${dir}/flake.nix`] }],
              step: `Generate the flakes in \`${dir}\``,
            },
          ]
        : []),
    ],
    questions: [
      ...(there && there.problems.length > 0
        ? [`${dir}/lattice.toml cannot be read: ${there.problems.slice(0, MAX_LISTED).join("; ")}. What shall it say?`]
        : []),
      ...(flakeGraphs?.crate?.problem === undefined
        ? []
        : [`The crate cannot be split into nodes: ${flakeGraphs.crate.problem}. Which nodes are meant?`]),
      ...(nodes === 0 && flakeGraphs?.crate?.problem === undefined
        ? [`What are the nodes, and how many at least? "${wishClause(task)}" does not say, and two would satisfy the criteria.`]
        : []),
      ...silentQuestions(ran.silent, `${program}/bin`),
    ],
    assumptions: [
      ...(there || stated ? [] : [`The flakes lie in the folder ${dir}, since no document names another.`]),
      ...leftOutNotes(crate?.leftOut ?? []),
    ],
  };
}

/** What is no node is said, never dropped; a long list is cut with its number. */
function leftOutNotes(leftOut: readonly string[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const more = leftOut.length - MAX_LEFT_OUT;
  const shown = leftOut.slice(0, MAX_LEFT_OUT).join("; ");
  return [`No node of their own get: ${shown}${more > 0 ? `; and ${more} more, which lattice.toml lists` : ""}.`];
}

const MAX_LISTED = 3;
const MAX_LEFT_OUT = 8;
