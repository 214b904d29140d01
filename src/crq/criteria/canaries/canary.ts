import type { CheckContext } from "../check-kind.ts";
import type { CheckResult } from "../check-result.ts";

/**
 * A tiny built-in bad example. `files` become a repository of one commit (`base`), `change` is laid over it afterwards; `run` judges it with
 * the kind's own code and must not come back with `pass`. Builders are /bin/sh, so that no canary needs a package set.
 */
export interface Canary {
  /** What is wrong with the example, for people. */
  readonly description: string;
  readonly files: Readonly<Record<string, string>>;
  readonly change?: Readonly<Record<string, string>>;
  /** Files of `change` that git is not told about. */
  readonly untracked?: readonly string[];
  run(context: CheckContext): Promise<CheckResult>;
}
