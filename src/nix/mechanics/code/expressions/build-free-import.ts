import type { Diagnosis } from "../../../diagnosis.ts";
import { closing } from "../../../recipes/existing/bindings.ts";
import { nixTokens, plainString } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { replaceRanges } from "../edit/uses.ts";

/**
 * A file that is written in a build only to be read while evaluating: `import (writeText NAME TEXT)` is TEXT, and reading it gives the text
 * itself. Only for texts without antiquotations, which stand in the code as they are.
 */
export function importWithoutBuild(diagnosis: Diagnosis, { files }: CodePlace): CodeEdit | undefined {
  return diagnosis.kind === "import-from-derivation" ? inOneFile(files, inlined) : undefined;
}

function inlined({ text }: CodeFile): Omit<CodeEdit, "path"> | undefined {
  const tokens = nixTokens(text);
  const ranges = tokens.flatMap((token, index) => {
    const reads = token.text === "readFile";
    if (token.text !== "import" && !reads) return [];
    const open = index + 1;
    if (tokens[open]?.text !== "(") return [];
    const end = closing(tokens, open);
    // `pkgs.writeText "name" "text"` and nothing more.
    const inner = tokens.slice(open + 1, end);
    const written = inner.findIndex(({ text: word }) => word === "writeText");
    const [name, content] = inner.slice(written + 1);
    if (written < 0 || inner.length !== written + 3 || name?.kind !== "string" || !content) return [];
    const value = plainString(content);
    const last = tokens[end];
    const first = reads && tokens[index - 1]?.text === "." ? tokens[index - 2] : token;
    if (value === undefined || !last || !first) return [];
    return [{ start: first.start, end: last.end, text: reads ? content.text : `(${value.trim()})` }];
  });
  if (ranges.length === 0) return undefined;
  return {
    name: "import-without-build",
    after: replaceRanges(text, ranges),
    what: "what was written in a build to be imported stands in the code itself",
  };
}
