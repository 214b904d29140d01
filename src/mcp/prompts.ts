import { type GetPromptResult, type Prompt, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { z } from "zod";
import { CRQ_KINDS } from "../crq/model.ts";
import type { Workplace } from "./workplace.ts";

/** What a person picks in their client to begin: their texts are prompts/mcp-draft.md and prompts/mcp-apply.md. */

export const PROMPTS: readonly Prompt[] = [
  {
    name: "draft",
    title: "Draft a change request",
    description: "Writes a CRQ with machine-checkable criteria from one sentence; a person approves it afterwards.",
    arguments: [
      { name: "wish", description: "What is wished for, in one sentence.", required: true },
      { name: "kind", description: `One of ${CRQ_KINDS.join(", ")}.` },
    ],
  },
  {
    name: "apply",
    title: "Apply an approved change request",
    description: "Changes the repository in a private copy until Nix proves every criterion, and hands over a branch.",
    arguments: [{ name: "crq", description: "Id, number or path of an approved CRQ.", required: true }],
  },
];

const draftArguments = z.strictObject({ wish: z.string().trim().min(1).max(20_000), kind: z.enum(CRQ_KINDS).exactOptional() });
const applyArguments = z.strictObject({ crq: z.string().trim().min(1).max(500) });

/** @throws ProtocolError (invalid params) that names what is wrong */
export async function getPrompt(place: Workplace, name: string, given: unknown): Promise<GetPromptResult> {
  switch (name) {
    case "draft": {
      const { wish, kind } = checked(draftArguments, given);
      return said(
        await place.prompts.text("mcp-draft", {
          wish: JSON.stringify(wish),
          kind: kind === undefined ? "" : ` and the kind ${kind}`,
        }),
      );
    }
    case "apply":
      return said(await place.prompts.text("mcp-apply", { crq: JSON.stringify(checked(applyArguments, given).crq) }));
    default:
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no such prompt; the prompts are: draft, apply.`);
  }
}

const said = (text: string): GetPromptResult => ({ messages: [{ role: "user", content: { type: "text", text } }] });

function checked<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.infer<Schema> {
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  const first = read.error.issues[0];
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `${first?.path.join(".") || "arguments"}: ${first?.message ?? "do not fit"}`,
  );
}

const MOST_COMPLETIONS = 100;

/** Ids that an argument may be completed to. */
export async function completions(place: Workplace, argument: string, typed: string): Promise<readonly string[]> {
  const all = argument === "crq" ? (await place.crqs()).map(({ id }) => id) : argument === "kind" ? CRQ_KINDS : [];
  return all.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase())).slice(0, MOST_COMPLETIONS);
}
