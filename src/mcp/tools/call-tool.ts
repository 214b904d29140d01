import {
  type CallToolResult,
  isSpecType,
  type Tool as ListedTool,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { readArguments } from "../../agent/call/arguments.ts";
import { toolSpecs } from "../../agent/call/tool-specs.ts";
import { plainText } from "../../agent/plain-text.ts";
import { nearest } from "../../agent/text/nearest.ts";
import type { Tool } from "../../agent/tool.ts";
import type { Answer, Caller } from "../open-work.ts";
import type { SessionHost } from "../session-host.ts";
import type { Ended, Workplace } from "../workplace.ts";
import { annotationsOf } from "./annotations.ts";
import { sessionTools } from "./session-tools.ts";
import { outputSchemaOf, structuredOf } from "./structured.ts";
import { workToolSpecs } from "./work-tools.ts";

/** From the name and the arguments of `tools/call` to its result. */

/** Characters of the arguments of one call, as JSON. */
const MAX_ARGUMENTS = 2_000_000;

export interface ToolDesk {
  readonly list: () => Promise<{ tools: ListedTool[] }>;
  readonly call: (name: string, args: unknown, client: string, caller: Caller) => Promise<CallToolResult>;
}

export function toolDesk(host: SessionHost, place: Workplace): ToolDesk {
  const own = (client: string, caller: Caller, ended: (ended: Ended) => void = () => undefined): readonly Tool[] =>
    sessionTools({ host, place, client, caller, ended });
  const work = workToolSpecs();
  const nobody: Caller = { signal: AbortSignal.abort(), progress: () => undefined };
  const listed = [...toolSpecs(own("", nobody)), ...work].map(({ name, about, parameters }) => {
    const annotations = annotationsOf(name, place.network);
    const output = outputSchemaOf(name);
    const tool = {
      name,
      ...(annotations?.title !== undefined && { title: annotations.title }),
      description: about,
      inputSchema: parameters,
      ...(output && { outputSchema: output }),
      ...(annotations && { annotations }),
    };
    if (!isSpecType.Tool(tool)) throw new TypeError(`${name} is no tool of the protocol`);
    return tool;
  });
  const names = listed.map(({ name }) => name);
  const workNames = new Set(work.map(({ name }) => name));
  return {
    list: async () => ({ tools: listed }),
    async call(name, args, client, caller) {
      const source = JSON.stringify(args ?? {});
      if (source.length > MAX_ARGUMENTS)
        return toResult(name, {
          text: `${name} was not run: its arguments take ${source.length} characters, and ${MAX_ARGUMENTS} are the most. Send it in smaller parts.`,
          isError: true,
        });
      if (workNames.has(name)) return toResult(name, await host.call(name, source, caller));
      let ended: Ended | undefined;
      const tools = own(client, caller, (end) => {
        ended = end;
      });
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, unknownTool(name, names));
      const answer = await runOwn(tool, source, caller);
      return toResult(name, { ...answer, ...(ended && { ended }) });
    },
  };
}

async function runOwn(tool: Tool, source: string, caller: Caller): Promise<Answer> {
  const read = readArguments(tool, source, false);
  if (!read.ok) return { text: read.text, isError: true };
  const { text, isError = false, details } = await tool.run(read.json, { signal: caller.signal, note: () => undefined });
  return { text, isError, details };
}

function toResult(name: string, answer: Answer): CallToolResult {
  const structured = structuredOf(name, answer);
  return {
    content: [{ type: "text", text: answer.text }],
    ...(structured && { structuredContent: structured }),
    ...(answer.isError && { isError: true }),
  };
}

function unknownTool(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return `There is no tool "${plainText(name).slice(0, 80)}".${near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : ""} The tools are: ${names.join(", ")}.`;
}
