import { posix } from "node:path";
import { isLocal, parseFlakeReference } from "../../../nix/flake-reference.ts";
import { judgeInputs } from "../../../nix/policy/judge-inputs.ts";
import { insideJail, JailError } from "../../../repo/workspace/jail.ts";
import type { ProjectSettings } from "../../job-place.ts";

/** What a model gives a generator is judged before anything is read, and before Nix is asked. */

export type Argument<T> = { readonly value: T } | { readonly problem: string };

/** A folder inside the repository, not its root, links resolved; in its shortest form. */
export async function folderArgument(directory: string, given: string): Promise<Argument<string>> {
  const folder = posix.normalize(given).replace(/(?<=.)\/$/u, "");
  const outside = { problem: `${given} is no folder inside the repository.` };
  if (posix.isAbsolute(folder) || folder === ".." || folder.startsWith("../") || /(?:^|\/)\.git(?:\/|$)/u.test(folder))
    return outside;
  try {
    await insideJail(directory, folder);
    return { value: folder };
  } catch (error) {
    if (error instanceof JailError) return outside;
    throw error;
  }
}

/** A reference that others can fetch and that the policy allows, under every policy: never a place on this machine or a registry's name. */
export function nixpkgsArgument(
  given: string,
  { inputPolicy: policy }: Pick<ProjectSettings, "inputPolicy">,
  today: string,
): Argument<string> {
  const reference = parseFlakeReference(given);
  if (!reference || isLocal(reference) || reference.type === "indirect" || !/^[\x21-\x7e]+$/u.test(given))
    return { problem: `nixpkgs = "${given}" is no reference that others can fetch.` };
  if (!policy) return { value: given };
  const inputs = [{ name: "nixpkgs", url: given, overrides: {} }];
  const [finding] = judgeInputs({ policy, today, inputs: { inputs, outputArguments: {}, nixConfig: {} } }).filter(
    ({ severity }) => severity === "error",
  );
  return finding ? { problem: `${finding.message}. ${finding.next}` } : { value: given };
}
