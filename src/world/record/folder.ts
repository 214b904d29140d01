import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../system/error.ts";
import type { WorldContent } from "../content/content.ts";
import type { CrateSource } from "../content/crate-sources.ts";
import type { GitSource } from "../content/git-sources.ts";
import { sha256 } from "../content/listing.ts";
import { REFS_FILE } from "../content/manifest.ts";
import type { Repository } from "../content/repositories.ts";
import { refsText } from "./refs-text.ts";

/**
 * A world's folder that grows: whatever is stored is in the index at once, so that it is answered as it will be later. Nothing that is there
 * is ever replaced.
 */
export class GrowingFolder {
  readonly content: WorldContent;
  /** Relative paths, in the order they were stored. */
  readonly stored: string[] = [];
  readonly #repositories: Map<string, Repository>;
  readonly #crates: Map<string, readonly CrateSource[]>;
  readonly #git: Map<string, GitSource>;
  readonly #files: Map<string, string>;

  constructor(content: WorldContent) {
    this.#repositories = new Map(content.repositories);
    this.#crates = new Map(content.crates);
    this.#git = new Map(content.git);
    this.#files = new Map(content.files);
    this.content = {
      ...content,
      repositories: this.#repositories,
      crates: this.#crates,
      git: this.#git,
      files: this.#files,
      // An index made from the crates that are here already would hide all others from cargo: the registry itself is asked.
      manifest: { ...content.manifest, "index-hosts": [] },
    };
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.#repositories.get(`${owner}/${name}`.toLowerCase());
  }

  /** Why a path below `files/` cannot be taken beside those that are there. */
  conflict(path: string): string | undefined {
    const parts = path.split("/");
    const above = parts.map((_, index) => parts.slice(0, index).join("/")).find((folder) => this.#files.has(folder));
    if (above !== undefined) return `https://${above} is a file here, and cannot be a folder too`;
    const below = [...this.#files.keys()].find((file) => file.startsWith(`${path}/`));
    return below === undefined ? undefined : `https://${below} is here, so its folder cannot be a file`;
  }

  async addFile(path: string, from: string): Promise<void> {
    this.#files.set(path, await this.#bring(`files/${path}`, from));
  }

  async addCrate(crate: { readonly name: string; readonly version: string }, from: string, bytes: Buffer): Promise<void> {
    const archive = await this.#bring(`crates/${crate.name}-${crate.version}.crate`, from);
    const key = crate.name.toLowerCase();
    this.#crates.set(key, [...(this.#crates.get(key) ?? []), { ...crate, source: { archive, sha256: sha256(bytes) } }]);
  }

  async addBundle(key: string, from: string): Promise<void> {
    this.#git.set(key, { kind: "bundle", file: await this.#bring(`git/${key}.bundle`, from) });
  }

  /** Brings the archive first, so that no ref ever names a tree that is not there. */
  async addArchive(owner: string, name: string, revision: string, from: string): Promise<void> {
    const known = this.repository(owner, name) ?? newRepository(owner, name);
    const archive = await this.#bring(`${folderOf(known)}/${revision}.tar.gz`, from);
    await this.#keep({ ...known, trees: new Map(known.trees).set(revision, { source: { archive }, lastModified: 1 }) });
  }

  /** @param main given where the ref is the default one */
  async addRef(owner: string, name: string, ref: string, revision: string, main?: "default"): Promise<void> {
    const known = this.repository(owner, name) ?? newRepository(owner, name);
    const refs = new Map(known.refs);
    if (!refs.has(ref)) refs.set(ref, revision);
    await this.#keep({ ...known, refs, ...(main && { default: ref }) });
  }

  async #keep(repository: Repository): Promise<void> {
    await this.#write(`${folderOf(repository)}/${REFS_FILE}`, refsText(repository));
    this.#repositories.set(`${repository.owner}/${repository.name}`.toLowerCase(), repository);
  }

  async #write(path: string, text: string): Promise<void> {
    const file = join(this.content.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, text, { mode: 0o644 });
    await rename(`${file}.new`, file);
  }

  async #bring(path: string, from: string): Promise<string> {
    const file = join(this.content.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await move(from, file);
    this.stored.push(path);
    return file;
  }
}

const folderOf = ({ owner, name }: Repository): string => `github/${owner}/${name}`;

const newRepository = (owner: string, name: string): Repository => ({
  owner,
  name,
  default: "",
  complete: false,
  recorded: true,
  refs: new Map(),
  trees: new Map(),
  isFork: false,
});

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") throw error;
    await copyFile(from, `${to}.new`);
    await rename(`${to}.new`, to);
    await rm(from);
  }
}
