import type { Check } from "../../checks.ts";

/**
 * A tiny built-in bad example. `files` become a repository of one commit, `change` is laid over it afterwards, and the kind's own code then
 * judges `check` on it: it must not pass. Builders are /bin/sh, so that no canary needs a package set.
 */
export interface Canary {
  /** What is wrong with the example, for people. */
  readonly description: string;
  /** Bytes, and text that starts with `#!`, are programs. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly change?: Readonly<Record<string, string>>;
  /** Files of `change` that git is not told about. */
  readonly untracked?: readonly string[];
  readonly check: Check;
}
