import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCrq } from "../../crq/parse.ts";
import type { Attending, DraftRequest, Ended } from "../../mcp/workplace.ts";
import { outcomeText } from "../../session/show.ts";
import { type Drafted, makeDraft } from "../change/draft.ts";
import { writeDraft } from "../change/drafting/write-draft.ts";
import type { CliContext } from "../wiring/context.ts";
import type { McpOptions, Repository } from "./workplace.ts";

/**
 * The session of `draft` with an MCP client as the model. An accepted document is written as `draft` writes it, as one new file of the CRQ
 * folder: it is a proposal until a person approves it.
 */
export async function openDraft(
  context: CliContext,
  { config, limits }: Repository,
  options: McpOptions,
  { wish, kind }: DraftRequest,
  { model, ui, signal, opened }: Attending,
): Promise<Ended> {
  const own = { ...context, signal: AbortSignal.any([context.signal, signal]) };
  const drafted = await makeDraft(
    own,
    ui,
    wish,
    { ...options, ...(kind !== undefined && { kind }) },
    {
      chosen: { model, limits, maxOutputTokens: config.limits["max-output-tokens"] },
      written: true,
      opened: (session) => opened({ id: session.id, folder: session.folder, verb: "draft", crq: "a new CRQ" }),
    },
  );
  const { result } = drafted;
  const { outcome, markdown } = result;
  const end = { outcome, branch: null, criteria: [] };
  if (outcome.kind === "done" && markdown !== undefined) return { ...end, text: await written(drafted, markdown) };
  // Not beside the others as `draft` does it: nothing unfinished is left in a checkout by a program.
  if (markdown !== undefined) await writeFile(join(drafted.sessionFolder, `${drafted.name}.rejected.txt`), markdown);
  return { ...end, text: `The draft ended without a document: ${outcomeText(outcome)}. Call open_draft to begin again.` };
}

async function written(drafted: Drafted, markdown: string): Promise<string> {
  const path = await writeDraft(drafted, markdown);
  const crq = parseCrq(path, markdown);
  const open = crq.questions.filter(({ answer }) => answer === undefined);
  return [
    `Wrote ${path}: ${crq.title?.text ?? ""}. It waits for a person: ask them to read it${open.length > 0 ? `, answer ${open.map(({ id }) => id).join(", ")} there` : ""} and run \`crq-agent approve ${path}\`. Then open_change with ${crq.metadata?.id ?? path} opens the work.`,
    ...drafted.notes.map((note) => `Note: ${note}`),
  ].join("\n");
}
