import type { CheckInput } from "../../crq/render/blocks.ts";
import type { Survey } from "../../repo/facts.ts";
import { joined } from "../draft/subject.ts";
import type { Words } from "../draft/words.ts";
import type { PlannedProject } from "./planned.ts";

/** Acceptance criteria of the flake of a project in another language: each one sentence, each with a check that can fail. */

export interface LanguageCriterion {
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

/** Commands that the document is to show. */
const commandsOf = ({ name }: PlannedProject, { document, commands }: Words): readonly string[] =>
  document && commands.length > 0 ? commands : [`nix build .#${name}`, "nix develop"];

export function languageCriteria(
  plan: PlannedProject,
  {
    survey,
    document,
    hasPolicy,
    words,
  }: { readonly survey: Survey; readonly document: string; readonly hasPolicy: boolean; readonly words: Words },
): readonly LanguageCriterion[] {
  const attr = `packages.${SYSTEM}.${plan.name}`;
  const files = plan.programs.map((name) => `bin/${name}`);
  const inputs = plan.inputs.inputs.map(({ name }) => name);
  const commands = commandsOf(plan, words);
  const built = plan.programs.length === 0 ? `\`${plan.name}\`` : joined(plan.programs.map((name) => `\`${name}\``));
  const runs = (survey.shownRuns ?? []).slice(0, MAX_SHOWN);
  const apps = plan.programs.length === 0 ? [] : ["default", ...(plan.programs.length > 1 ? plan.programs : [])];
  const all: readonly ((id: string) => Omit<LanguageCriterion, "id">)[] = [
    () => ({
      topic: "package",
      sentence: `\`nix build .#${plan.name}\` builds ${built}.`,
      checks: [{ kind: "nix-build", attr, ...(files.length > 0 && { files }) }],
    }),
    ...runs.map((shown) => (id: string) => shownCriterion(shown, attr, id)),
    () => ({
      topic: "tests",
      sentence: checked(plan),
      // Where nobody names a check, a flake may name its own as it likes.
      checks: [{ kind: "flake-check", ...(words.checks.length > 0 && { require: [...words.checks] }) }],
    }),
    () => ({
      topic: "shell",
      sentence: `\`nix develop\` opens a shell in which \`${plan.shell.argv.join(" ")}\` answers.`,
      checks: [{ kind: "dev-shell", run: { argv: [...plan.shell.argv], stdout: { regex: plan.shell.stdout } } }],
    }),
    () => ({
      topic: "outputs",
      sentence: `The flake offers the package, ${apps.length === 0 ? "" : apps.length > 1 ? "the apps, " : "the app, "}${plan.formatter ? "a formatter " : ""}and a development shell for every system of this request.`,
      checks: [
        {
          kind: "flake-outputs",
          require: [
            attr,
            `packages.${SYSTEM}.default`,
            ...apps.map((app) => `apps.${SYSTEM}.${app}`),
            `devShells.${SYSTEM}.default`,
            ...(plan.formatter ? [`formatter.${SYSTEM}`] : []),
          ],
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
    ...(words.spelledOut && !words.document
      ? []
      : [
          (): Omit<LanguageCriterion, "id"> => ({
            topic: "document",
            sentence: `\`${document}\` has a section "Nix" that shows ${joined(commands.map((command) => `\`${command}\``))}.`,
            checks: [{ kind: "doc", files: [document], headings: ["Nix"], mentions: [...commands] }],
          }),
        ]),
  ];
  return all.map((criterion, index) => ({ id: `AC-${index + 1}`, ...criterion(`AC-${index + 1}`) }));
}

/** Optional checks are no promise. */
const needed = ({ checks }: PlannedProject): PlannedProject["checks"] => checks.filter(({ optional }) => optional !== true);

/** The sentence about `nix flake check`. */
function checked(plan: PlannedProject): string {
  const { name, testsInBuild } = plan;
  const checks = needed(plan);
  const does = [...(testsInBuild ? ["runs the project's tests"] : []), ...checks.map((check) => check.does)];
  const hasTests = testsInBuild || checks.some(({ topic }) => topic === "tests");
  return `\`nix flake check\` ${joined([`builds \`${name}\``, ...does])}${hasTests ? "" : "; the project has no tests"}.`;
}

function shownCriterion(shown: Shown, attr: string, id: string): Omit<LanguageCriterion, "id"> {
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
