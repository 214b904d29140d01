import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Affinity, onProcessors } from "../../../system/affinity.ts";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import type { Host } from "../../../system/environment/host.ts";
import { type Bind, untrustedArgv } from "../../../system/environment/namespace.ts";
import { systemFolders } from "../../../system/store/child-folders.ts";

/** Runs untrusted programs as `confine` does, but with the compilers of this machine (or of the clone's set-up) in sight instead of a store. */
export interface HostTools {
  readonly confine: ExecutionEnvironment["confine"];
  readonly variables: Readonly<Record<string, string>>;
}

/** Where the set-up's tree stands in a world's sandbox, and the Rust toolchain beside it. */
const ROOT = "/host/root";
const RUST = "/host/rust";

export async function hostTools(host: Host, affinity: Affinity | undefined): Promise<HostTools> {
  const { bwrap } = host;
  const binds = await toolBinds(host);
  return {
    confine: (argv, places) =>
      bwrap === undefined
        ? "bubblewrap is missing"
        : onProcessors(affinity, untrustedArgv({ bwrap, store: undefined, binds }, argv, places)),
    variables: {
      PATH: [`${RUST}/bin`, "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
      HOME: "/tmp",
      CARGO_HOME: "/tmp/cargo",
      CARGO_NET_OFFLINE: "true",
    },
  };
}

async function toolBinds({ sandboxPaths }: Host): Promise<readonly Bind[]> {
  const root = sandboxPaths[ROOT];
  const shown = (source: string, target: string): Bind => ({ source, target, writable: false });
  const rust = sandboxPaths[RUST];
  const toolchain = rust === undefined ? [] : [shown(rust, RUST)];
  if (root === undefined) return [...(await systemFolders()).map(({ path }) => shown(path, path)), ...toolchain];
  // The set-up's tree is a system of its own: seen where a system's folders are, its compilers find their parts.
  const folders = await Promise.all(
    ["usr", "bin", "lib", "lib64", "etc"].map(async (name) => {
      const source = await realpath(join(root, name)).catch(() => undefined);
      return source === undefined ? [] : [shown(source, `/${name}`)];
    }),
  );
  return [...folders.flat(), shown(root, ROOT), ...toolchain];
}
