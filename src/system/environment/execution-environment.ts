/**
 * Where children run. The machine itself (live Nix, the user's own network) or an offline world (a private store root bound at /nix
 * in a namespace, every request answered by a mirror). Nix, git and cargo are always started through `wrap`; programs that a change
 * built always through `confine`.
 */

export interface Places {
  readonly cwd: string;
  /** Folders the child may write besides its private temporary folder. */
  readonly writable: readonly string[];
  /** For `confine`, which hands on nothing of our own environment: variables that the program is to find. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A request that an offline world had no answer for. */
export interface Miss {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** ISO time. */
  readonly at: string;
}

export interface ExecutionEnvironment {
  readonly kind: "live" | "world";
  /** `replay`: the world's folder alone answers. `record`: the internet was asked for what it lacked. Only replays can be compared. */
  readonly mode: "live" | "replay" | "record";
  /** For reports: `live`, `NAME sha256:… (toolchain sha256:…)`, or `NAME recorded TIME (toolchain sha256:…)`. */
  readonly label: string;
  /** The whole environment of a child: built from an allow-list, no key, no NIX_CONFIG, no GIT_*. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder that holds `nix`, `nix-store`, `nix-instantiate`; undefined where Nix cannot be had, `missing` says why and the next move. */
  readonly nixBin: string | undefined;
  readonly nixVersion: string | undefined;
  readonly missing: string | undefined;
  /** Lines of nix.conf that the environment needs (sandbox, substituters, sandbox-paths, flake-registry …). */
  readonly nixConf: Readonly<Record<string, string>>;
  /** argv that runs Nix, git or cargo in this environment, with network as the environment allows it. */
  wrap(argv: readonly string[], places: Places): readonly string[];
  /**
   * argv that runs an untrusted program: no network, no home, read-only store, own pid namespace. A string says why this machine cannot
   * do it (the verdict is then `unavailable`).
   */
  confine(argv: readonly string[], places: Places): readonly string[] | string;
  /** Where this process finds the file that Nix calls `/nix/store/…`. */
  hostPath(storePath: string): string;
  /** Requests the world could not answer, for the report; empty when live. */
  misses(): readonly Miss[];
  close(): Promise<void>;
}
