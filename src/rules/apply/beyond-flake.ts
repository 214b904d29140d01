import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { looksForHome } from "../../nix/mechanics/code/inputs/build-variables.ts";
import type { Survey } from "../../repo/facts.ts";

export interface Beyond {
  readonly reason: GiveUpReason;
  readonly advice: string;
}

/** Why no text of a flake would mend this, by what the repository holds; undefined: one might. */
export function beyondFlake(diagnosis: Diagnosis, survey: Pick<Survey, "files">): Beyond | undefined {
  const patch = (advice: string): Beyond => ({ reason: "source-needs-patch", advice });
  switch (diagnosis.kind) {
    case "path-outside-source":
    case "source-filter":
      return isTracked(diagnosis.path, survey)
        ? undefined
        : patch(`'${diagnosis.path}' is no part of the repository: add it, or let the project do without it. ${diagnosis.next}`);
    case "workspace":
      if (/inheriting/u.test(diagnosis.message)) return patch(diagnosis.next);
      return diagnosis.member === undefined || isTracked(diagnosis.member, survey)
        ? undefined
        : patch(`The member '${diagnosis.member}' is no part of the repository: add it, or take its name out of the workspace.`);
    case "sandboxed-test":
      if (looksForHome(diagnosis)) return undefined;
      return /resolve host|lookup address|dns error|name resolution|Network is unreachable/iu.test(diagnosis.message)
        ? { reason: "network-at-build-time", advice: diagnosis.next }
        : patch(diagnosis.next);
    case "git-metadata":
      return diagnosis.variable !== undefined || /vergen/iu.test(`${diagnosis.message}\n${diagnosis.excerpt}`)
        ? undefined
        : patch(diagnosis.next);
    case "untracked-file":
      return /\.rs$/u.test(diagnosis.path)
        ? patch(`'${diagnosis.path}' is not committed, and the program needs it. ${diagnosis.next}`)
        : undefined;
    default:
      return undefined;
  }
}

/** A tracked file or folder of this path, or one that ends so: a build names paths from where it stands. */
function isTracked(path: string, { files }: Pick<Survey, "files">): boolean {
  if (path.startsWith("/") || path.startsWith("..")) return false;
  const name = path.replace(/\/$/u, "");
  return files.some((file) => file === name || file.startsWith(`${name}/`) || `/${file}/`.includes(`/${name}/`));
}
