import { dirname, join } from "node:path";
import type { ExecutionEnvironment } from "../environment/execution-environment.ts";
import type { Host } from "../environment/host.ts";
import { type Bind, type TrustedNamespace, trustedArgv, untrustedArgv } from "../environment/namespace.ts";
import { execute } from "../process.ts";
import { type ChildFolders, systemFiles, systemFolders } from "./child-folders.ts";
import { gitPlaces } from "./git-places.ts";

/** Nix over a store root of its own, bound at /nix: both an offline world and a live machine without /nix run this way. */
export interface PrivateStore extends Pick<ExecutionEnvironment, "wrap" | "confine" | "hostPath"> {
  /** Blank-free sandbox-paths for nix.conf (Nix splits the list at blanks, and a clone's path may hold some). */
  readonly sandboxPaths: string;
}

export interface PrivateStoreOptions {
  readonly host: Host;
  readonly folders: ChildFolders;
  /** Folder whose `nix/` is seen as /nix. */
  readonly storeRoot: string;
  /** Keys of the host's sandboxPaths that are shown to builds. */
  readonly sandboxPlaces: readonly string[];
  /** More that children see. */
  readonly binds: readonly Bind[];
  /** Files of /etc that children see besides the few that programs need to start. */
  readonly etc?: readonly string[];
  /** What programs under test see besides the store. */
  readonly confinedBinds?: readonly Bind[];
}

export async function privateStore(options: PrivateStoreOptions): Promise<PrivateStore> {
  const { host, folders, storeRoot } = options;
  const { bwrap, mount, shell } = host;
  if (bwrap === undefined || mount === undefined || shell === undefined || !host.nix) {
    throw new Error("privateStore needs a host that namespaceProblem has passed");
  }
  const [system, etc] = await Promise.all([systemFolders(), systemFiles(folders, options.etc)]);
  const sandbox = options.sandboxPlaces.map((place, index) => sandboxBind(host, place, index));
  const namespace: TrustedNamespace = {
    bwrap,
    shell,
    mount,
    system,
    temporary: folders.temporary,
    binds: [
      ...etc,
      ...(host.nix.private ? [shown(dirname(host.nix.bin))] : []),
      { source: join(storeRoot, "nix"), target: "/nix", writable: true },
      ...sandbox.map(({ bind }) => bind),
      ...options.binds,
      shown(folders.programs),
      shown(folders.configuration),
      ...[folders.home, ...Object.values(folders.xdg)].map((folder) => ({ ...shown(folder), writable: true })),
    ],
  };
  return {
    sandboxPaths: sandbox.map(({ setting }) => setting).join(" "),
    wrap: (argv, places) => trustedArgv(namespace, argv, places, gitPlaces(places.cwd)),
    confine: (argv, places) =>
      untrustedArgv({ bwrap, store: join(storeRoot, "nix", "store"), binds: options.confinedBinds ?? [] }, argv, places),
    hostPath: (storePath) => (storePath === "/nix" || storePath.startsWith("/nix/") ? join(storeRoot, storePath) : storePath),
  };
}

const shown = (path: string): Bind => ({ source: path, target: path, writable: false });

/** What is seen below /host in a build is seen there by children too; the rest (/bin/sh, /lib64) gets a place of its own. */
function sandboxBind(host: Host, place: string, index: number): { readonly bind: Bind; readonly setting: string } {
  const target = place.startsWith("/host/") ? place : `/crq/sandbox/${index}`;
  const bind = { source: host.sandboxPaths[place] ?? place, target, writable: false };
  return { bind, setting: `${place}=${target}` };
}

/** Why this machine cannot run anything in a namespace, with the next move; undefined where it can. Tried for real (some 10 ms). */
export async function namespaceProblem(host: Host): Promise<string | undefined> {
  const without =
    process.platform === "linux" ? undefined : "namespaces exist on Linux only; next: run this on Linux, or in a Linux container";
  if (without !== undefined) return without;
  if (host.bwrap === undefined) {
    return "bubblewrap is missing; next: install it (`apt install bubblewrap`, `dnf install bubblewrap`, `nix profile install nixpkgs#bubblewrap`)";
  }
  if (host.mount === undefined || host.shell === undefined)
    return "`mount` or `sh` is missing on PATH; next: install util-linux and a shell";
  const tried = await execute({
    argv: [
      host.bwrap,
      "--unshare-user",
      "--unshare-pid",
      "--unshare-net",
      "--ro-bind",
      "/",
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--",
      "/bin/sh",
      "-c",
      ":",
    ],
    cwd: "/",
    env: {},
    timeoutMs: 20_000,
  });
  if (tried.exit === 0) return undefined;
  const why = tried.problem ?? tried.stderr.trim();
  // Where an engine covers parts of /proc, the kernel lets no namespace below mount one that would show them ("mount too revealing").
  if (why.includes("Can't mount proc")) {
    return (
      `bubblewrap cannot mount /proc here: ${why}; next: start the container with \`--security-opt unmask=ALL\` ` +
      "(podman) or `--security-opt systempaths=unconfined` (docker)"
    );
  }
  return (
    `bubblewrap cannot make a user namespace here: ${why}; next: allow them (\`sysctl kernel.unprivileged_userns_clone=1\`, on Ubuntu ` +
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, in a container `--security-opt seccomp=unconfined`)"
  );
}
