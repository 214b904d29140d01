/**
 * Forms of Nix commands that guides get wrong, each with the right one: `nix flake check` takes no fragment, `checks` needs a system, an option
 * was renamed, a dirty tree needs no `--impure` (Nix only warns), and `nix run` builds what it runs.
 */

interface WrongForm {
  readonly pattern: RegExp;
  /** @param system for instance `x86_64-linux`; `SYSTEM` where none is known */
  readonly right: (groups: Readonly<Record<string, string>>, system: string) => string;
}

const FORMS: readonly WrongForm[] = [
  {
    pattern: /\bnix flake check[ \t]+\.?#(?:checks\.)?(?<name>[\w-]+)(?![\w.-])/g,
    right: ({ name }, system) => `nix build .#checks.${system}.${name}`,
  },
  {
    pattern: /\bnix build[ \t]+\.?#checks\.(?<name>[\w-]+)(?![\w.-])/g,
    right: ({ name }, system) => `nix build .#checks.${system}.${name}`,
  },
  { pattern: /\bnix flake lock[ \t]+--update-input[ \t]+(?<name>[\w-]+)/g, right: ({ name }) => `nix flake update ${name}` },
  {
    pattern: /(?<command>\bnix (?:build|run|develop|shell|flake check)\b[^\n`]*?)[ \t]+--impure\b/g,
    right: ({ command }) => command ?? "",
  },
  {
    pattern: /(?<run>\b[Rr]un\b[^\n]*?),?[ \t]+without (?:a )?build(?:ing)?\b(?: (?:it|them|anything))?(?: first)?/g,
    right: ({ run }) => `${run}, which builds first`,
  },
];

/** Rounds of correction: two faults of one command are mended one after the other. */
const MAX_ROUNDS = 8;

/** A check that is called as if it were a package. */
function asPackage(checks: readonly string[]): readonly WrongForm[] {
  // Any other name would have to be quoted in a command.
  const names = checks.filter((name) => /^[\w-]+$/.test(name)).join("|");
  if (names === "") return [];
  return [
    {
      pattern: new RegExp(`\\bnix build[ \\t]+\\.?#(?<name>${names})(?![\\w.-])`, "g"),
      right: ({ name }, system) => `nix build .#checks.${system}.${name}`,
    },
  ];
}

/**
 * The text with the right forms; nothing else of it changes.
 * @param checks names of checks that no package has
 */
export function corrected(text: string, system: string, checks: readonly string[] = [], rounds = MAX_ROUNDS): string {
  const next = [...FORMS, ...asPackage(checks)].reduce(
    (whole, { pattern, right }) =>
      whole.replace(pattern, (...match: unknown[]) => {
        const groups = match.at(-1);
        return right(isGroups(groups) ? groups : {}, system);
      }),
    text,
  );
  return next === text || rounds <= 1 ? next : corrected(next, system, checks, rounds - 1);
}

const isGroups = (value: unknown): value is Record<string, string> => typeof value === "object" && value !== null;

export const hasWrongForms = (text: string, checks: readonly string[] = []): boolean =>
  [...FORMS, ...asPackage(checks)].some(({ pattern }) => new RegExp(pattern.source).test(text));

/**
 * A JavaScript pattern (flags mu) that matches a text without any of these forms, at its start, and no text with one: for a criterion that a
 * document no longer shows them.
 */
export function noWrongForms(checks: readonly string[] = []): string {
  const forms = [...FORMS, ...asPackage(checks)].map(({ pattern }) => pattern.source.replaceAll(/\(\?<\w+>/g, "(?:"));
  return `(?<![\\s\\S])(?![\\s\\S]*(?:${forms.join("|")}))[\\s\\S]`;
}
