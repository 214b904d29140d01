import { fileName, gitService, pathSegments } from "../mirror/request-path.ts";

/** Where the answer to a request belongs in a world's folder. */
export type Place =
  | { readonly kind: "git"; readonly key: string; readonly url: string }
  | { readonly kind: "commit"; readonly owner: string; readonly name: string; readonly ref: string }
  | { readonly kind: "archive"; readonly owner: string; readonly name: string; readonly revision: string }
  | { readonly kind: "crate"; readonly name: string; readonly version: string }
  | { readonly kind: "file"; readonly path: string }
  /** It is asked for and handed on, and nothing of it is kept. */
  | { readonly kind: "nowhere"; readonly why: string };

const REVISION = /^[0-9a-f]{40}$/;
const REPOSITORY_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
const CRATE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Finds the place of a request by the shape of its URL alone. */
export function placeOf(method: string, url: URL): Place {
  if (url.protocol !== "https:" && url.protocol !== "http:") return nowhere(`${url.protocol}// is not the web's`);
  if (url.username !== "" || url.password !== "") return nowhere("it names a user");
  const secret = [...url.searchParams.keys()].find((key) => CREDENTIAL.test(key));
  if (secret !== undefined) return nowhere(`\`${secret}\` in its query looks like a credential`);
  const segments = pathSegments(url.pathname);
  if (!segments) return nowhere("its path cannot be decoded");
  const host = url.host.toLowerCase();
  const git = gitService(url, method, segments);
  if (git) return gitPlace(url, host, git.path);
  if (method !== "GET" && method !== "HEAD") return nowhere(`it was sent with ${method}`);
  return forgePlace(host, segments) ?? cratePlace(segments) ?? filePlace(url);
}

const nowhere = (why: string): Place => ({ kind: "nowhere", why });

/** Names under which services take a key in a URL; what such a URL answers is for its holder alone. */
const CREDENTIAL = /^(.*[-_])?(token|secret|password|passwd|signature|sig|credential|api-?_?key|auth)$/i;

/** The same URL, in which no value stands that looks like a credential: for every message, list and report. */
export const withoutSecrets = (url: string): string =>
  url.replace(/([?&])([^=&#]*)=[^&#]*/gu, (whole, mark: string, key: string) =>
    [...new URLSearchParams(`${key}=`).keys()].some((name) => CREDENTIAL.test(name)) ? `${mark}${key}=***` : whole,
  );

function gitPlace(url: URL, host: string, path: string): Place {
  const unnameable = problemOfName(`${host}/${path}.bundle`);
  if (unnameable !== undefined) return nowhere(unnameable);
  const asked = url.pathname.replace(/\/(info\/refs|git-upload-pack)$/, "");
  return { kind: "git", key: `${host}/${path}`, url: `${url.protocol}//${url.host}${asked}` };
}

function forgePlace(host: string, segments: readonly string[]): Place | undefined {
  const [first = "", second = "", third = "", fourth = "", ...rest] = segments;
  const last = [fourth, ...rest].join("/");
  const at = (owner: string, name: string, revision: string): Place | undefined =>
    isRepository(owner, name) && REVISION.test(revision) ? { kind: "archive", owner, name, revision } : undefined;
  if (host === "api.github.com" && first === "repos") {
    const ref = rest.join("/");
    if (fourth === "commits" && ref !== "" && isRepository(second, third))
      return { kind: "commit", owner: second, name: third, ref };
    if (fourth === "tarball") return at(second, third, ref);
  }
  if (host === "codeload.github.com" && third === "tar.gz") return at(first, second, last);
  if (host === "github.com" && third === "archive" && last.endsWith(".tar.gz"))
    return at(first, second, last.slice(0, -".tar.gz".length));
  return undefined;
}

const isRepository = (owner: string, name: string): boolean => REPOSITORY_NAME.test(owner) && REPOSITORY_NAME.test(name);

/** The two shapes of a crate's download: `…/crates/N/V/download` and `…/crates/N/N-V.crate`. */
function cratePlace(segments: readonly string[]): Place | undefined {
  const path = `/${segments.join("/")}`;
  const [, name = "", version = ""] =
    /\/crates\/([^/]+)\/([^/]+)\/download$/.exec(path) ?? /\/crates\/([^/]+)\/\1-([^/]+)\.crate$/.exec(path) ?? [];
  return CRATE_NAME.test(name) && VERSION.test(version) ? { kind: "crate", name, version } : undefined;
}

/** The place of a URL that is taken for no more than a file. */
export function filePlace(url: URL): Place {
  const path = fileName(url.host.toLowerCase(), pathSegments(url.pathname) ?? [], url.search);
  const problem = path === "" ? "a slash in its path is percent-encoded" : problemOfName(path);
  return problem === undefined ? { kind: "file", path } : nowhere(problem);
}

/** Of a file's name on any common file system, in bytes. */
const LONGEST_NAME = 255;

function problemOfName(path: string): string | undefined {
  const parts = path.split("/");
  if (parts.length < 2 || parts.includes("") || parts.includes(".") || parts.includes(".."))
    return "its path has an empty part, or one of dots, which no file can be named";
  if (/[\u0000-\u001f\u007f\\]/u.test(path)) return "its path holds a control character or a backslash";
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME))
    return `a part of its path is longer than ${LONGEST_NAME} bytes`;
  return undefined;
}
