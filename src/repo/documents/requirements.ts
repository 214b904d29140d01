import { type DocumentLine, isRefused } from "./document-lines.ts";
import type { Extractor, Statement } from "./statement.ts";

/**
 * Rules and requirements that are no key and value in the text. The vocabulary is closed: each is known by a few wordings, and which of
 * them exclude each other stands in `crq/facts/contradictions.ts`. What is worded otherwise is not found, and nothing is guessed.
 */

interface Requirement {
  readonly key: string;
  readonly value: string;
  readonly claim: string;
  readonly wordings: readonly RegExp[];
  /** What the same sentences must speak of as well. */
  readonly context?: RegExp;
  /** What must not stand in the words that matched. */
  readonly unless?: RegExp;
}

const NEGATED = /\b(?:not|never|no)\b/i;

const KNOWN: readonly Requirement[] = [
  {
    key: "rule.local-inputs",
    value: "forbidden",
    claim: "flake inputs must not be local paths",
    wordings: [
      /\blocal (?:file )?paths?\b[^.]{0,40}\b(?:not|never|forbidden|prohibited)\b/i,
      /\b(?:not|no|never|without)\s+(?:\w+\s+){0,2}local (?:file )?paths?\b/i,
      /\b(?:no|never|not)\b[^.]{0,20}`?path:`?\s*(?:flake )?inputs?\b/i,
    ],
  },
  {
    key: "rule.input-hosts",
    value: "github",
    claim: "flake inputs must be addresses of GitHub",
    wordings: [
      /\b(?:must|shall|only|always|have to)\b[^.]{0,40}\bGitHub\b[^.]{0,20}\b(?:URLs?|addresses|references?|repositories)\b/i,
      /\bGitHub (?:URLs?|addresses|references?) only\b/i,
      /\binputs?\b[^.]{0,40}\b(?:must|only)\b[^.]{0,30}\b(?:from|on|at) GitHub\b/i,
    ],
    context: /\b(?:flakes?|inputs?)\b/i,
    unless: /\b(?:not|never)\b[^.]*\bGitHub\b/i,
  },
  {
    key: "requirement.flakes",
    value: "series",
    claim: "the result is a series of flakes, one for each call",
    wordings: [
      /\b(?:series|sequence|chain) of (?:(?!about|for|of|on)[\w-]+ ){0,2}flakes?\b/i,
      /\b(?:one|a|own|separate) (?:Nix )?flakes? (?:for each|for every|per) (?:[\w-]+ ){0,2}(?:call|invocation|step|command)s?\b/i,
      /\b(?:each|every) (?:[\w-]+ ){0,3}(?:call|invocation|step)\b[^.]{0,40}\b(?:its own|a separate|one) (?:Nix )?flake\b/i,
    ],
  },
  {
    key: "requirement.interception",
    value: "exit",
    claim: "the first intercepted call ends the build with status 0",
    wordings: [
      /\bsys\.exit\(\s*0?\s*\)|\bos\._exit\(\s*0\s*\)/,
      /\bexit(?:s|ing)?\s+(?:successfully|cleanly|(?:with\s+)?(?:status|code|exit code)\s+(?:0|zero)\b|0\b|zero\b)/i,
    ],
    context:
      /\b(?:intercept\w*|prevent\w*|instead of (?:running|executing|calling)|without (?:running|executing)|emit\w*|(?:first|captured|intercepted|wrapped) (?:[\w-]+ )?(?:call|command|invocation))\b/i,
  },
  {
    key: "requirement.generated-files",
    value: "uncommitted",
    claim: "generated files are not committed",
    wordings: [
      /\bgenerated (?:files?|code|sources?)\b[^.]{0,40}\b(?:not|never)\b[^.]{0,20}\b(?:committed|checked in|tracked)\b/i,
      /\b(?:no|never commit|not commit)\s+(?:any )?generated (?:files?|code|sources?)\b/i,
    ],
  },
  {
    key: "requirement.cargo-nix",
    value: "committed",
    claim: "Cargo.nix is committed",
    wordings: [
      /\bCargo\.nix`?[^.\n]{0,50}\b(?:committed|checked in|tracked (?:in|by) git)\b/i,
      /\bcommit(?:s|ted)?\b[^.\n]{0,40}\bCargo\.nix\b/i,
    ],
    unless: NEGATED,
  },
  {
    key: "requirement.impure",
    value: "forbidden",
    claim: "builds are pure",
    wordings: [/\b(?:never|not|no|without)\b[^.]{0,30}--impure\b/i, /\bbuilds? (?:must|have to) be pure\b/i],
  },
];

/** Keys whose wordings say no themselves: words of refusal before them are part of the rule. */
const REFUSES = new Set(["rule.local-inputs", "requirement.generated-files", "requirement.impure"]);

function found(requirement: Requirement, line: DocumentLine): readonly Statement[] {
  const { key, value, claim, wordings, context, unless } = requirement;
  if (line.fence !== undefined || (context && !context.test(line.text))) return [];
  const match = wordings.map((wording) => wording.exec(line.text)).find((hit) => hit !== null);
  if (!match || unless?.test(match[0]) || (!REFUSES.has(key) && isRefused(line.text, match.index))) return [];
  return [{ claim, at: match.index, key, value }];
}

/** Folders that documents name for what is generated. */
const folders: Extractor = (line) => {
  const step = /`?(?<dir>[\w-]+(?:\/[\w-]+)*)\/step[-_]?0*1\/flake\.nix\b/.exec(line.text);
  const node = /`(?<dir>[\w-]+(?:\/[\w-]+)*)\/?`\s+(?:directory|folder)\b/.exec(line.text);
  const lattice = node && /\blattice\b/i.test(line.text) ? node : null;
  return [
    ...(step?.groups?.dir === undefined
      ? []
      : [
          {
            claim: `the flakes of the steps lie in ${step.groups.dir}`,
            at: step.index,
            key: "steps.dir",
            value: step.groups.dir,
          },
        ]),
    ...(lattice?.groups?.dir === undefined
      ? []
      : [
          {
            claim: `the nodes of the lattice lie in ${lattice.groups.dir}`,
            at: lattice.index,
            key: "lattice.dir",
            value: lattice.groups.dir,
          },
        ]),
  ];
};

export const REQUIREMENTS: readonly Extractor[] = [
  ...KNOWN.map(
    (requirement): Extractor =>
      (line) =>
        found(requirement, line),
  ),
  folders,
];
