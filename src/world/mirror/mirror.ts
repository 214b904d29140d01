import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Mockttp } from "mockttp";
import { errorText } from "../../system/error.ts";
import type { Answer, MirrorRequest, Miss } from "./answer.ts";
import type { Respond } from "./routes.ts";

export interface Mirror {
  /** `http://127.0.0.1:PORT`, for http_proxy and https_proxy. */
  readonly proxy: string;
  /** PEM of the authority that signs the mirror's certificates; its key never leaves this process's memory. */
  readonly authority: string;
  misses(): readonly Miss[];
  close(): Promise<void>;
}

/**
 * Starts an intercepting HTTP and HTTPS proxy on the loopback device that answers from `respond` and from nowhere else.
 * The door opens at once; the proxy behind it (whose import alone takes a third of a second) is started by the first client that knocks.
 */
export async function startMirror(respond: Respond): Promise<Mirror> {
  const misses: Miss[] = [];
  const sockets = new Set<Socket>();
  let proxy: Promise<Mockttp> | undefined;
  const authority = await makeAuthority();
  const start = (): Promise<Mockttp> => {
    proxy ??= startProxy(authority, respond, misses);
    return proxy;
  };
  const door = createServer((client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    client.once("close", () => sockets.delete(client));
    start().then(
      ({ port }) => join(client, connect({ port, host: "127.0.0.1" })),
      (error: unknown) => {
        misses.push({ method: "CONNECT", url: `the mirror could not start: ${errorText(error)}`, status: 500, at: now() });
        client.destroy();
      },
    );
  });
  const port = await listen(door);
  return {
    proxy: `http://127.0.0.1:${port}`,
    authority: authority.cert,
    misses: () => [...misses],
    close: async () => {
      const closed = once(door, "close");
      door.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      const started = await proxy?.catch(() => undefined);
      await started?.stop();
    },
  };
}

const now = (): string => new Date().toISOString();

function join(client: Socket, server: Socket): void {
  server.on("error", () => client.destroy());
  client.once("close", () => server.destroy());
  server.once("close", () => client.destroy());
  if (client.destroyed) {
    server.destroy();
    return;
  }
  client.pipe(server);
  server.pipe(client);
}

async function listen(server: Server): Promise<number> {
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mirror's door has no port");
  return address.port;
}

interface Authority {
  readonly key: string;
  readonly cert: string;
}

/** Only the part of mockttp that makes certificates: a fifth of its import. */
async function makeAuthority(): Promise<Authority> {
  const { generateCACertificate } = await import("mockttp/dist/util/certificates");
  return generateCACertificate({ subject: { commonName: "crq-agent world", organizationName: "crq-agent" } });
}

const LARGEST_REQUEST = 64 * 1024 * 1024;
const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

async function startProxy(authority: Authority, respond: Respond, misses: Miss[]): Promise<Mockttp> {
  const { getLocal } = await import("mockttp");
  const server = getLocal({
    https: { key: authority.key, cert: authority.cert },
    http2: "fallback",
    recordTraffic: false,
    suggestChanges: false,
    maxBodySize: LARGEST_REQUEST,
  });
  await server.forAnyRequest().thenCallback(async (request) => {
    // mockttp listens on every device; nobody but this machine is answered.
    if (!LOOPBACK.has(request.remoteIpAddress ?? "")) return "reset";
    const answer = await answerTo(respond, {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
      body: request.body.buffer,
    });
    if (answer.status >= 400 && !answer.onPurpose) {
      misses.push({ method: request.method, url: request.url, status: answer.status, at: now() });
    }
    return {
      statusCode: answer.status,
      headers: { ...answer.headers, "content-length": String(answer.body.length) },
      rawBody: answer.body,
    };
  });
  await server.start();
  return server;
}

async function answerTo(respond: Respond, request: MirrorRequest): Promise<Answer> {
  try {
    return await respond(request);
  } catch (error) {
    return {
      status: 500,
      headers: { "content-type": "text/plain" },
      body: Buffer.from(`the mirror failed: ${errorText(error)}\n`),
    };
  }
}
