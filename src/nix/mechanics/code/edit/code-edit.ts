import type { CodeMechanic } from "../../mechanic.ts";

/** An edit of Nix code that a diagnosis calls for, as a pure function of texts: the mechanics and the rules model use the same ones. */

export interface CodeFile {
  /** Relative to the flake's root. */
  readonly path: string;
  readonly text: string;
}

export interface CodePlace {
  /** Nix files that may be edited: tracked, inside the worktree, not generated. */
  readonly files: readonly CodeFile[];
  /** Every path that git tracks. */
  readonly tracked: readonly string[];
  /** Name of the package in the Cargo.toml at the root. */
  readonly rootPackage?: string;
  /** The system of this machine. */
  readonly system?: string;
  /** Whether a likely cure will do (a proposal, which its author answers for), or only a certain one (a mechanic). */
  readonly guess: boolean;
}

export interface CodeEdit {
  readonly name: CodeMechanic;
  readonly path: string;
  readonly after: string;
  /** One clause for the journal: `pkgs.helo is called pkgs.hello`. */
  readonly what: string;
}

/** The one file that a change applies to; several that it applies to equally are nobody's. */
export function inOneFile(
  files: readonly CodeFile[],
  change: (file: CodeFile) => Omit<CodeEdit, "path"> | undefined,
): CodeEdit | undefined {
  const edits = files.flatMap((file) => {
    const edit = change(file);
    return edit && edit.after !== file.text ? [{ path: file.path, ...edit }] : [];
  });
  return edits.length === 1 ? edits[0] : undefined;
}
