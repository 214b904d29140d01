import { dirname } from "node:path";
import { type NixAsker, TIMEOUT } from "../call/asker.ts";
import type { NixFailure, NixResult, RunNixOptions } from "../nix.ts";

/**
 * nix-instantiate --parse of several files. Nix stops at the first one that does not parse; the ones behind it are asked for again, so that
 * one answer names all: one process, and one more for each bad file.
 */
export async function parseFiles(asker: NixAsker, files: readonly string[], options?: RunNixOptions): Promise<NixResult<null>> {
  const failures: NixFailure[] = [];
  // A namespace shows the folder a child works in, so that is the one that holds the files.
  const cwd = commonFolder(files);
  let seconds = 0;
  for (let rest = files; rest.length > 0; ) {
    const args = ["--parse", ...rest];
    const result = await asker.ask(
      { program: "nix-instantiate", args, cwd, stage: "parse", timeout: TIMEOUT.parse, options },
      () => null,
    );
    seconds += result.seconds;
    if (result.ok) break;
    failures.push(result);
    const bad = result.diagnoses[0].position?.file;
    // Nix names the file behind links (/tmp may be one).
    const at = bad === undefined ? -1 : rest.findIndex((file) => bad === file || bad.endsWith(file));
    if (result.why !== "failed" || at === -1) break;
    rest = rest.slice(at + 1);
  }
  const [first, ...more] = failures;
  if (!first) return { ok: true, value: null, log: "", warnings: [], seconds };
  return {
    ...first,
    diagnoses: [...first.diagnoses, ...more.flatMap(({ diagnoses }) => diagnoses)],
    log: failures.map(({ log }) => log).join("\n"),
    seconds,
  };
}

/** The deepest folder that holds all files. */
function commonFolder(files: readonly string[]): string {
  const [first = "/", ...others] = files.map((file) => dirname(file));
  let folder = first;
  for (const other of others)
    while (other !== folder && !other.startsWith(`${folder}/`) && folder !== "/") folder = dirname(folder);
  return folder;
}
