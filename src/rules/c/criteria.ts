import type { CheckInput } from "../../crq/render/blocks.ts";
import type { CFlakePlan } from "../../nix/recipes/c/plan.ts";
import type { Survey } from "../../repo/facts.ts";
import { joined } from "../draft/subject.ts";

/** Acceptance criteria of the flake of a C project: each one sentence, each with a check that can fail. */

export interface CCriterion {
  readonly id: string;
  readonly topic: "package" | "program" | "tests" | "shell" | "outputs" | "inputs" | "lock" | "document";
  readonly sentence: string;
  readonly checks: readonly CheckInput[];
  /** The run of a document that it repeats. */
  readonly shown?: Shown;
}

export type Shown = NonNullable<Survey["shownRuns"]>[number];

const SYSTEM = "$" + "{system}";
/** More runs would bury the other criteria. */
const MAX_SHOWN = 3;

export function cCriteria(
  plan: CFlakePlan,
  { survey, document, hasPolicy }: { readonly survey: Survey; readonly document: string; readonly hasPolicy: boolean },
): readonly CCriterion[] {
  const attr = `packages.${SYSTEM}.${plan.name}`;
  const files = plan.programs.map(({ name }) => `bin/${name}`);
  const inputs = plan.inputs.map(({ name }) => name);
  const commands = [`nix build .#${plan.name}`, "nix develop"];
  const programs = joined(plan.programs.map(({ name }) => `\`${name}\``));
  const runs = (survey.shownRuns ?? []).slice(0, MAX_SHOWN);
  const all: readonly ((id: string) => Omit<CCriterion, "id">)[] = [
    () => ({
      topic: "package",
      sentence: `\`nix build .#${plan.name}\` builds ${programs}.`,
      checks: [{ kind: "nix-build", attr, files }],
    }),
    ...runs.map((shown) => (id: string) => shownCriterion(shown, attr, id)),
    () => ({
      topic: "tests",
      sentence: `\`nix flake check\` builds \`${plan.name}\`${plan.checkTarget === undefined ? ", and the project has no tests" : " and runs the project's tests"}.`,
      checks: [{ kind: "flake-check", require: [plan.name] }],
    }),
    () => ({
      topic: "shell",
      sentence: "`nix develop` opens a shell in which `cc --version` answers.",
      checks: [{ kind: "dev-shell", run: { argv: ["cc", "--version"], stdout: { regex: "\\d+\\.\\d+" } } }],
    }),
    () => ({
      topic: "outputs",
      sentence: "The flake offers the package, the app and a development shell for every system of this request.",
      checks: [
        {
          kind: "flake-outputs",
          require: [attr, `packages.${SYSTEM}.default`, `apps.${SYSTEM}.default`, `devShells.${SYSTEM}.default`],
        },
      ],
    }),
    () => ({
      topic: "inputs",
      sentence: hasPolicy
        ? "Every flake input follows the input policy of the project."
        : "Every flake input is declared with an address that is no local path.",
      checks: [{ kind: "flake-inputs", "min-inputs": inputs.length }],
    }),
    () => ({
      topic: "lock",
      sentence: `\`flake.lock\` is in step with the flake and holds ${joined(inputs.map((name) => `\`${name}\``))}.`,
      checks: [{ kind: "lock", require: inputs }],
    }),
    () => ({
      topic: "document",
      sentence: `\`${document}\` has a section "Nix" that shows ${joined(commands.map((command) => `\`${command}\``))}.`,
      checks: [{ kind: "doc", files: [document], headings: ["Nix"], mentions: commands }],
    }),
  ];
  return all.map((criterion, index) => ({ id: `AC-${index + 1}`, ...criterion(`AC-${index + 1}`) }));
}

function shownCriterion(shown: Shown, attr: string, id: string): Omit<CCriterion, "id"> {
  return {
    topic: "program",
    shown,
    sentence: `\`${shown.program}\` prints what \`${shown.source}\`, line ${shown.line}, shows.`,
    checks: [
      { kind: "nix-build", attr, files: [`bin/${shown.program}`] },
      {
        kind: "run",
        argv: [`\${out:${id}.0}/bin/${shown.program}`, ...shown.arguments],
        ...(shown.stdin !== undefined && { stdin: shown.stdin }),
        ...(shown.inTree && { cwd: "." }),
        stdout: { equals: shown.stdout },
      },
    ],
  };
}
