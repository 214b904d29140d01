import type { DerivationFile } from "../../../nix/derivation-file.ts";
import type { StepRecord } from "../../../repo/steps/records.ts";
import { wordsToldTo } from "./builders/derivation-fact.ts";
import { isIdle } from "./builders/shell-script.ts";

/** Whether the flakes of recorded steps do what was recorded. Pure. */

export interface RecordedStep {
  readonly id: string;
  readonly seq: number;
  readonly depends: readonly string[];
  /** As it would be typed. */
  readonly command: string;
  /** It does nothing that could fail: `true`, `echo`, `touch` and the like. */
  readonly stub: boolean;
  /** What a builder that runs it must be told: the program and those arguments that no move to another folder changes. */
  readonly words: readonly string[];
  /** Those that held something when it was recorded. */
  readonly outputs: readonly string[];
}

/** Steps that were run, ended well and wrote something: what failed, or wrote nothing, is no step that could be built again. */
export function stepsThatMake(records: readonly StepRecord[]): readonly RecordedStep[] {
  return records.flatMap(({ form, id, seq, command, tool, args, outputs, empty = [], depends, exit }) => {
    if (form === "older" || exit !== 0 || outputs.length === 0) return [];
    const typed = [command, ...args].map(quoted).join(" ");
    return [
      {
        id,
        seq,
        depends,
        command: typed.length > MOST_SHOWN ? `${typed.slice(0, MOST_SHOWN)} …` : typed,
        stub: isIdle(typed),
        words: [tool, ...args.filter((argument) => STEADY.test(argument))],
        outputs: outputs.filter((path) => !empty.includes(path)),
      },
    ];
  });
}

const MOST_SHOWN = 80;
/** Neither a path nor a text that a shell would want quoted. */
const STEADY = /^[\w.,:=+-]{2,}$/;
const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Ids of all steps that each step depends on, at whatever distance. */
function ancestors(steps: readonly Pick<RecordedStep, "id" | "depends">[]): ReadonlyMap<string, ReadonlySet<string>> {
  const depends = new Map(steps.map((step) => [step.id, step.depends]));
  return new Map(
    steps.map((step) => {
      const found = new Set(step.depends);
      for (const id of found) for (const lower of depends.get(id) ?? []) found.add(lower);
      return [step.id, found];
    }),
  );
}

/** A step with what was seen of its flake. */
export interface StepFlake {
  readonly step: RecordedStep;
  readonly node: {
    readonly folder: string;
    readonly lower: readonly string[];
    readonly uses: ReadonlySet<string>;
    readonly derivation: DerivationFile;
  };
}

/** Where flakes and records differ: the command, what a step takes from others, and what it does not use of it. */
export function flakeProblems(pairs: readonly StepFlake[]): readonly string[] {
  const problems: string[] = [];
  const before = ancestors(pairs.map(({ step }) => step));
  const folderOf = new Map(pairs.map(({ step, node }) => [step.id, node.folder]));
  const idOf = new Map(pairs.map(({ step, node }) => [node.folder, step.id]));
  for (const { step, node } of pairs) {
    const { folder, lower, uses, derivation } = node;
    const told = wordsToldTo(derivation);
    const untold = step.words.filter((word) => !standsIn(told, word));
    if (untold.length > 0) {
      const named = untold.slice(0, MOST_WORDS).join(" ");
      problems.push(`${folder} does not run ${step.id}: its builder is not told ${named}`);
    }
    for (const id of step.depends) {
      const needed = folderOf.get(id);
      if (needed === undefined) continue;
      if (!lower.includes(needed))
        problems.push(`${folder} does not take ${needed} as an input, and ${step.id} depends on ${id}`);
      else if (!uses.has(needed)) problems.push(`${folder} takes ${needed} as an input and its build does not use it`);
    }
    for (const other of new Set([...lower, ...uses])) {
      const id = idOf.get(other);
      if (id === undefined || before.get(step.id)?.has(id) === true) continue;
      problems.push(`${folder} takes ${other}, and ${step.id} does not depend on ${id}`);
    }
  }
  return problems;
}

const MOST_WORDS = 5;

/** As a word of its own: `cc` does not stand in `gcc`. */
function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!PART.test(text[at - 1] ?? " ") && !PART.test(text[at + word.length] ?? " ")) return true;
  }
  return false;
}

const PART = /[\w-]/;
