import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Nix } from "../../../src/nix/nix.ts";
import { createNix } from "../../../src/nix/run.ts";
import type { ExecutionEnvironment, Places } from "../../../src/system/execution-environment.ts";

/** A real Nix with a private store bound at /nix, and real bubblewrap, from the prefix that the set-up made. No network, no package set. */

interface Host {
  readonly system: string;
  readonly nix: { readonly bin: string; readonly version: string };
  readonly bwrap: string;
  readonly mount: string;
  readonly shell: string;
  readonly sandboxPaths: Readonly<Record<string, string>>;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");

export const host: Host = JSON.parse(readFileSync(join(ROOT, ".prefix/host.json"), "utf8"));

export interface RealPlace {
  readonly environment: ExecutionEnvironment;
  readonly nix: Nix;
  /** Removed at the end, store and all. */
  readonly folder: string;
  remove(): void;
}

export function realPlace(): RealPlace {
  const folder = mkdtempSync(join(tmpdir(), "crq-criteria-"));
  const store = join(folder, "store");
  mkdirSync(join(store, "nix"), { recursive: true });
  const environment = realEnvironment(store);
  return {
    environment,
    nix: createNix({ environment, folder: join(folder, "nix-session") }),
    folder,
    remove: () => {
      execFileSync("chmod", ["-R", "u+w", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function realEnvironment(store: string): ExecutionEnvironment {
  // Settings of flakes count only where flakes are switched on before them.
  writeFileSync(join(store, "nix.conf"), "experimental-features = nix-command flakes\n");
  return {
    kind: "world",
    label: "test",
    variables: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", NIX_CONF_DIR: store },
    nixBin: host.nix.bin,
    nixVersion: host.nix.version,
    missing: undefined,
    nixConf: {
      sandbox: "true",
      "sandbox-fallback": "false",
      "require-drop-supplementary-groups": "false",
      "build-users-group": "",
      substituters: "",
      "flake-registry": "",
      "sandbox-paths": `/bin/sh=${host.sandboxPaths["/bin/sh"]}`,
    },
    wrap: (argv, places) => [...namespace(store, "--bind", places), "--", host.shell, "-c", MOUNT_PROC, host.mount, ...argv],
    confine: (argv, places) => [...namespace(store, "--ro-bind", places), "--unshare-net", "--", ...argv],
    hostPath: (path) => (path.startsWith("/nix/") ? join(store, path) : path),
    misses: () => [],
    close: async () => undefined,
  };
}

const MOUNT_PROC = '"$0" -t proc proc /proc && exec "$@"';

function namespace(store: string, bindStore: string, places: Places): string[] {
  const binds = readdirSync("/")
    .filter((name) => !["nix", "proc", "dev", "tmp"].includes(name))
    .flatMap((name) => {
      const path = `/${name}`;
      return lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
    });
  const privileges =
    process.getuid?.() === 0 ? ["--cap-add", "ALL"] : ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"];
  return [
    host.bwrap,
    ...["--tmpfs", "/"],
    ...binds,
    ...[bindStore, join(store, "nix"), "/nix"],
    ...["--dev-bind", "/dev", "/dev", "--proc", "/proc", bindStore, "/tmp", "/tmp"],
    ...places.writable.flatMap((path) => ["--bind", path, path]),
    ...privileges,
    ...["--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session", "--chdir", places.cwd],
  ];
}

/** Lays files out as a git repository of one commit and returns its folder and commit. */
export function repository(
  folder: string,
  files: Readonly<Record<string, string>>,
): { readonly directory: string; readonly base: string } {
  mkdirSync(folder, { recursive: true });
  lay(folder, files);
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "base");
  return { directory: folder, base: git("rev-parse", "HEAD").trim() };
}

/** Writes files and tells git about them without committing. */
export function change(folder: string, files: Readonly<Record<string, string>>): void {
  lay(folder, files);
  execFileSync("git", ["add", "--intent-to-add", "--", ...Object.keys(files)], { cwd: folder });
}

export function lay(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
