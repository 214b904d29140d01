import { statedInWords } from "../../repo/documents/words.ts";

/** How much of the change a person's own words say. */
export interface Words {
  /** They name the outputs that are wanted: what they do not say is not asked for. A bare wish leaves it to what such flakes have. */
  readonly spelledOut: boolean;
  /** They ask for a text beside the flake. */
  readonly document: boolean;
  /** Commands of Nix that they show. */
  readonly commands: readonly string[];
  /** Names of checks that they give. */
  readonly checks: readonly string[];
}

const DOCUMENT = /\bREADME\b|\bsection\b|\b(?:describ|document|explain)(?:e|es|ed|ing|s)?\s+(?:it|this|that|them|how)\b/i;

export function readWords(task: string): Words {
  const said = statedInWords(task);
  const of = (key: RegExp): readonly string[] => [
    ...new Set(said.flatMap((one) => (key.test(one.key ?? "") && one.value !== undefined ? [one.value] : []))),
  ];
  return {
    spelledOut: of(/^flake\./).length > 0,
    document: DOCUMENT.test(task),
    commands: of(/^command:/),
    checks: of(/^flake\.checks$/),
  };
}
