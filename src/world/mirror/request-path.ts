export interface GitRequest {
  /** Of the repository, without `.git`. */
  readonly path: string;
  readonly service: string;
}

/** Reads a request of Git's smart protocol for fetching; undefined for any other. */
export function gitService(url: URL, method: string, segments: readonly string[]): GitRequest | undefined {
  const asks = method === "GET" && url.pathname.endsWith("/info/refs") && url.searchParams.get("service") === "git-upload-pack";
  const posts = method === "POST" && url.pathname.endsWith("/git-upload-pack");
  if (!asks && !posts) return undefined;
  const path = segments.slice(0, asks ? -2 : -1).join("/");
  return { path: path.replace(/\.git$/, ""), service: asks ? "/info/refs" : "/git-upload-pack" };
}

/** The path's parts, percent-decoded; undefined where they cannot be. */
export function pathSegments(pathname: string): readonly string[] | undefined {
  try {
    return pathname.slice(1).split("/").map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The name below `files/`. A slash that was percent-encoded is no separator there, so such a name is never found. */
export const fileName = (host: string, segments: readonly string[], query: string): string =>
  segments.some((segment) => segment.includes("/")) ? "" : `${host}/${segments.join("/")}${encodeURIComponent(query)}`;
