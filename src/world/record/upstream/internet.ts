import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { certificateFile, type Person, personVariables } from "../../../system/environment/person-network.ts";
import type { RecordLimits } from "./limits.ts";

/** The internet, as a person reaches it: through their proxies, trusting their certificates. */
export interface Upstream {
  /** Writes the body of a GET into `file`; nothing of the client's request but the URL is handed on. */
  get(url: URL, file: string): Promise<Got>;
  /** For git: the same proxies and certificates. */
  readonly variables: Readonly<Record<string, string>>;
  close(): void;
}

/** `status` is that of the last answer, after redirects. `failed`: there was no answer. */
export type Got =
  | { readonly kind: "answered"; readonly status: number; readonly type: string; readonly bytes: number }
  | { readonly kind: "failed"; readonly why: string };

/** @throws Error where this Node cannot use the person's proxy */
export async function openUpstream(person: Person, limits: RecordLimits, version: string): Promise<Upstream> {
  const certificate = await certificateFile(person);
  const variables = personVariables(person, certificate);
  requireProxySupport(variables);
  const proxyEnv = { ...variables, ...everyProxy(variables) };
  const agents = {
    "http:": new http.Agent({ proxyEnv, keepAlive: true }),
    "https:": new https.Agent({
      proxyEnv,
      keepAlive: true,
      ...(certificate !== undefined && { ca: await readFile(certificate) }),
    }),
  };
  const ask = (url: URL, signal: AbortSignal): Promise<IncomingMessage> => {
    const { request } = url.protocol === "https:" ? https : http;
    return new Promise((resolve, reject) => {
      const agent = url.protocol === "https:" ? agents["https:"] : agents["http:"];
      // The public forge refuses who does not say what it is.
      const headers = { "user-agent": `crq-agent-world/${version}`, accept: "*/*", "accept-encoding": "identity" };
      request(url, { agent, headers, signal }, resolve).once("error", reject).end();
    });
  };
  return {
    variables,
    get: async (url, file) => {
      try {
        return await follow(url, file, limits, ask);
      } catch (error) {
        return { kind: "failed", why: reason(error, limits) };
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function follow(
  asked: URL,
  file: string,
  limits: RecordLimits,
  ask: (url: URL, signal: AbortSignal) => Promise<IncomingMessage>,
): Promise<Got> {
  const signal = AbortSignal.timeout(limits.answerMs);
  let url = asked;
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(url, signal);
    const { statusCode: status = 0, headers } = answer;
    if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) {
      const bytes = await save(answer, file, limits, signal);
      return { kind: "answered", status, type: headers["content-type"] ?? "application/octet-stream", bytes };
    }
    answer.destroy();
    if (redirects >= limits.redirects) return { kind: "failed", why: `more than ${limits.redirects} redirects` };
    const next = new URL(headers.location, url);
    const isDown = url.protocol === "https:" && next.protocol !== "https:";
    if (isDown || (next.protocol !== "https:" && next.protocol !== "http:"))
      return { kind: "failed", why: `a redirect from ${url.protocol} to ${next.protocol}` };
    if (next.username !== "" || next.password !== "") return { kind: "failed", why: "a redirect to a URL that names a user" };
    url = next;
  }
}

async function save(answer: IncomingMessage, file: string, limits: RecordLimits, signal: AbortSignal): Promise<number> {
  const counted = new Counted(limits.answerBytes);
  const decoder = decoderOf(answer.headers["content-encoding"]);
  const target = createWriteStream(file, { mode: 0o644 });
  if (decoder) await pipeline(answer, decoder, counted, target, { signal });
  else await pipeline(answer, counted, target, { signal });
  return counted.bytes;
}

/** Some servers send what they have, whatever was accepted. */
function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw new UpstreamError(`an answer in the content encoding \`${encoding}\``);
  }
}

class UpstreamError extends Error {
  override readonly name = "UpstreamError";
}

class Counted extends Transform {
  bytes = 0;
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#most) done(new UpstreamError(`an answer of more than ${this.#most} bytes`));
    else done(null, chunk);
  }
}

function reason(error: unknown, limits: RecordLimits): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return `no whole answer in ${limits.answerMs / 1000} seconds`;
  const cause = error instanceof AggregateError ? error.errors.map(String).join("; ") : error.message;
  return cause === "" ? error.name : cause;
}

/** curl's `all_proxy` stands for both; Node knows only the two. */
function everyProxy(variables: Readonly<Record<string, string>>): Record<string, string> {
  const all = variables.all_proxy ?? variables.ALL_PROXY;
  if (all === undefined) return {};
  const missing = ["http_proxy", "https_proxy"].filter((name) => !(name in variables) && !(name.toUpperCase() in variables));
  return Object.fromEntries(missing.map((name) => [name, all]));
}

/** https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support: since 24.5 and 22.21; an older one would go past the proxy in silence. */
function requireProxySupport(variables: Readonly<Record<string, string>>): void {
  const named = Object.keys(variables).find((name) => /^(https?|all)_proxy$/i.test(name));
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNew = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
  if (named !== undefined && !isNew) {
    throw new ProxyUnsupportedError(
      `${named} is set, and Node ${process.versions.node} cannot record through a proxy; next: use Node 24.5 or newer`,
    );
  }
}

export class ProxyUnsupportedError extends Error {
  override readonly name = "ProxyUnsupportedError";
}
