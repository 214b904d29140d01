import { type Catalogue, LIST_FILE } from "../../catalogue/catalogue.ts";
import { isConflictMark } from "../../catalogue/conflict.ts";
import { compareGenerated } from "../../catalogue/generated.ts";
import type { CrqDiagnostic } from "../../model.ts";
import { withProfile } from "../lint.ts";
import type { Profile } from "../rule.ts";

/**
 * Lints what stands around the documents of a folder: the generated lists (`index/out-of-date`, `index/bad-entry`) and the files that
 * could not be read.
 */
export function lintLists(
  catalogue: Catalogue,
  files: { readonly list: string | undefined; readonly index: string | undefined },
  profile: Profile,
): CrqDiagnostic[] {
  const found = [...catalogue.problems, ...badEntries(catalogue, files.list), ...compareGenerated(catalogue, files)];
  return withProfile(found, profile);
}

function badEntries(catalogue: Catalogue, list: string | undefined): CrqDiagnostic[] {
  const known = new Set(catalogue.entries.map(({ path }) => path));
  const others = new Set(catalogue.others);
  const seen = new Map<string, number>();
  return (list ?? "").split(/\r\n|\n|\r/).flatMap((raw, index): CrqDiagnostic[] => {
    const path = raw.trim();
    const line = index + 1;
    // Marks of a merge make the whole file out of date, which is said once.
    if (path === "" || isConflictMark(path)) return [];
    const first = seen.get(path);
    seen.set(path, first ?? line);
    const why =
      first !== undefined
        ? `repeats line ${first}`
        : others.has(path)
          ? "is no CRQ"
          : known.has(path)
            ? undefined
            : "does not exist";
    if (why === undefined) return [];
    const message = `\`${path}\` ${why}; run \`crq-agent index\``;
    return [{ severity: "error", rule: "index/bad-entry", message, file: `${catalogue.folder}/${LIST_FILE}`, line, column: 1 }];
  });
}
