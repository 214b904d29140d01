import { resolve } from "node:path";
import type { Crq } from "../../../crq/model.ts";
import type { HandOverForm } from "../../../jobs/work/hand-over.ts";
import type { Ui } from "../../../ui/ui.ts";
import type { CliContext } from "../../wiring/context.ts";

/** Asks a person how they want the proven result; undefined: the question was left, and nothing is handed over yet. */
export const chooseHandOver =
  (context: CliContext, choose: NonNullable<Ui["choose"]>, crq: Crq) => async (): Promise<HandOverForm | undefined> => {
    const { id = "CRQ", branch = `feature/${id}` } = crq.metadata ?? {};
    const path = resolve(context.cwd, `${id}.patch`);
    const form = await choose("Every criterion is proven. How do you want the change?", "", [
      { value: "branch", label: `As branch ${branch}`, hint: "your files stay as they are" },
      { value: "patch", label: `As patch ${path}`, hint: "the repository stays as it is" },
    ]);
    return form === undefined ? undefined : form === "branch" ? { form, name: undefined } : { form, path };
  };
