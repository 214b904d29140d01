import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../../program/world.ts";

/** A PostgreSQL server of a test's own: Debian's, on a spare port, with a data folder that goes away with it. */
export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
  /** After `stop`: the same data again. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const [own] = globSync(join(PACKAGE_ROOT, ".prefix/postgresql/usr/lib/postgresql/*/bin"));
const [system] = globSync("/usr/lib/postgresql/*/bin").sort().reverse();
const programs = own ?? system;
const bwrap = join(PACKAGE_ROOT, ".prefix/bin/bwrap");

/** Why there is none; the tests' set-up brings one on Debian. */
export const noPostgres: string | undefined =
  programs === undefined ? "no PostgreSQL" : existsSync(bwrap) ? undefined : "no bubblewrap";

export async function makePostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "crq-postgres-"));
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const port = await sparePort();
  // It refuses to run as root: inside it is an ordinary user, whoever runs the tests.
  const confined = [
    ...["--unshare-user", "--unshare-pid", "--uid", "1000", "--gid", "1000", "--die-with-parent", "--clearenv"],
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/run", "--bind", data, data],
    ...["--setenv", "LC_ALL", "C", "--"],
  ];
  const database = join(data, "db");
  await promisify(execFile)(bwrap, [
    ...confined,
    join(programs ?? "", "initdb"),
    ...["-D", database, "-U", "evals", "--auth=trust", "--no-locale", "-E", "UTF8", "--no-sync"],
  ]);
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(
      bwrap,
      [
        ...confined,
        join(programs ?? "", "postgres"),
        ...["-D", database, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=/run"],
        ...["-c", "fsync=off", "-c", "timezone=GMT", "-c", "log_timezone=GMT"],
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    await ready(server);
  };
  const stop = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    url: `postgres://evals@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("ready to accept connections")) resolve();
    });
    server.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
  });
}

function sparePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address instanceof Object ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
