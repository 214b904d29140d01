import { readFile } from "node:fs/promises";
import { listingHash } from "../content/listing.ts";
import { packTree } from "../content/pack.ts";
import type { Repository, Tree } from "../content/repositories.ts";
import { type Answer, bytes, json } from "./answer.ts";

type Repositories = ReadonlyMap<string, Repository>;

/** Reads the public API's and the archive hosts' addresses; undefined for one of another shape. */
export class GitHub {
  readonly #repositories: Repositories;
  readonly #packed = new Map<string, Promise<Buffer>>();

  constructor(repositories: Repositories) {
    this.#repositories = repositories;
  }

  /** @param segments of the path, percent-decoded; a ref may hold slashes, in one segment or in several */
  answer(host: string, segments: readonly string[]): Promise<Answer> | undefined {
    const [first = "", second = "", third = "", fourth = "", ...rest] = segments;
    if (host === "api.github.com" && first === "repos") {
      const repository = this.#find(second, third);
      if (fourth === "commits" && rest.length > 0) return Promise.resolve(this.#commit(repository, rest.join("/")));
      if (fourth === "tarball" && rest.length > 0) return this.#archive(repository, rest.join("/"));
    }
    const afterThird = [fourth, ...rest].join("/");
    if (host === "codeload.github.com" && third === "tar.gz") return this.#archive(this.#find(first, second), afterThird);
    if (host === "github.com" && third === "archive" && afterThird.endsWith(".tar.gz")) {
      return this.#archive(this.#find(first, second), afterThird.slice(0, -".tar.gz".length));
    }
    return undefined;
  }

  #find(owner: string, name: string): Repository | undefined {
    return this.#repositories.get(`${owner}/${name}`.toLowerCase());
  }

  #commit(repository: Repository | undefined, ref: string): Answer {
    const revision = repository && revisionOf(repository, ref);
    if (repository && revision !== undefined) {
      const tree = repository.trees.get(revision);
      return json({ sha: revision, commit: { tree: { sha: tree ? treeId(tree, revision) : revision } } });
    }
    // The real service's answers, so that Nix says what it says outside.
    if (repository?.complete) return json({ message: `No commit found for SHA: ${ref}`, status: "422" }, 422);
    return json({ message: "Not Found", status: "404" }, 404);
  }

  async #archive(repository: Repository | undefined, ref: string): Promise<Answer> {
    const revision = repository && revisionOf(repository, ref);
    const tree = revision === undefined ? undefined : repository?.trees.get(revision);
    if (!repository || revision === undefined || !tree) return json({ message: "Not Found", status: "404" }, 404);
    return bytes(await this.#pack(repository, revision, tree), "application/x-gzip");
  }

  #pack(repository: Repository, revision: string, tree: Tree): Promise<Buffer> {
    const { source } = tree;
    if ("archive" in source) return readFile(source.archive);
    const top = `${repository.name}-${revision}`;
    const key = `${repository.owner}/${top}`;
    const packed = this.#packed.get(key) ?? packTree(source.directory, source.leaves, { top, mtime: tree.lastModified });
    this.#packed.set(key, packed);
    return packed;
  }
}

/** A ref's revision: by its name, by its full name (`refs/heads/…`, `refs/tags/…`), `HEAD`, or a revision that is there. */
function revisionOf(repository: Repository, ref: string): string | undefined {
  if (ref === "HEAD") return repository.refs.get(repository.default);
  const short = ref.replace(/^(refs\/)?(heads|tags)\//, "");
  return repository.refs.get(ref) ?? repository.refs.get(short) ?? (repository.trees.has(ref) ? ref : undefined);
}

/** Stands for the Git tree's id, which Nix reads and does not compare: it changes with the content, as the real one does. */
const treeId = (tree: Tree, revision: string): string =>
  "leaves" in tree.source ? listingHash(tree.source.leaves).slice(0, 40) : revision;

/** The global flake registry: every repository of the world under its own name; where two share one, the original before the fork. */
export function flakeRegistry(repositories: Repositories): { flakes: unknown[]; version: 2 } {
  const named = new Map<string, Repository>();
  const sorted = [...repositories].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
  for (const repository of [...sorted.filter(({ isFork }) => !isFork), ...sorted.filter(({ isFork }) => isFork)]) {
    const id = repository.name.toLowerCase();
    if (!named.has(id)) named.set(id, repository);
  }
  const flakes = [...named].map(([id, { owner, name }]) => ({
    from: { type: "indirect", id },
    to: { type: "github", owner, repo: name },
  }));
  return { flakes, version: 2 };
}
