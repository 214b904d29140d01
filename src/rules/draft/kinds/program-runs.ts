import type { Recording, SurveyDetails } from "../../../tools/contract.ts";
import { answerOf } from "../flake/criteria.ts";
import { joined } from "../subject.ts";

/** "It builds" is not "it works": the runs that show what many small flakes were for, where sources say what a program prints. */

export interface ProgramRun {
  readonly program: string;
  readonly argv: readonly string[];
  /** JavaScript regular expression. */
  readonly stdout: string;
  readonly says: string;
}

/** Programs of the last steps whose sources show what they print, and those of which nobody says it. */
export function programRuns(
  { programs }: Pick<Recording, "programs">,
  { cargo }: SurveyDetails["survey"],
): { readonly runs: readonly ProgramRun[]; readonly silent: readonly string[] } {
  const runs: ProgramRun[] = [];
  const silent: string[] = [];
  for (const program of programs) {
    const pkg = cargo?.packages.find(({ binaries }) => binaries.some(({ name }) => name === program));
    const answer = cargo && pkg && answerOf(cargo, pkg.name, program);
    if (!answer) silent.push(program);
    else runs.push({ program, argv: answer.arguments, stdout: answer.stdout, says: [program, ...answer.arguments].join(" ") });
  }
  return { runs, silent };
}

export const silentQuestions = (programs: readonly string[], folder: string): readonly string[] =>
  programs.length === 0
    ? []
    : [
        `With which arguments does ${joined(programs.map((program) => `\`${program}\``))} show that it works, and what does it print then? The sources do not say it, and without a \`run\` check of \`\${out:AC-2.0}/${folder}/${programs[0]}\` the criteria show only that it is built.`,
      ];
