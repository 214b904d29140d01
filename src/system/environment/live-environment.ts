import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type ChildFolders, childFolders, childVariables, writeNixConf } from "../store/child-folders.ts";
import { namespaceProblem, privateStore } from "../store/private-store.ts";
import { LEAST_FREE_BYTES, prepareStoreRoot, StoreRootError } from "../store/store-root.ts";
import type { ExecutionEnvironment } from "./execution-environment.ts";
import { type Host, type HostNix, missingNix } from "./host.ts";
import { type Bind, untrustedArgv } from "./namespace.ts";
import { certificateFile, exists, type Person, personVariables } from "./person-network.ts";

export interface LiveOptions {
  readonly host: Host;
  /** The program's own cache folder: a private Nix keeps its store below it. */
  readonly cacheRoot: string;
  /** Private folder of this session. */
  readonly session: string;
  /** The person's environment; only proxies and the certificate file are taken from it. */
  readonly person: Person;
  /** Default false. */
  readonly allowImportFromDerivation?: boolean;
}

/**
 * The machine itself, with the person's own network: its own Nix and store where that is new enough, else the private Nix of a clone's set-up
 * over a store below the cache. What is missing is said in `missing`; nothing is thrown for it.
 */
export async function openLiveEnvironment(options: LiveOptions): Promise<ExecutionEnvironment> {
  const { host, session } = options;
  const folders = await childFolders(session, host);
  const nix = host.systemNix ?? host.nix;
  const missing = missingNix(host, nix);
  if (!nix || missing !== undefined) return withoutNix(folders, options, missing);
  return nix.private ? overPrivateStore(folders, nix, options) : overMachineStore(folders, nix, options);
}

const SAFE_NIX = {
  "experimental-features": "nix-command flakes",
  "accept-flake-config": "false",
};

/** A single-user Nix decides on its sandbox itself; with a daemon these belong to the daemon, and Nix warns at each call. */
const SANDBOXED = { sandbox: "true", "sandbox-fallback": "false" };

const DAEMON_SOCKET = "/nix/var/nix/daemon-socket/socket";

async function overMachineStore(folders: ChildFolders, nix: HostNix, options: LiveOptions): Promise<ExecutionEnvironment> {
  const { host } = options;
  const [byDaemon, certificate, unconfined] = await Promise.all([
    exists(DAEMON_SOCKET),
    certificateFile(options.person),
    namespaceProblem(host),
  ]);
  const nixConf: Record<string, string> = {
    ...SAFE_NIX,
    ...(byDaemon ? {} : SANDBOXED),
    "allow-import-from-derivation": String(options.allowImportFromDerivation ?? false),
  };
  // The machine's own settings (substituters, keys, builders) stay in force; ours are read after them.
  await writeNixConf(folders, nixConf, "/etc/nix/nix.conf");
  return {
    kind: "live",
    mode: "live",
    label: "live",
    variables: { ...childVariables(folders, nix.bin), ...personVariables(options.person, certificate) },
    nixBin: nix.bin,
    nixVersion: nix.version,
    missing: undefined,
    nixConf,
    wrap: (argv) => argv,
    confine: (argv, places) => {
      if (host.bwrap === undefined || unconfined !== undefined) return unconfined ?? "bubblewrap is missing";
      return untrustedArgv({ bwrap: host.bwrap, store: "/nix/store", binds: staticShell(host) }, argv, places);
    },
    hostPath: (storePath) => storePath,
    misses: () => [],
    close: async () => {},
  };
}

async function overPrivateStore(folders: ChildFolders, nix: HostNix, options: LiveOptions): Promise<ExecutionEnvironment> {
  const { host } = options;
  const storeRoot = join(options.cacheRoot, "live", nix.version);
  const [problem, certificate] = await Promise.all([namespaceProblem(host), certificateFile(options.person)]);
  if (problem !== undefined) return withoutNix(folders, options, `the private Nix ${nix.version} needs a namespace: ${problem}`);
  try {
    await prepareStoreRoot(storeRoot, host, LEAST_FREE_BYTES);
  } catch (error) {
    if (!(error instanceof StoreRootError)) throw error;
    return withoutNix(folders, options, `${error.message}; next: ${error.next}`);
  }
  const store = await privateStore({
    host,
    folders,
    storeRoot,
    sandboxPlaces: Object.keys(host.sandboxPaths).filter((place) => place === "/bin/sh"),
    binds: certificate === undefined ? [] : [{ source: await realpath(certificate), target: CERTIFICATE_PLACE, writable: false }],
    etc: ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services", "/etc/protocols"],
    confinedBinds: staticShell(host),
  });
  const nixConf = {
    ...SAFE_NIX,
    ...SANDBOXED,
    // A user namespace with one user has no supplementary groups to drop, and Nix fails when it tries.
    "require-drop-supplementary-groups": "false",
    "build-users-group": "",
    "allow-import-from-derivation": String(options.allowImportFromDerivation ?? false),
    "sandbox-paths": store.sandboxPaths,
    ...(certificate !== undefined && { "ssl-cert-file": CERTIFICATE_PLACE }),
  };
  await writeNixConf(folders, nixConf);
  return {
    kind: "live",
    mode: "live",
    label: "live",
    variables: {
      ...childVariables(folders, nix.bin),
      TMPDIR: "/tmp",
      ...personVariables(options.person, certificate === undefined ? undefined : CERTIFICATE_PLACE),
    },
    nixBin: nix.bin,
    nixVersion: nix.version,
    missing: undefined,
    nixConf,
    wrap: store.wrap,
    confine: store.confine,
    hostPath: store.hostPath,
    misses: () => [],
    close: async () => {},
  };
}

/** Git still runs, and whoever asks for Nix is told why it is not there. */
async function withoutNix(
  folders: ChildFolders,
  options: LiveOptions,
  missing: string | undefined,
): Promise<ExecutionEnvironment> {
  const certificate = await certificateFile(options.person);
  const why = missing ?? "Nix is missing";
  return {
    kind: "live",
    mode: "live",
    label: "live",
    variables: { ...childVariables(folders, undefined), ...personVariables(options.person, certificate) },
    nixBin: undefined,
    nixVersion: (options.host.systemNix ?? options.host.nix)?.version,
    missing: why,
    nixConf: {},
    wrap: (argv) => argv,
    confine: () => why,
    hostPath: (storePath) => storePath,
    misses: () => [],
    close: async () => {},
  };
}

/** `system(3)` and shebangs want /bin/sh; only one without libraries can be shown where there are none. */
const staticShell = (host: Host): Bind[] => {
  const shell = host.sandboxPaths["/bin/sh"];
  return shell === undefined ? [] : [{ source: shell, target: "/bin/sh", writable: false }];
};

/** Free of blanks, and the same on every machine. */
const CERTIFICATE_PLACE = "/crq/certificates.crt";
