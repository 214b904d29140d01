/** What a client asked, as the mirror saw it after taking TLS off. */
export interface MirrorRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it was sent, content encoding included. */
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** An answer that world.toml gives on purpose is no miss, whatever its status. */
  readonly onPurpose?: true;
}

/** A request that the world could not answer. */
export interface Miss {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: Buffer.from(JSON.stringify(value)),
});

export const text = (value: string, status = 200): Answer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: Buffer.from(value),
});

export const bytes = (body: Buffer, type: string): Answer => ({ status: 200, headers: { "content-type": type }, body });
