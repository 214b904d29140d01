import { CLIENT_INFO_META_KEY, Server, type ServerContext } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { errorText } from "../system/error.ts";
import { startProgress } from "./progress.ts";
import { completions, getPrompt, PROMPTS } from "./prompts.ts";
import { listResources, RESOURCE_TEMPLATES, readResource } from "./resources/resources.ts";
import { SessionHost } from "./session-host.ts";
import { toolDesk } from "./tools/call-tool.ts";
import type { Workplace } from "./workplace.ts";

/** A message that is longer ends the connection: no edit of a sensible change needs it. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** A client that sends nothing but rubbish fills no disk with our complaints. */
const MOST_COMPLAINTS = 20;

export interface ServeInput {
  readonly place: Workplace;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** A line for the person who started the server; never on stdout, which is the wire. */
  readonly log: (text: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Serves one client until it goes away or the signal comes; whatever ran then is stopped and can be resumed. */
export async function serveMcp({ place, stdin, stdout, log, signal }: ServeInput): Promise<void> {
  for (const note of place.notes) log(note);
  const host = new SessionHost(place, log);
  const instructions = await place.prompts.text("mcp-instructions");
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MAX_MESSAGE_BYTES });
  let complaints = 0;
  const onerror = (error: Error): void => {
    complaints += 1;
    if (complaints > MOST_COMPLAINTS) return;
    const last = complaints === MOST_COMPLAINTS ? " (no more of these are shown)" : "";
    log(`the client: ${errorText(error).split("\n")[0]?.slice(0, 300)}${last}`);
  };
  const handle = serveStdio(() => createServer(place, host, instructions), { transport, onerror });
  const closed = Promise.withResolvers<void>();
  const { onclose } = transport;
  transport.onclose = () => {
    onclose?.();
    closed.resolve();
  };
  // However it closes, the session is still to be ended and its journal to be closed.
  const end = (): void => void handle.close().catch(onerror).finally(closed.resolve);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  await closed.promise;
  signal.removeEventListener("abort", end);
  await host.stop();
}

function createServer(place: Workplace, host: SessionHost, instructions: string): Server {
  const server = new Server(
    { name: "crq-agent", title: "crq-agent", version: place.version },
    { capabilities: { tools: {}, resources: { listChanged: true }, prompts: {}, completions: {} }, instructions },
  );
  const desk = toolDesk(host, place);
  server.setRequestHandler("tools/list", desk.list);
  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const progress = startProgress(ctx);
    try {
      const caller = { signal: ctx.mcpReq.signal, progress: progress.show };
      const before = host.session?.id;
      const result = await desk.call(params.name, params.arguments, clientOf(server, ctx), caller);
      if (host.session?.id !== before) await server.sendResourceListChanged();
      return result;
    } finally {
      progress.stop();
    }
  });
  server.setRequestHandler("resources/list", ({ params }) => listResources(place, params?.cursor));
  server.setRequestHandler("resources/templates/list", async () => ({ resourceTemplates: [...RESOURCE_TEMPLATES] }));
  server.setRequestHandler("resources/read", async ({ params }) => ({ contents: [await readResource(place, params.uri)] }));
  server.setRequestHandler("prompts/list", async () => ({ prompts: [...PROMPTS] }));
  server.setRequestHandler("prompts/get", ({ params }) => getPrompt(place, params.name, params.arguments));
  server.setRequestHandler("completion/complete", async ({ params: { argument } }) => ({
    completion: { values: [...(await completions(place, argument.name, argument.value))] },
  }));
  return server;
}

const namedInRequest = z.looseObject({ [CLIENT_INFO_META_KEY]: z.looseObject({ name: z.string() }) });

/** Each protocol revision has its own place for the name that a client gives itself. */
function clientOf(server: Server, ctx: ServerContext): string {
  return (
    namedInRequest.safeParse(ctx.mcpReq.envelope).data?.[CLIENT_INFO_META_KEY].name ??
    server.getClientVersion()?.name ??
    "unknown"
  );
}
