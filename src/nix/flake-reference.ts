/** Flake references in one form, whether they came as a string, as an attribute set or from a lock file. */

export type InputAttributes = Record<string, string | number | boolean>;

/** Owner and repo keep their case; `sameReference` compares them without it, as the hosts do. */
export interface FlakeReference {
  /** `github`, `gitlab`, `sourcehut`, `git`, `path`, `tarball`, `file`, `indirect`, `hg`. */
  readonly type: string;
  readonly owner?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly rev?: string;
  readonly dir?: string;
  readonly host?: string;
  /** Of git, tarball, file and hg, without the parameters that have a field of their own. */
  readonly url?: string;
  readonly path?: string;
  /** Of indirect references: the name in the registry. */
  readonly id?: string;
}

const FORGES = new Set(["github", "gitlab", "sourcehut"]);
const REVISION = /^[0-9a-f]{40}$/u;
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz|tar\.xz|tar\.bz2|tar\.zst)$/u;
/** Parameters that have a field of their own, say nothing about the source, or only how git is to fetch it. */
const OWN_PARAMETERS = new Set([
  "submodules",
  "shallow",
  "allRefs",
  "exportIgnore",
  "lfs",
  "name",
  "ref",
  "rev",
  "dir",
  "host",
  "narHash",
  "lastModified",
  "revCount",
]);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: Nix refuses it, and as it stands it equals nothing.
    return text;
  }
}

/** undefined where a name stands twice: Nix 2.26 takes the first, and no reader should have to know that. */
function parameters(query: string): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    if (equals <= 0) continue;
    const name = decode(pair.slice(0, equals));
    if (pairs.has(name)) return undefined;
    pairs.set(name, decode(pair.slice(equals + 1)));
  }
  return pairs;
}

function present(
  fields: { readonly [K in keyof FlakeReference]: FlakeReference[K] | undefined } & { readonly type: string },
): FlakeReference {
  const { type, ...rest } = fields;
  return { type, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== "")) };
}

/** Local in the sense of an input policy: it names a place on this machine. */
export const isLocal = (reference: FlakeReference): boolean =>
  reference.type === "path" || /^(?:git\+)?file:/u.test(reference.url ?? "");

/** A reference written as text; undefined when it is none. */
export function parseFlakeReference(text: string): FlakeReference | undefined {
  const [withoutFragment = ""] = text.trim().split("#", 1);
  const question = withoutFragment.indexOf("?");
  const body = question === -1 ? withoutFragment : withoutFragment.slice(0, question);
  const query = parameters(question === -1 ? "" : withoutFragment.slice(question + 1));
  if (!query) return undefined;
  const common = { ref: query.get("ref"), rev: query.get("rev"), dir: query.get("dir") };
  if (body === "") return undefined;
  if (/^[./~]/u.test(body)) return present({ type: "path", path: decode(body), ...common });
  const scheme = body.match(/^([a-z][a-z0-9+.-]*):(.*)$/su);
  if (!scheme) return indirect(body, common);
  const [, name = "", rest = ""] = scheme;
  if (FORGES.has(name)) return forge(name, rest, common, query.get("host"));
  if (name === "flake") return indirect(rest, common);
  if (name === "path") return present({ type: "path", path: decode(rest), ...common });
  const others = [...query]
    .filter(([key]) => !OWN_PARAMETERS.has(key))
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const suffix = others.length > 0 ? `?${others.sort().join("&")}` : "";
  if (name === "git" || name.startsWith("git+"))
    return present({ type: "git", url: `${name.replace(/^git\+/u, "")}:${rest}${suffix}`, ...common });
  if (name.startsWith("hg+")) return present({ type: "hg", url: `${name.slice(3)}:${rest}${suffix}`, ...common });
  if (name.startsWith("tarball+")) return present({ type: "tarball", url: `${name.slice(8)}:${rest}${suffix}`, ...common });
  if (name.startsWith("file+")) return present({ type: "file", url: `${name.slice(5)}:${rest}${suffix}`, ...common });
  if (name === "http" || name === "https" || name === "file") {
    return present({
      type: name === "file" || ARCHIVE.test(rest) ? (ARCHIVE.test(rest) ? "tarball" : "file") : "tarball",
      url: `${name}:${rest}${suffix}`,
      ...common,
    });
  }
  return undefined;
}

