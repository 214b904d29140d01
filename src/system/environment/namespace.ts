import type { Places } from "./execution-environment.ts";

/** Arguments of bubblewrap, computed and nothing else: what a child sees is decided here. */

export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

/** A top-level entry of the machine that programs need: a folder, or a link such as /bin -> usr/bin. */
export type SystemFolder = { readonly path: string; readonly link?: string };

export interface TrustedNamespace {
  readonly bwrap: string;
  readonly shell: string;
  readonly mount: string;
  readonly system: readonly SystemFolder[];
  /** Bound in this order before the places; a later one may lie inside an earlier one. */
  readonly binds: readonly Bind[];
  /** Folder of this machine seen as /tmp: on disk, since builds may fill it. */
  readonly temporary: string;
}

/** What every sandbox shares: gone with its parent, no terminal of ours, own processes. */
const ISOLATED = ["--die-with-parent", "--new-session", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"];

/**
 * bubblewrap hides /proc/irq and /proc/bus where it may write them, and the kernel then refuses the /proc of Nix's own sandbox, a nested
 * user namespace ("does not support the kernel namespaces that are required for sandboxing"). A fresh /proc on top is fully visible again.
 * The capabilities that mount it would also let a child make the read-only folders writable: a second bubblewrap, which does nothing else,
 * takes them away in a user namespace of its own, where every mount is locked. Nix then is an ordinary user's: it does not count on a
 * root that may write read-only folders.
 */
const REMOUNT_PROC = `"$0" -t proc proc /proc && exec "$@"`;
const ORDINARY = ["--unshare-user", "--uid", "1000", "--gid", "100", "--dev-bind", "/", "/", "--unsetenv", "SHLVL"];

/**
 * Runs Nix, git or cargo: the machine's network, its system folders read-only, no home but the session's, no capability. What the caller owns
 * is the child's own; it has no more rights than the caller.
 * @param readable folders that are shown read-only besides the working folder
 */
export function trustedArgv(
  namespace: TrustedNamespace,
  argv: readonly string[],
  places: Places,
  readable: readonly string[],
): readonly string[] {
  const { bwrap, shell, mount, temporary } = namespace;
  return [
    bwrap,
    ...ISOLATED,
    ...["--uid", "0", "--gid", "0", "--cap-add", "ALL", "--hostname", "localhost"],
    ...namespace.system.flatMap(systemFolder),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...["--bind", temporary, "/tmp"],
    ...namespace.binds.flatMap(bind),
    ...[...readable, places.cwd].flatMap((path) => place("--ro-bind", path)),
    ...places.writable.flatMap((path) => place("--bind", path)),
    ...["--", shell, "-c", REMOUNT_PROC, mount],
    ...[bwrap, ...ORDINARY, "--chdir", places.cwd, "--", ...argv],
  ];
}

export interface EnclosedNamespace extends TrustedNamespace {
  /** The whole environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of writable memory that each process may have, in KiB (RLIMIT_DATA, the soft one: it bounds a process, not the sum of them, and Nix gets bounds of its own). */
  readonly memoryKib: number;
  readonly cwd: string;
}

/**
 * Runs a program of ours that opens namespaces itself, with all that it starts, where nothing of this machine is but what is named: a network
 * of loopback alone, an environment of its own. It is gone with its first process.
 */
export function enclosedArgv(namespace: EnclosedNamespace, argv: readonly string[]): readonly string[] {
  const { bwrap, shell, mount, temporary, variables, memoryKib, cwd } = namespace;
  return [
    bwrap,
    ...ISOLATED,
    ...["--unshare-net", "--unshare-cgroup-try", "--uid", "0", "--gid", "0", "--cap-add", "ALL", "--hostname", "localhost"],
    "--clearenv",
    ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
    ...namespace.system.flatMap(systemFolder),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...["--bind", temporary, "/tmp"],
    ...namespace.binds.flatMap(bind),
    ...["--", shell, "-c", `ulimit -S -d ${memoryKib} && ${REMOUNT_PROC}`, mount],
    ...[bwrap, ...ORDINARY, "--chdir", cwd, "--", ...argv],
  ];
}

export interface UntrustedNamespace {
  readonly bwrap: string;
  /** Folder of this machine seen as /nix/store, read-only; undefined where there is no store. */
  readonly store: string | undefined;
  /** More that is shown, read-only whatever it says. */
  readonly binds: readonly Bind[];
}

/** What an untrusted program finds in its environment; nothing of ours. */
const UNTRUSTED_VARIABLES = { HOME: "/homeless", TMPDIR: "/tmp", LANG: "C.UTF-8", TZ: "UTC", TERM: "dumb", NO_COLOR: "1" };

/**
 * Runs a program that a change built: no network, no home, no system folders, nobody's user, the store read-only, no further user
 * namespaces. Writes last in /tmp, which is gone with the program, and in the places that are named.
 */
export function untrustedArgv(namespace: UntrustedNamespace, argv: readonly string[], places: Places): readonly string[] {
  return [
    namespace.bwrap,
    ...ISOLATED,
    ...[
      "--unshare-net",
      "--unshare-cgroup-try",
      "--disable-userns",
      "--uid",
      "65534",
      "--gid",
      "65534",
      "--hostname",
      "localhost",
    ],
    "--clearenv",
    ...Object.entries({ ...UNTRUSTED_VARIABLES, ...places.variables }).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    ...(namespace.store === undefined ? [] : ["--ro-bind", namespace.store, "/nix/store"]),
    ...namespace.binds.flatMap((entry) => bind({ ...entry, writable: false })),
    ...place("--ro-bind", places.cwd),
    ...places.writable.flatMap((path) => place("--bind", path)),
    ...["--remount-ro", "/", "--chdir", places.cwd, "--", ...argv],
  ];
}

const systemFolder = ({ path, link }: SystemFolder): string[] =>
  link === undefined ? ["--ro-bind", path, path] : ["--symlink", link, path];

const bind = ({ source, target, writable }: Bind): string[] => [writable ? "--bind" : "--ro-bind", source, target];

/** The whole machine is never a place. */
const place = (option: string, path: string): string[] => (path === "/" ? [] : [option, path, path]);
