import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { type Host, missingNix } from "../system/host.ts";
import { childFolders, childVariables, writeNixConf } from "../system/store/child-folders.ts";
import { namespaceProblem, privateStore } from "../system/store/private-store.ts";
import { LEAST_FREE_BYTES, prepareStoreRoot, StoreRootError } from "../system/store/store-root.ts";
import { loadContent, type WorldContent } from "./content/content.ts";
import { sha256 } from "./content/listing.ts";
import { WORLD_FILE } from "./content/manifest.ts";
import { GitService } from "./mirror/git-service.ts";
import { flakeRegistry } from "./mirror/github.ts";
import { type Mirror, startMirror } from "./mirror/mirror.ts";
import { routes } from "./mirror/routes.ts";
import { WorldError, type WorldProblem } from "./problem.ts";
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
  /** Room that the store's file system must have. */
  readonly leastFreeBytes?: number;
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
export async function openWorld(folder: string, options: OpenWorldOptions): Promise<World> {
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
  const storeRoot = options.storeRoot ?? join(options.cacheRoot, "worlds", rootName(content.hash, toolchain, host.nix.version));
  await mkdir(options.session, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(options.session, "mirror-"));
  const git = host.git === undefined ? undefined : new GitService(join(scratch, "git"), host.git);
  const starting = startMirror(routes(content, git));
  const close = async (): Promise<void> => {
    await (await starting).close();
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
  const nixConf = {
    ...OFFLINE_NIX,
    "allow-import-from-derivation": String(options.allowImportFromDerivation ?? false),
    "sandbox-paths": `${store.sandboxPaths} ${AUTHORITY}`.trim(),
  };
  await writeNixConf(folders, nixConf);
  return {
    name: content.manifest.name,
    directory,
    hash: content.hash,
    toolchain,
    provides: content.manifest.provides,
    announce: content.manifest.announce,
    environment: {
      kind: "world",
      label: `${content.manifest.name} sha256:${content.hash} (toolchain sha256:${toolchain})`,
      variables: { ...childVariables(folders, host.nix.bin), TMPDIR: "/tmp", ...mirrorVariables(mirror) },
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

/** evals.md, 4.2. */
const OFFLINE_NIX = {
  "experimental-features": "nix-command flakes",
  sandbox: "true",
  "sandbox-fallback": "false",
  // A user namespace with one user has no supplementary groups to drop, and Nix fails when it tries.
  "require-drop-supplementary-groups": "false",
  "build-users-group": "",
  substituters: "",
  builders: "",
  "accept-flake-config": "false",
  // Everything ends at the mirror on this machine, whose certificates take their time under load: of six runs at once five were told after
  // 5 seconds that the host could not be reached, and none with 30.
  "connect-timeout": "30",
  "download-attempts": "1",
  "flake-registry": `${MIRROR_PLACE}/${REGISTRY_FILE}`,
  // Who waits for another process's build looks again after so many seconds; five are the default.
  "build-poll-interval": "1",
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
  return [...places.map((place) => `nothing is there to be seen at ${place}`), ...tools.map((tool) => `${tool} is missing`)].map(
    (what) => ({
      file,
      message: `this machine lacks what the world builds with: ${what}`,
      next,
    }),
  );
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
  await Promise.all([
    writeFile(join(folder, AUTHORITY_FILE), mirror.authority),
    writeFile(join(folder, REGISTRY_FILE), JSON.stringify(flakeRegistry(content.repositories))),
  ]);
}

function mirrorVariables(mirror: Mirror): Record<string, string> {
  return {
    http_proxy: mirror.proxy,
    https_proxy: mirror.proxy,
    NIX_SSL_CERT_FILE: AUTHORITY,
    SSL_CERT_FILE: AUTHORITY,
    GIT_SSL_CAINFO: AUTHORITY,
    CURL_CA_BUNDLE: AUTHORITY,
    CARGO_HTTP_CAINFO: AUTHORITY,
  };
}
