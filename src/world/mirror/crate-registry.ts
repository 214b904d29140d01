import { CrateError, type CratePackage, cratePackage } from "../content/crate-package.ts";
import type { CrateSource } from "../content/crate-sources.ts";
import { type Answer, bytes, json, text } from "./answer.ts";

/** Crates and their sparse index, known by the shape of the path: no registry's name is needed. */
export class CrateRegistry {
  readonly #crates: ReadonlyMap<string, readonly CrateSource[]>;
  readonly #indexHosts: readonly string[] | undefined;
  readonly #packages = new Map<CrateSource, Promise<CratePackage>>();

  constructor(crates: ReadonlyMap<string, readonly CrateSource[]>, indexHosts: readonly string[] | undefined) {
    this.#crates = crates;
    this.#indexHosts = indexHosts;
  }

  /** undefined for a path that has no such shape, or names a crate that is not there. */
  async answer(host: string, path: string): Promise<Answer | undefined> {
    try {
      return (await this.#download(path)) ?? (await this.#index(host, path));
    } catch (error) {
      if (error instanceof CrateError) return text(`${error.message}\n`, 500);
      throw error;
    }
  }

  async #download(path: string): Promise<Answer | undefined> {
    const [name, version] = downloadOf(path) ?? [];
    const crate = this.#crates.get((name ?? "").toLowerCase())?.find((source) => source.version === version);
    return crate && bytes((await this.#package(crate)).bytes, "application/gzip");
  }

  async #index(host: string, path: string): Promise<Answer | undefined> {
    if (this.#indexHosts && !this.#indexHosts.includes(host)) return undefined;
    if (path === "/config.json") return json({ dl: `https://${host}/api/v1/crates`, api: null });
    const name = path.slice(path.lastIndexOf("/") + 1);
    const versions = this.#crates.get(name);
    if (!versions || !path.endsWith(`/${indexPath(name)}`)) return undefined;
    const packages = await Promise.all(versions.map((version) => this.#package(version)));
    return text(packages.map(({ indexLine }) => `${JSON.stringify(indexLine)}\n`).join(""));
  }

  #package(crate: CrateSource): Promise<CratePackage> {
    const packed = this.#packages.get(crate) ?? cratePackage(crate);
    this.#packages.set(crate, packed);
    return packed;
  }
}

/** Name and version that a download's path asks for: `…/crates/N/V/download` or `…/crates/N/N-V.crate`. */
function downloadOf(path: string): readonly [string, string] | undefined {
  const [, name, version] = /\/crates\/([^/]+)\/([^/]+)\/download$/.exec(path) ?? [];
  if (name !== undefined && version !== undefined) return [name, version];
  const [, folder, file] = /\/crates\/([^/]+)\/([^/]+)\.crate$/.exec(path) ?? [];
  if (folder === undefined || !file?.startsWith(`${folder}-`)) return undefined;
  return [folder, file.slice(folder.length + 1)];
}

/** https://doc.rust-lang.org/cargo/reference/registry-index.html#index-files */
export function indexPath(name: string): string {
  if (name.length <= 2) return `${name.length}/${name}`;
  if (name.length === 3) return `3/${name.slice(0, 1)}/${name}`;
  return `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
}
