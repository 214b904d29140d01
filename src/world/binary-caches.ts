import type { Respond } from "./mirror/routes.ts";

/** https://nix.dev/manual/nix/latest/protocols/nix-cache-info: what every binary cache has at its top, and Nix asks first. */
const CACHE_FILE = "nix-cache-info";

/** URLs of the binary caches that were recorded among `files/`. */
export const binaryCaches = (files: ReadonlyMap<string, string>): string[] =>
  [...files.keys()]
    .filter((path) => path.endsWith(`/${CACHE_FILE}`))
    .map((path) => `https://${path.slice(0, -CACHE_FILE.length - 1)}`)
    .sort();

/** Whether a binary cache has a path, its listing, its log or its realisation: mostly it has not. */
export const isCacheLookup = ({ pathname }: URL): boolean => /\.(narinfo|ls)$|\/(log|realisations)\//.test(pathname);

/** A cache lacks most of what it is asked for; that is its answer and nothing that the world lacks. */
export function withCaches(respond: Respond, files: ReadonlyMap<string, string>): Respond {
  const caches = binaryCaches(files).map((url) => new URL(`${url}/`));
  return async (request) => {
    const answer = await respond(request);
    const { host, pathname } = request.url;
    const isLookup = answer.status === 404 && isCacheLookup(request.url);
    const isCache = caches.some((cache) => cache.host === host && pathname.startsWith(cache.pathname));
    return isLookup && isCache ? { ...answer, onPurpose: true } : answer;
  };
}
