import type { DocumentLine } from "./document-lines.ts";
import { isRefused } from "./document-lines.ts";
import type { Statement } from "./statement.ts";

/**
 * Outputs that a sentence gives a name: "the check `test`", "the checks `a` and `b`", "a shell called `old`", "the package is `x`". Keys are
 * those of outputs that stand there by their path (`flake.checks`). The wordings are few, and what is worded otherwise is not found.
 */

const KINDS = {
  package: { key: "flake.packages", word: "package" },
  app: { key: "flake.apps", word: "app" },
  check: { key: "flake.checks", word: "check" },
  shell: { key: "flake.devShells", word: "shell" },
} as const;
type Kind = keyof typeof KINDS;
const isKind = (word: string | undefined): word is Kind => word !== undefined && Object.hasOwn(KINDS, word);

// With a word before it "check" is a thing and no order: "check `x`" asks a reader to look.
const BEFORE = "\\b(?:the|a|an|as|its|own|one|another|further|default|development|dev|Nix)\\s+(?:\\w+\\s+)?";
const KIND = "(?<kind>package|app|check|shell)s?";
const BETWEEN = "\\s+(?:(?:is|are|there is one)\\s+)?(?:(?:called|named)\\s+)?";
const NAME = "`[A-Za-z_][\\w-]*`";
const NAMED = new RegExp(`${BEFORE}${KIND}${BETWEEN}(?<names>${NAME}(?:(?:,\\s+|,?\\s+and\\s+)${NAME})*)`, "gi");

/** @param kinds what the document may name; one that does not speak of Nix at all names none */
export function namedOutputs(line: DocumentLine, kinds: readonly Kind[] = ["check", "shell"]): readonly Statement[] {
  if (line.fence !== undefined) return [];
  return [...line.text.matchAll(NAMED)].flatMap((match) => {
    const kind = match.groups?.kind?.toLowerCase();
    if (!isKind(kind) || !kinds.includes(kind) || isRefused(line.text, match.index)) return [];
    const { key, word } = KINDS[kind];
    return [...(match.groups?.names ?? "").matchAll(/`(?<name>[^`]+)`/g)].flatMap(({ groups }) =>
      groups?.name === undefined
        ? []
        : [{ claim: `the flake has a ${word} ${groups.name}`, at: match.index, key, value: groups.name }],
    );
  });
}
