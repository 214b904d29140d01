import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { type Host, missingNix } from "../system/environment/host.ts";
import { childFolders, childVariables, writeNixConf } from "../system/store/child-folders.ts";
import { namespaceProblem, privateStore } from "../system/store/private-store.ts";
import { LEAST_FREE_BYTES, prepareStoreRoot, removeStoreRoot, StoreRootError } from "../system/store/store-root.ts";
import { binaryCaches, withCaches } from "./binary-caches.ts";
import { loadContent, type WorldContent } from "./content/content.ts";
import { sha256 } from "./content/listing.ts";
import { WORLD_FILE } from "./content/manifest.ts";
import { GitService } from "./mirror/git-service.ts";
import { flakeRegistry } from "./mirror/github.ts";
import { type Mirror, startMirror } from "./mirror/mirror.ts";
import { routes } from "./mirror/routes.ts";
import { mirrorVariables } from "./mirror-variables.ts";
import { WorldError, type WorldProblem } from "./problem.ts";
import { createRecorder, type Recorder } from "./record/recorder.ts";
import type { Upstream } from "./record/upstream/internet.ts";
import { RECORD_LIMITS, type RecordLimits } from "./record/upstream/limits.ts";
import type { World } from "./world.ts";

export interface OpenWorldOptions {
  readonly host: Host;
  /** The program's own cache folder (`$XDG_CACHE_HOME/crq-agent`): store roots are kept below it. */
  readonly cacheRoot: string;
  /** Private folder of this session: homes, temporary files and nix.conf of its children. */
  readonly session: string;
  /** Instead of the shared one below `cacheRoot`: evals give each trial a store of its own. */
  readonly storeRoot?: string;
  /** Default false. */
  readonly allowImportFromDerivation?: boolean;
  /** Asks the internet for what the folder lacks, and stores the answers there; the store is then a new one, so that Nix asks for everything. */
  readonly record?: RecordFrom;
  /** Room that the store's file system must have. */
  readonly leastFreeBytes?: number;
}

export interface RecordFrom {
  readonly upstream: Upstream;
  /** ISO 8601. Told in the environment's label: no two recordings are taken for one. */
  readonly at: string;
  readonly limits?: RecordLimits;
}

/** Where children find what the mirror offers: free of blanks, and the same in every run, since it gets into derivations' environments. */
const MIRROR_PLACE = "/crq/mirror";
const AUTHORITY_FILE = "ca.pem";
const AUTHORITY = `${MIRROR_PLACE}/${AUTHORITY_FILE}`;
const REGISTRY_FILE = "flake-registry.json";

/**
 * Opens a world: checks its folder, prepares its store root and its mirror. The mirror's proxy itself starts with the first request.
 * @throws WorldError with every problem that was found, each with file, line and next move
 */
export async function openWorld(folder: string, options: OpenWorldOptions): Promise<OpenWorld> {
  const directory = resolve(folder);
  const { host } = options;
  const [{ content, problems }, namespaces] = await Promise.all([loadContent(directory), namespaceProblem(host)]);
  if (!content || problems.length > 0) throw new WorldError("content", problems);
  const lacking = [missingNix(host), namespaces]
    .filter((problem) => problem !== undefined)
    .map((problem) => hostProblem(directory, problem));
  const unmet = [...lacking, ...unmetNeeds(content, host)];
  if (!host.nix || unmet.length > 0) throw new WorldError("host", unmet);

  const toolchain = toolchainFingerprint(content, host);
  await mkdir(options.session, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(options.session, "mirror-"));
  const { record } = options;
  const usual = record
    ? join(scratch, "store")
    : join(options.cacheRoot, "worlds", rootName(content.hash, toolchain, host.nix.version));
  const storeRoot = options.storeRoot ?? usual;
  const service = host.git === undefined ? undefined : new GitService(join(scratch, "git"), host.git);
  const recorder = record && recorderOf(content, record, scratch, host.git, service);
  const starting = startMirror(withCaches(recorder?.respond ?? routes(content, service), content.files));
  const close = async (): Promise<void> => {
    await (await starting).close();
    if (record) await removeStoreRoot(join(scratch, "store"));
    await rm(scratch, { recursive: true, force: true });
  };
  const [folders] = await Promise.all([
    childFolders(options.session, host),
    prepareStoreRoot(storeRoot, host, options.leastFreeBytes ?? LEAST_FREE_BYTES),
  ]).catch(async (error: unknown) => {
    await close();
    throw asWorldError(error);
  });
  const mirror = await starting;
  const [store] = await Promise.all([
    privateStore({
      host,
      folders,
      storeRoot,
      sandboxPlaces: sandboxPlaces(content, host),
      binds: [{ source: join(scratch, "offered"), target: MIRROR_PLACE, writable: false }],
    }),
    offer(join(scratch, "offered"), content, mirror),
  ]);
  const caches = record ? [...new Set([PUBLIC_CACHE, ...binaryCaches(content.files)])] : binaryCaches(content.files);
  const nixConf = {
    ...OFFLINE_NIX,
    substituters: caches.join(" "),
    ...(record && { "flake-registry": REGISTRY_URL }),
    "allow-import-from-derivation": String(options.allowImportFromDerivation ?? false),
    "sandbox-paths": `${store.sandboxPaths} ${AUTHORITY}`.trim(),
  };
  await writeNixConf(folders, nixConf);
  const identity = record ? `recorded ${record.at}` : `sha256:${content.hash}`;
  return {
    name: content.manifest.name,
    mode: record ? "record" : "replay",
    directory,
    recorder,
    hash: content.hash,
    toolchain,
    provides: content.manifest.provides,
    announce: content.manifest.announce,
    environment: {
      kind: "world",
      mode: record ? "record" : "replay",
      label: `${content.manifest.name} ${identity} (toolchain sha256:${toolchain})`,
      variables: { ...childVariables(folders, host.nix.bin), TMPDIR: "/tmp", ...mirrorVariables(mirror.proxy, AUTHORITY) },
      nixBin: host.nix.bin,
      nixVersion: host.nix.version,
      missing: undefined,
      nixConf,
      wrap: store.wrap,
      confine: store.confine,
      hostPath: store.hostPath,
      misses: () => mirror.misses(),
      close,
    },
  };
}

