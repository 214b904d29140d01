import { setTimeout as wait } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { errorCode, errorText } from "../../system/error.ts";
import { ForeseenError } from "../../system/errors/foreseen.ts";

/** The queue cannot be used. 2: what it needs is not installed, or the address is none; 3: the database is not to be reached. */
export class QueueError extends ForeseenError {
  override readonly name = "QueueError";

  constructor(exit: 2 | 3, message: string) {
    super("queue-failed", message, [], exit);
  }
}

/** Exactly this version: later ones have a dependency that some registries lack. */
const INSTALL = "npm install pg-boss@12.30.0";

/** Of its own, so that a database may serve other queues too. */
const SCHEMA = "crq_evals";

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** What the client complains of while it goes on trying. */
  readonly onTrouble: (text: string) => void;
  /** Milliseconds before each further try. */
  readonly waits?: readonly number[];
}

const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Looks for dead workers this often: their jobs are given to others one heartbeat and one look later. */
const SUPERVISE_SECONDS = 5;

/**
 * Opens the queue of a database, and makes its tables where there are none.
 * @param url `postgres://…`; it may hold a password, so no message repeats it
 * @throws QueueError
 */
export async function connectQueue(url: string, { signal, onTrouble, waits = WAITS }: ConnectOptions): Promise<PgBoss> {
  if (!/^postgres(?:ql)?:\/\//u.test(url) || !URL.canParse(url))
    throw new QueueError(2, "--queue: expected an address such as postgres://user@host:5432/database");
  const { PgBoss } = await loadPgBoss();
  for (let at = 0; ; at++) {
    const boss = new PgBoss({
      connectionString: url,
      schema: SCHEMA,
      application_name: "crq-agent evals",
      schedule: false,
      reindex: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      connectionTimeoutMillis: 5_000,
    });
    boss.on("error", (error) => onTrouble(errorText(error)));
    try {
      return await boss.start();
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      const pause = waits[at];
      if (pause === undefined || signal.aborted)
        throw new QueueError(
          3,
          `the queue's PostgreSQL is not to be reached (${sayError(error)}); start it, then run the same command again`,
        );
      onTrouble(`the queue's PostgreSQL does not answer (${sayError(error)}); trying again in ${pause / 1000} s`);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function loadPgBoss(): Promise<typeof import("pg-boss")> {
  try {
    return await import("pg-boss");
  } catch (error) {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new QueueError(2, `--queue needs pg-boss, which is not installed: ${INSTALL}`);
  }
}

/** Of several addresses that were tried, Node gives one error for all and no text. */
const sayError = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(errorText).join("; ") : errorText(error);
