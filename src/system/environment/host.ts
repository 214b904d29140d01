import { access, constants, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCode, errorText } from "../error.ts";
import { execute } from "../process.ts";

/** What this machine has: the private prefix of a clone's set-up, or else the programs on PATH. */
export interface Host {
  /** As Nix says it: `x86_64-linux`. */
  readonly system: string;
  /** What offline worlds run on: the prefix's, else the machine's own. */
  readonly nix: HostNix | undefined;
  /** The machine's own Nix, with its own store, where it has one that is new enough or there is no prefix. */
  readonly systemNix: HostNix | undefined;
  readonly bwrap: string | undefined;
  readonly git: string | undefined;
  /** Started inside a namespace, to mount a fresh /proc. */
  readonly mount: string | undefined;
  readonly shell: string | undefined;
  /** Keeps a program to some of the processors. */
  readonly taskset: string | undefined;
  /** Place in Nix's sandbox to the folder or file of this machine that is seen there. */
  readonly sandboxPaths: Readonly<Record<string, string>>;
  /** Name to version of what an offline world builds with. */
  readonly toolchain: Readonly<Record<string, string>>;
  readonly libraries: Readonly<Record<string, string>>;
  /** `sha256:…` over the versions of all that is in the prefix. */
  readonly fingerprint: string | undefined;
  /** What is not as it should be, each with the next move. */
  readonly problems: readonly string[];
}

export interface HostNix {
  /** Folder of `nix`, `nix-store`, `nix-instantiate`. */
  readonly bin: string;
  readonly version: string;
  /** Unpacked by the set-up: it knows nothing of the machine's own store. */
  readonly private: boolean;
}

export interface HostSearch {
  /** Folder of the program's package.json; a clone's set-up leaves `.prefix/host.json` there. */
  readonly packageRoot: string;
  /** The person's PATH. */
  readonly path: string;
}

const hostSchema = z.object({
  schema: z.literal("crq-host/1"),
  system: z.string(),
  nix: z.object({ bin: z.string(), version: z.string(), private: z.boolean() }),
  systemNix: z.object({ bin: z.string(), version: z.string() }).nullable().default(null),
  bwrap: z.string().nullable(),
  mount: z.string().nullable().default(null),
  shell: z.string().nullable().default(null),
  git: z.string().nullable(),
  sandboxPaths: z.record(z.string(), z.string()),
  toolchain: z.record(z.string(), z.string()),
  libraries: z.record(z.string(), z.string()),
  fingerprint: z.string(),
});

/** Where Nix's installers and NixOS put their programs, besides PATH. */
const NIX_FOLDERS = ["/nix/var/nix/profiles/default/bin", "/run/current-system/sw/bin"];
const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin"];

/** Finds Nix and what runs it in a namespace. Never throws for what is missing: that is said in the answer. */
export async function findHost(search: HostSearch): Promise<Host> {
  const file = join(search.packageRoot, ".prefix", "host.json");
  const prefix = await readPrefix(file);
  const found = typeof prefix === "object" ? prefix : undefined;
  const problems = typeof prefix === "string" ? [prefix] : [];
  const folders = search.path.split(":").filter((folder) => folder.startsWith("/"));
  const first = (name: string, more: readonly string[]): Promise<string | undefined> => firstProgram(name, [...folders, ...more]);
  const [systemNix, bwrap, git, mount, shell, taskset] = await Promise.all([
    found ? found.systemNix && { ...found.systemNix, private: false } : nixAt(await first("nix", NIX_FOLDERS)),
    found?.bwrap ?? first("bwrap", SYSTEM_FOLDERS),
    found?.git ?? first("git", SYSTEM_FOLDERS),
    found?.mount ?? first("mount", SYSTEM_FOLDERS),
    found?.shell ?? first("sh", SYSTEM_FOLDERS),
    first("taskset", SYSTEM_FOLDERS),
  ]);
  return {
    system: found?.system ?? nixSystem(),
    nix: found?.nix ?? systemNix ?? undefined,
    systemNix: systemNix ?? undefined,
    bwrap,
    git,
    mount,
    shell,
    taskset,
    sandboxPaths: found?.sandboxPaths ?? {},
    toolchain: found?.toolchain ?? {},
    libraries: found?.libraries ?? {},
    fingerprint: found?.fingerprint,
    problems,
  };
}

type Prefix = z.infer<typeof hostSchema>;

/** A text says why a prefix that is there cannot be used. */
async function readPrefix(file: string): Promise<Prefix | string | undefined> {
  const next = "run `sh scripts/setup.sh` in the clone again";
  let prefix: Prefix;
  try {
    prefix = hostSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    const why = error instanceof z.ZodError ? z.prettifyError(error) : errorText(error);
    return `${file} cannot be used: ${why}; next: ${next}`;
  }
  if (await isProgram(join(prefix.nix.bin, "nix"))) return prefix;
  return `${file} names a Nix in ${prefix.nix.bin} that is not there; next: ${next}`;
}

async function nixAt(program: string | undefined): Promise<HostNix | undefined> {
  if (program === undefined) return undefined;
  const asked = await execute({ argv: [program, "--version"], cwd: "/", env: { HOME: "/nonexistent" }, timeoutMs: 20_000 });
  const version = nixVersionOf(asked.stdout);
  return version === undefined ? undefined : { bin: program.slice(0, -"/nix".length), version, private: false };
}

/** The number in `nix (Nix) 2.26.3`, `nix (Determinate Nix 3.5.2) 2.28.3`, `nix (Lix, like Nix) 2.91.0`. */
export function nixVersionOf(text: string): string | undefined {
  return /^nix \([^)]*\) (\d+\.\d+[\w.+-]*)/m.exec(text)?.[1];
}

/** The oldest Nix whose lock files, messages and options this program knows. */
export const OLDEST_NIX = "2.19";

export function isTooOld(version: string): boolean {
  const parts = (text: string): number[] => text.split(/[^\d]+/).map(Number);
  const [major = 0, minor = 0] = parts(version);
  const [oldestMajor = 0, oldestMinor = 0] = parts(OLDEST_NIX);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** Why this Nix cannot be used, with the next move; undefined where it can. */
export function missingNix(host: Host, nix: HostNix | undefined = host.nix): string | undefined {
  const install =
    "install it with `curl -L https://nixos.org/nix/install | sh` (https://nixos.org/download), or run `sh scripts/setup.sh` in a clone";
  if (!nix) return [...host.problems, `Nix is missing; next: ${install}`].join("\n");
  if (isTooOld(nix.version)) {
    return `Nix ${nix.version} in ${nix.bin} is too old, ${OLDEST_NIX} is needed; next: upgrade it (\`nix upgrade-nix\`), or ${install}`;
  }
  return undefined;
}

async function firstProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const program = join(folder, name);
    if (await isProgram(program)) return program;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch (error) {
    if (errorCode(error) !== undefined) return false;
    throw error;
  }
}

/** This machine as Nix says it, without asking Nix. */
export function nixSystem(): string {
  const architectures: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", ia32: "i686", riscv64: "riscv64" };
  return `${architectures[process.arch] ?? process.arch}-${process.platform}`;
}
