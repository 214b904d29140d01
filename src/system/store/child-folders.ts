import { lstat, mkdir, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../environment/host.ts";
import type { Bind, SystemFolder } from "../environment/namespace.ts";
import { errorCode } from "../error.ts";

/** The private folders that children of one session get in place of the person's own. */
export interface ChildFolders {
  readonly home: string;
  /** XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_DATA_HOME, XDG_STATE_HOME. */
  readonly xdg: Readonly<Record<"CONFIG" | "CACHE" | "DATA" | "STATE", string>>;
  readonly temporary: string;
  /** Links to git and the coreutils, and nothing else of this machine. */
  readonly programs: string;
  /** Holds nix.conf. */
  readonly configuration: string;
  /** Holds passwd and group with nobody's names in them. */
  readonly accounts: string;
}

/** https://www.gnu.org/software/coreutils/manual/ */
const COREUTILS =
  `[ b2sum base32 base64 basename basenc cat chgrp chmod chown cksum comm cp csplit cut date dd df dir dirname du echo env expand expr factor
  false fmt fold head id install join link ln ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pr printenv
  printf ptx pwd readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum
  sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink vdir wc whoami yes`.split(/\s+/);

const PROGRAM_FOLDERS = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];

/** Makes the folders below `session`; a second time, for the same session, changes nothing that a child has left there. */
export async function childFolders(session: string, host: Host): Promise<ChildFolders> {
  const at = (name: string): string => join(session, name);
  const folders: ChildFolders = {
    home: at("home"),
    xdg: { CONFIG: at("config"), CACHE: at("cache"), DATA: at("data"), STATE: at("state") },
    temporary: at("tmp"),
    programs: at("bin"),
    configuration: at("nix"),
    accounts: at("etc"),
  };
  const { xdg, ...plain } = folders;
  await Promise.all(
    [...Object.values(plain), ...Object.values(xdg)].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })),
  );
  await Promise.all([linkPrograms(folders.programs, host), writeAccounts(folders.accounts)]);
  return folders;
}

async function linkPrograms(folder: string, host: Host): Promise<void> {
  const there = await Promise.all(PROGRAM_FOLDERS.map(async (place) => [place, new Set(await names(place))] as const));
  const links = new Map<string, string>();
  for (const name of COREUTILS) {
    const place = there.find(([, programs]) => programs.has(name))?.[0];
    if (place !== undefined) links.set(name, join(place, name));
  }
  if (host.git !== undefined) links.set("git", host.git);
  const known = new Set(await names(folder));
  await Promise.all([...links].filter(([name]) => !known.has(name)).map(([name, target]) => link(target, join(folder, name))));
}

async function link(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function writeAccounts(folder: string): Promise<void> {
  await Promise.all([
    writeFile(join(folder, "passwd"), "root:x:0:0::/:/noshell\nuser:x:1000:100::/:/noshell\nnobody:x:65534:65534::/:/noshell\n"),
    writeFile(join(folder, "group"), "root:x:0:\nusers:x:100:\nnogroup:x:65534:\n"),
  ]);
}

/** The environment of every child: nothing inherited, no key, no user configuration (nix-field-notes.md, 4.5). */
export function childVariables(folders: ChildFolders, nixBin: string | undefined): Record<string, string> {
  return {
    PATH: [...(nixBin === undefined ? [] : [nixBin]), folders.programs].join(":"),
    HOME: folders.home,
    ...Object.fromEntries(Object.entries(folders.xdg).map(([name, folder]) => [`XDG_${name}_HOME`, folder])),
    TMPDIR: folders.temporary,
    NIX_CONF_DIR: folders.configuration,
    LANG: "C.UTF-8",
    TZ: "UTC",
    TERM: "dumb",
    NO_COLOR: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Writes nix.conf and gives its text; `include` names a file that is read first, where it exists. */
export async function writeNixConf(
  folders: ChildFolders,
  settings: Readonly<Record<string, string>>,
  include?: string,
): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`.trimEnd());
  if (include !== undefined) lines.unshift(`!include ${include}`);
  await writeFile(join(folders.configuration, "nix.conf"), `${lines.join("\n")}\n`);
}

const SYSTEM_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** The folders that this machine's programs need to start, as they are: merged-usr systems have links. */
export async function systemFolders(): Promise<SystemFolder[]> {
  const found = await Promise.all(
    SYSTEM_FOLDERS.map(async (path): Promise<SystemFolder[]> => {
      const facts = await lstat(path).catch(absent);
      if (!facts) return [];
      return facts.isSymbolicLink() ? [{ path, link: await readlink(path) }] : [{ path }];
    }),
  );
  return found.flat();
}

const ETC = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"];

/** The few files of /etc that programs need to start; passwd and group are the session's. */
export async function systemFiles(folders: ChildFolders, more: readonly string[] = []): Promise<Bind[]> {
  const found = await Promise.all(
    [...ETC, ...more].map(
      async (path): Promise<Bind[]> =>
        (await lstat(path).catch(absent)) ? [{ source: path, target: path, writable: false }] : [],
    ),
  );
  const account = (name: string): Bind => ({ source: join(folders.accounts, name), target: `/etc/${name}`, writable: false });
  return [...found.flat(), account("passwd"), account("group")];
}

function absent(error: unknown): undefined {
  if (errorCode(error) === "ENOENT") return undefined;
  throw error;
}