interface Common {
  readonly ref: string | undefined;
  readonly rev: string | undefined;
  readonly dir: string | undefined;
}

/** `OWNER/REPO[/REF]`: a REF of 40 hex digits is a revision, and it may contain slashes. What names two of them is refused, as Nix does. */
function forge(type: string, rest: string, common: Common, host: string | undefined): FlakeReference | undefined {
  const [owner, repo, ...more] = rest.split("/").map(decode);
  if (!owner || !repo) return undefined;
  const last = more.filter((part) => part !== "").join("/");
  if ([last, common.ref, common.rev].filter((named) => named).length > 1) return undefined;
  if (last === "") return present({ type, owner, repo, ...common, host });
  return present({ type, owner, repo, ...common, ...(REVISION.test(last) ? { rev: last } : { ref: last }), host });
}

function indirect(rest: string, common: Common): FlakeReference | undefined {
  const [id, first, second] = rest.split("/").map(decode);
  if (!id || !/^[A-Za-z][A-Za-z0-9_-]*$/u.test(id)) return undefined;
  const rev = second ?? (first !== undefined && REVISION.test(first) ? first : common.rev);
  const ref = first !== undefined && !REVISION.test(first) ? first : common.ref;
  return present({ type: "indirect", id, ref, rev, dir: common.dir });
}

/** A reference as an attribute set: of flake.nix, or `original` and `locked` of a lock file. */
export function fromAttributes(attributes: Readonly<InputAttributes>): FlakeReference | undefined {
  const text = (key: string): string | undefined => {
    const value = attributes[key];
    return typeof value === "string" ? value : undefined;
  };
  const type = text("type");
  if (type === undefined) {
    const url = text("url");
    return url === undefined ? undefined : parseFlakeReference(url);
  }
  return present({
    type,
    owner: text("owner"),
    repo: text("repo"),
    ref: text("ref"),
    rev: text("rev"),
    dir: text("dir"),
    host: text("host"),
    url: text("url"),
    path: text("path"),
    id: text("id"),
  });
}

/** The URL of an attribute set: parameters in the order ref, rev, dir, host, narHash. */
export function formatFlakeReference(attributes: Readonly<InputAttributes>): string {
  const reference = fromAttributes(attributes);
  if (!reference) return "";
  const { type, owner, repo, url, path, id } = reference;
  const base =
    type === "indirect"
      ? `flake:${encodeURIComponent(id ?? "")}`
      : type === "path"
        ? `path:${path ?? ""}`
        : owner !== undefined && repo !== undefined
          ? `${type}:${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
          : `${type === "file" || type === "tarball" || type === "git" || type === "hg" ? `${type}+` : ""}${url ?? ""}`;
  const narHash = attributes.narHash;
  const pairs = (["ref", "rev", "dir", "host"] as const).flatMap((key) => {
    const value = reference[key];
    return value === undefined ? [] : [`${key}=${encodeParameter(value)}`];
  });
  if (typeof narHash === "string") pairs.push(`narHash=${encodeURIComponent(narHash)}`);
  return pairs.length === 0 ? base : `${base}${base.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}

/** Slashes stand in refs and folders and are legal in a query. */
const encodeParameter = (value: string): string => encodeURIComponent(value).replaceAll("%2F", "/");

const FIELDS = ["type", "owner", "repo", "ref", "rev", "dir", "host", "url", "path", "id"] as const;

/** Equal after normalisation: owner and repo without case, everything else with it. */
export function sameReference(a: FlakeReference, b: FlakeReference): boolean {
  return FIELDS.every((field) => comparable(a, field) === comparable(b, field));
}

/** Equal letter by letter: of two that are the same to a host, Nix takes one for another than the lock's `original`. */
export const identicalReference = (a: FlakeReference, b: FlakeReference): boolean =>
  FIELDS.every((field) => a[field] === b[field]);

function comparable(reference: FlakeReference, field: (typeof FIELDS)[number]): string | undefined {
  const value = reference[field];
  if (field === "owner" || field === "repo") return value?.toLowerCase();
  if (field === "url") return value?.replace(/\/+$/u, "");
  if (field === "host")
    return value === (reference.type === "github" ? "github.com" : reference.type === "gitlab" ? "gitlab.com" : undefined)
      ? undefined
      : value;
  return value;
}
