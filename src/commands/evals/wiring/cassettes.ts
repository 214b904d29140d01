import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PlannedTrial } from "../../../evals/run/manifest.ts";
import type { TrialModel } from "../../../evals/trial/trial-model.ts";
import { isModelProblem, withCassette } from "../../../models/select.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";

/** Replies of a whole run on disk: one file a trial, named by what a person can read and a later agent still asks for. */
export interface CassetteFolder {
  readonly mode: "record" | "replay";
  around(model: TrialModel, planned: PlannedTrial): TrialModel;
}

/** @throws CommandError (exit 2) */
export function cassetteOf(context: CliContext, text: string): CassetteFolder {
  const [, mode, folder] = /^(record|replay):(.+)$/su.exec(text) ?? [];
  if (folder === undefined || (mode !== "record" && mode !== "replay"))
    throw new CommandError("bad-value", `--cassette: "${text}" is neither record:DIR nor replay:DIR`);
  const directory = resolve(context.cwd, folder);
  return {
    mode,
    around: (model, planned) => {
      // These compute their replies; there is nothing to keep.
      if (model.deterministic) return model;
      const file = join(directory, fileName(model.alias), planned.task, `${planned.repeat}.jsonl`);
      return {
        ...model,
        notFor: (task) => model.notFor(task),
        create: async (task) => {
          // What an attempt that was killed left there would be replayed as well.
          if (mode === "record") await rm(file, { force: true });
          const inner = mode === "record" ? await model.create(task) : undefined;
          const made = await withCassette(`${mode}:${file}`, model.name, async () => inner ?? (await model.create(task)));
          if (isModelProblem(made)) throw new CommandError("model-unusable", made.problem);
          const waited = inner?.waitedMs;
          return {
            name: made.name,
            complete: (ask) => made.complete(ask),
            ...(made.worstCase && {
              worstCase: (ask) => made.worstCase?.(ask) ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
            }),
            ...(waited && { waitedMs: () => waited.call(inner) }),
          };
        },
      };
    },
  };
}

/** Aliases hold colons, slashes and dots: none becomes the way to another folder, and no two become one. Pure. */
export const fileName = (alias: string): string =>
  encodeURIComponent(alias).replace(/^\.+/u, (dots) => "%2E".repeat(dots.length));
