import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Nix } from "../../src/nix/nix.ts";
import { createNix } from "../../src/nix/run.ts";
import type { ExecutionEnvironment } from "../../src/system/environment/execution-environment.ts";
import { git } from "../../src/system/git.ts";

/**
 * Real Nix for tests: the private prefix's Nix in a namespace with a store of its own and no network. Builders see a static shell and
 * nothing else, so flakes here need no inputs. What the project itself uses is the world; this is the smallest thing that runs.
 */

const hostSchema = z.object({
  nix: z.object({ bin: z.string(), version: z.string() }),
  bwrap: z.string(),
  mount: z.string(),
  shell: z.string(),
  sandboxPaths: z.record(z.string(), z.string()),
});

const prefix = hostSchema.parse(JSON.parse(readFileSync(new URL("../../.prefix/host.json", import.meta.url), "utf8")));
/** Clones may share one prefix by a link, on which nothing can be mounted. */
const host = { ...prefix, nix: { ...prefix.nix, bin: realpathSync(prefix.nix.bin) } };

/** CRQ_TEST_NIX names the folder of another Nix, to try these tests with a newer version. */
const nixBin = process.env.CRQ_TEST_NIX ?? host.nix.bin;

/** Where the namespace shows the static shell. */
const SHELL = "/crq/shell";

/** A folder for one test file: store, session folder and the flakes of its tests. */
export class NixPlace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "crq nix-")));
  readonly environment: ExecutionEnvironment;
  readonly nix: Nix;

  constructor(conf: Readonly<Record<string, string>> = {}) {
    for (const name of ["nix", "session", "flakes"]) mkdirSync(join(this.root, name));
    const registry = join(this.root, "registry.json");
    writeFileSync(registry, '{"flakes":[],"version":2}');
    this.environment = namespace(this.root, {
      sandbox: "true",
      "sandbox-fallback": "false",
      "require-drop-supplementary-groups": "false",
      "build-users-group": "",
      substituters: "",
      "flake-registry": registry,
      // A second name of the same shell: `nix develop` wants a builder that is called bash. Nix splits the list at blanks, which a clone's
      // path may hold.
      "sandbox-paths": `/bin/sh=${SHELL} /bin/bash=${SHELL}`,
      ...conf,
    });
    // Two processes that make one store's folders at the same time trip over each other; a store in use has them already.
    const [file = "", ...args] = this.environment.wrap([join(nixBin, "nix-store"), "--init"], { cwd: this.root, writable: [] });
    const made = spawnSync(file, args, { cwd: this.root, env: { ...this.environment.variables }, encoding: "utf8" });
    if (made.status !== 0) throw new Error(`nix-store --init: ${made.stderr}`);
    this.nix = this.newNix();
  }

  newNix(ownNames: readonly string[] = []): Nix {
    return createNix({ environment: this.environment, folder: join(this.root, "session"), ownNames: () => ownNames });
  }

  /** A git worktree with these files, all tracked. */
  async flake(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const directory = join(this.root, "flakes", name);
    mkdirSync(directory, { recursive: true });
    await git(["init", "--quiet", "--initial-branch=main", "."], { cwd: directory });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    await git(["add", "--all"], { cwd: directory });
    return directory;
  }

  close(): void {
    // Store paths are read-only, their folders too.
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A derivation that a static shell builds, as Nix text. */
export const derivation = (name: string, script: string, more = ""): string =>
  `(derivation { name = "${name}"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ${JSON.stringify(script)} ]; ${more} })`;

function namespace(root: string, nixConf: Readonly<Record<string, string>>): ExecutionEnvironment {
  const outer = readdirSync("/").filter((entry) => !["nix", "proc", "dev", "tmp"].includes(entry));
  const system = outer.flatMap((entry) =>
    lstatSync(`/${entry}`).isSymbolicLink()
      ? ["--symlink", readlinkSync(`/${entry}`), `/${entry}`]
      : ["--ro-bind", `/${entry}`, `/${entry}`],
  );
  const user = process.getuid?.() === 0 ? [] : ["--unshare-user", "--uid", "0", "--gid", "0"];
  return {
    kind: "world",
    mode: "replay",
    label: "test",
    variables: { PATH: `${nixBin}:/usr/bin:/bin` },
    nixBin,
    nixVersion: host.nix.version,
    missing: undefined,
    nixConf,
    wrap: (argv, places) => [
      host.bwrap,
      ...[
        "--tmpfs",
        "/",
        ...system,
        "--bind",
        join(root, "nix"),
        "/nix",
        "--dev-bind",
        "/dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/tmp",
      ],
      // The clone itself may lie below /tmp.
      ...[dirname(host.nix.bin), nixBin].flatMap((folder) => ["--ro-bind", dirname(folder), dirname(folder)]),
      ...["--ro-bind", host.sandboxPaths["/bin/sh"] ?? host.shell, SHELL],
      ...["--ro-bind", root, root],
      // The root is no place: bound last, it would cover all the others.
      ...[...places.writable, places.cwd].filter((folder) => folder !== "/").flatMap((folder) => ["--bind", folder, folder]),
      ...user,
      ...[
        "--cap-add",
        "ALL",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-net",
        "--die-with-parent",
        "--new-session",
        "--chdir",
        places.cwd,
      ],
      ...["--", host.shell, "-c", '"$0" -t proc proc /proc && exec "$@"', host.mount, ...argv],
    ],
    confine: () => "not in this test environment",
    hostPath: (path) => join(root, path),
    misses: () => [],
    close: async () => {},
  };
}
