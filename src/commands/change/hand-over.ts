import { resolve } from "node:path";
import type { Config } from "../../config.ts";
import type { HandOverForm } from "../../jobs/work/hand-over.ts";
import type { Ui } from "../../ui/ui.ts";
import { type CliContext, CommandError } from "../wiring/context.ts";

/** How a proven change is handed over, as the options of `apply` and `repair` say it. */

export interface FormOptions {
  readonly patch?: string;
  readonly branch?: string;
}

/** As the options say it, else as crq-agent.toml does; `name` is the patch's where nobody named one. */
export function handOverForm(
  context: CliContext,
  { patch, branch }: FormOptions,
  usual: { readonly config: Config; readonly name: string },
): HandOverForm {
  if (patch !== undefined) return { form: "patch", path: resolve(context.cwd, patch) };
  return branch === undefined && usual.config["hand-over"] === "patch"
    ? { form: "patch", path: resolve(context.cwd, `${usual.name}.patch`) }
    : { form: "branch", name: branch };
}

/** What a person asks for by name is done or refused: a form that could not be had would be replaced by another in silence. */
export function requireOneForm(root: string, git: boolean, { patch, branch }: FormOptions): void {
  if (branch === undefined) return;
  if (patch !== undefined)
    throw new CommandError("option-conflict", "--branch and --patch are two ways to hand over one change; give one of them");
  if (!git)
    throw new CommandError(
      "no-git",
      `${root}: is no git repository, so there is no branch; leave --branch out, or give --patch FILE`,
    );
}

/** Whether the change would be written into a folder without git, where no patch is wanted. */
export const writesBack = (git: boolean, { patch }: FormOptions, config: Config): boolean =>
  !git && patch === undefined && config["hand-over"] === "branch";

/** A folder without git has no branch to hand over: its files themselves change, which nobody is surprised with. */
export async function askToWriteBack(
  ui: Ui,
  root: string,
  yes: boolean,
  question = "Write it back once every criterion is proven?",
): Promise<void> {
  const why = `${root} is no git repository, so the change would be written into it`;
  if (yes || (ui.interactive && (await ui.confirm(question, `${why}.`)))) return;
  throw new CommandError("not-asked", `${why}: pass --yes, or --patch FILE to get it as a patch`);
}
