import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on loopback that answers each request with the next handler, and the last one again. */
export interface ProviderServer {
  readonly url: string;
  /** Method, path, headers and parsed body of each request. */
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: Record<string, unknown>;
  }[];
  close(): Promise<void>;
}

export type Handler = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export async function provider(handlers: readonly Handler[]): Promise<ProviderServer> {
  const requests: ProviderServer["requests"] = [];
  const server = createServer(async (request, response) => {
    let raw = "";
    for await (const part of request) raw += part;
    const handler = handlers[Math.min(requests.length, handlers.length - 1)];
    requests.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(raw) });
    await handler?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface ServerEvent {
  readonly event?: string;
  readonly data: unknown;
}

export const sse = ({ event, data }: ServerEvent): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

const openStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });

/** The whole stream. */
export const streaming =
  (events: readonly ServerEvent[]): Handler =>
  (response) => {
    openStream(response).end(events.map(sse).join(""));
  };

/** The first events, then the connection breaks. */
export const breaking =
  (events: readonly ServerEvent[]): Handler =>
  async (response) => {
    openStream(response).write(events.map(sse).join(""));
    await new Promise((resolve) => setTimeout(resolve, 30));
    response.socket?.destroy();
  };

/** The first events, then an end as if all had been said. */
export const ending = streaming;

/** The first events, then silence. */
export const stalling =
  (events: readonly ServerEvent[]): Handler =>
  (response) => {
    openStream(response).write(events.map(sse).join(""));
  };

export const hanging: Handler = () => {};

export const refusing =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

/** Says the key back, as a careless proxy would. */
export const echoing: Handler = (response, request) => {
  const seen = `${request.headers.authorization ?? ""} ${request.headers["x-api-key"] ?? ""}`;
  response
    .writeHead(401, { "content-type": "application/json" })
    .end(
      JSON.stringify({ type: "error", error: { type: "authentication_error", message: `Incorrect API key provided: ${seen}` } }),
    );
};
