import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadContent } from "./content/content.ts";
import { GitService } from "./mirror/git-service.ts";
import { type Mirror, startMirror } from "./mirror/mirror.ts";
import { routes } from "./mirror/routes.ts";
import { WorldError } from "./problem.ts";

export interface ServedWorld extends Pick<Mirror, "proxy" | "misses" | "close"> {
  /** File that holds the certificate of the mirror's authority, for `NIX_SSL_CERT_FILE` and its like. */
  readonly authorityFile: string;
}

/**
 * Serves a world to any client that is told of the proxy and the certificate, without a store and without a namespace.
 * @param folder private folder for the certificate and for repositories that are made on demand
 * @throws WorldError where the folder is no good world
 */
export async function serveWorld(directory: string, folder: string, git = "git"): Promise<ServedWorld> {
  const { content, problems } = await loadContent(resolve(directory));
  if (!content || problems.length > 0) throw new WorldError("content", problems);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { proxy, authority, misses, close } = await startMirror(routes(content, new GitService(join(folder, "git"), git)));
  const authorityFile = join(folder, "ca.pem");
  await writeFile(authorityFile, authority);
  return { proxy, authorityFile, misses, close };
}