/** A world that was opened; `recorder` where it is recorded into. */
export interface OpenWorld extends World {
  readonly recorder: Recorder | undefined;
}

function recorderOf(
  content: WorldContent,
  { upstream, limits }: RecordFrom,
  scratch: string,
  git: string | undefined,
  service: GitService | undefined,
): Recorder {
  if (git === undefined || !service) {
    throw new WorldError("host", [
      hostProblem(content.directory, "git is missing, and recordings keep repositories; next: install git"),
    ]);
  }
  const folder = join(scratch, "incoming");
  return createRecorder(content, { upstream, service, git, limits: limits ?? RECORD_LIMITS, scratch: folder });
}

/** Nix's own default (https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-substituters). */
const PUBLIC_CACHE = "https://cache.nixos.org";
const REGISTRY_URL = "https://channels.nixos.org/flake-registry.json";

/** evals.md, 4.2. */
const OFFLINE_NIX = {
  "experimental-features": "nix-command flakes",
  sandbox: "true",
  "sandbox-fallback": "false",
  // A user namespace with one user has no supplementary groups to drop, and Nix fails when it tries.
  "require-drop-supplementary-groups": "false",
  "build-users-group": "",
  builders: "",
  "accept-flake-config": "false",
  // Everything ends at the mirror on this machine, whose certificates take their time under load: of six runs at once five were told after
  // 5 seconds that the host could not be reached, and none with 30.
  "connect-timeout": "30",
  "download-attempts": "1",
  "flake-registry": `${MIRROR_PLACE}/${REGISTRY_FILE}`,
  // Who waits for another process's build looks again after so many seconds; five are the default.
  "build-poll-interval": "1",
  // Nix counts all processors of a machine, also those that this process may not use (seen with 2.26).
  cores: String(availableParallelism()),
};

function hostProblem(file: string, problem: string): WorldProblem {
  const [message = problem, next = "see the message"] = problem.split("; next: ");
  return { file, message: `this world cannot be served here: ${message}`, next };
}

function unmetNeeds({ directory, manifest }: WorldContent, host: Host): WorldProblem[] {
  const file = join(directory, WORLD_FILE);
  const next = "run `sh scripts/setup.sh` in a clone: it unpacks what offline worlds build with";
  const named = manifest.host.sandbox_paths.filter((place) => !picomatch.scan(place).isGlob);
  const places = named.filter((place) => host.sandboxPaths[place] === undefined);
  const tools = manifest.host.tools.filter((tool) => (host.toolchain[tool] ?? host.libraries[tool]) === undefined);
  const lacking = [...places.map((place) => `what is to be seen at ${place}`), ...tools];
  // One thing mends them all.
  return lacking.length === 0
    ? []
    : [{ file, message: `this machine lacks what the world builds with: ${lacking.join(", ")}`, next }];
}

/** The loader's place differs by processor (/lib64, /lib/ld-linux-aarch64.so.1), so a world names places by globs: one that matches nothing is fine. */
function matchingPlaces(glob: string, host: Host): string[] {
  const matches = picomatch(glob);
  return Object.keys(host.sandboxPaths).filter((place) => matches(place));
}

const sandboxPlaces = ({ manifest }: WorldContent, host: Host): string[] => [
  ...new Set(manifest.host.sandbox_paths.flatMap((glob) => matchingPlaces(glob, host))),
];

/** What the outputs of a world depend on besides its files: the versions of its tools and, where builds see any of it, the whole prefix. */
/** sha256 over the versions of what this machine lends the world: results of unlike ones are not compared. Hex. */
export function toolchainFingerprint({ manifest }: WorldContent, host: Host): string {
  const tools = [...manifest.host.tools].sort().map((tool) => `${tool} ${host.toolchain[tool] ?? host.libraries[tool]}\n`);
  const prefix = manifest.host.sandbox_paths.length > 0 ? (host.fingerprint ?? "") : "";
  return sha256([host.system, ...tools, prefix].join("\n"));
}

const rootName = (hash: string, toolchain: string, nixVersion: string): string =>
  `${hash.slice(0, 12)}-${toolchain.slice(0, 12)}-${nixVersion}`;

function asWorldError(error: unknown): unknown {
  if (!(error instanceof StoreRootError)) return error;
  return new WorldError(error.kind, [{ file: error.directory, message: error.message, next: error.next }]);
}

async function offer(folder: string, content: WorldContent, mirror: Mirror): Promise<void> {
  await mkdir(folder, { recursive: true });
  const recorded = content.files.get(REGISTRY_URL.slice("https://".length));
  await Promise.all([
    writeFile(join(folder, AUTHORITY_FILE), mirror.authority),
    recorded === undefined
      ? writeFile(join(folder, REGISTRY_FILE), JSON.stringify(flakeRegistry(content.repositories)))
      : copyFile(recorded, join(folder, REGISTRY_FILE)),
  ]);
}
