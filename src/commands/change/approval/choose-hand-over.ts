import { resolve } from "node:path";
import type { Config } from "../../../config.ts";
import type { Crq } from "../../../crq/model.ts";
import type { HandOverForm } from "../../../jobs/work/hand-over.ts";
import type { Ui } from "../../../ui/ui.ts";
import type { CliContext } from "../../wiring/context.ts";

export interface NamedForm {
  readonly patch?: string;
  readonly branch?: string;
  readonly yes?: boolean;
}

/**
 * How a person at a terminal wants the proven result, where they named no form: what crq-agent.toml says is offered first. undefined: the
 * question was left, and nothing is handed over yet. Absent where nobody is asked.
 */
export function chooseHandOver(
  context: CliContext,
  ui: Ui,
  crq: Crq,
  { patch, branch: named, yes }: NamedForm,
  config: Config,
): (() => Promise<HandOverForm | undefined>) | undefined {
  const { choose } = ui;
  if (!ui.interactive || !choose || yes || patch !== undefined || named !== undefined) return undefined;
  return async () => {
    const { id = "CRQ", branch = `feature/${id}` } = crq.metadata ?? {};
    const path = resolve(context.cwd, `${id}.patch`);
    const asBranch = { value: "branch", label: `As branch ${branch}`, hint: "your files stay as they are" } as const;
    const asPatch = { value: "patch", label: `As patch ${path}`, hint: "the repository stays as it is" } as const;
    const forms = config["hand-over"] === "patch" ? [asPatch, asBranch] : [asBranch, asPatch];
    const form = await choose("Every criterion is proven. How do you want the change?", "", forms);
    return form === undefined ? undefined : form === "branch" ? { form, name: undefined } : { form, path };
  };
}
