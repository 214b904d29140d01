import { resolve } from "node:path";
import { checkSteps } from "../../jobs/steps/check.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";

/** `crq-agent steps check [DIR]`. */
export const check: Verb<[string, OutputOptions]> = async (context, ui, directory) => {
  const checked = await checkSteps(resolve(context.cwd, directory));
  if (checked === undefined)
    throw new CommandError("unreadable-file", `${directory} does not exist; name the folder that steps record wrote`);
  const { records, problems } = checked;
  const exit = problems.length === 0 ? 0 : 1;
  ui.result({
    text:
      exit === 0
        ? `${directory}: ${records.length} steps are sound.`
        : problems.map(({ place, message }) => (place === "" ? message : `${place}: ${message}`)).join("\n"),
    json: {
      schema: "crq-agent/steps-check/1",
      ok: exit === 0,
      exit,
      data: { steps: records.length },
      diagnostics: problems.map(({ place, message }) => {
        const [, file = "", line = "1"] = /^(.*):(\d+)$/u.exec(place) ?? [];
        return { severity: "error", rule: "steps", message, file, line: Number(line), column: 1 };
      }),
    },
  });
  return exit;
};
