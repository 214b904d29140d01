import { resolve } from "node:path";
import { checkWorld } from "../../world/check.ts";
import { describeProblem } from "../../world/problem.ts";
import { sealWorld } from "../../world/seal.ts";
import { showWorld } from "../../world/show.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { asCommandError } from "../wiring/open-recording.ts";

/** `crq-agent world check DIR`. */
export const check: Verb<[string, OutputOptions]> = async (context, ui, directory) => {
  const { problems, content } = await checkWorld(resolve(context.cwd, directory));
  const exit = problems.length === 0 ? 0 : 2;
  ui.result({
    text:
      exit === 0
        ? `${directory}: world ${content?.manifest.name ?? "?"} is sound (${content?.hash ?? ""}).`
        : problems.map(describeProblem).join("\n"),
    json: {
      schema: "crq-agent/world-check/1",
      ok: exit === 0,
      exit,
      data: { name: content?.manifest.name ?? null, hash: content?.hash ?? null },
      diagnostics: problems,
    },
  });
  return exit;
};

/** `crq-agent world seal DIR`. */
export const seal: Verb<[string, OutputOptions]> = async (context, ui, directory) => {
  const sealed = await sealWorld(resolve(context.cwd, directory));
  ui.result({
    text:
      sealed.length === 0
        ? "Every tree has its revision already."
        : sealed.map(({ repository, from, to }) => `${repository}: ${from} -> ${to}`).join("\n"),
    json: { schema: "crq-agent/world-seal/1", ok: true, exit: 0, data: { sealed }, diagnostics: [] },
  });
  return 0;
};

/** `crq-agent world show DIR`. */
export const show: Verb<[string, OutputOptions]> = async (context, ui, directory) => {
  const lines = await asCommandError(() => showWorld(resolve(context.cwd, directory)));
  ui.result({
    text: lines.join("\n"),
    json: { schema: "crq-agent/world-show/1", ok: true, exit: 0, data: { lines }, diagnostics: [] },
  });
  return 0;
};
