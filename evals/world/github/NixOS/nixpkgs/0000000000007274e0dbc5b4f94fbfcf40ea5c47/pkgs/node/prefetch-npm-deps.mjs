// prefetch-npm-deps LOCK OUT: the archives of a package-lock.json as npm's cache (content-v2, index-v5) below OUT, with the lock beside it.
// prefetch-npm-deps --map-cache | --fixup-lockfile LOCK: what npmConfigHook asks for before `npm ci`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const [, , first, second] = process.argv;
const fail = (text) => {
  console.error(`Error: ${text}`);
  process.exit(1);
};

/** The entries that a lock brings from elsewhere, with their names: of version 1 the nested `dependencies`, of 2 and 3 `packages`. */
function lockedPackages(lock) {
  if (lock.lockfileVersion === undefined) fail("failed to extract packages from lockfile: missing field `lockfileVersion`");
  if (lock.lockfileVersion === 1) {
    const nested = (dependencies) =>
      Object.entries(dependencies ?? {}).flatMap(([name, entry]) => [
        { name, resolved: entry.bundled ? undefined : (entry.resolved ?? (/^[a-z+]+:\/\//.test(entry.version ?? "") ? entry.version : undefined)), integrity: entry.integrity },
        ...nested(entry.dependencies),
      ]);
    return nested(lock.dependencies).filter(({ resolved }) => resolved !== undefined);
  }
  if (lock.lockfileVersion !== 2 && lock.lockfileVersion !== 3)
    fail(`failed to extract packages from lockfile: We don't support lockfile version ${lock.lockfileVersion}, please file an issue.`);
  return Object.entries(lock.packages ?? {})
    .filter(([path, entry]) => path !== "" && typeof entry.resolved === "string" && /^[a-z+]+:\/\//.test(entry.resolved))
    .map(([path, entry]) => ({ name: entry.name ?? path.slice(path.lastIndexOf("node_modules/") + 13), resolved: entry.resolved, integrity: entry.integrity }));
}

/** The strongest of the hashes in an `integrity`. */
const best = (integrity) =>
  ["sha512", "sha384", "sha256", "sha1"].map((kind) => integrity.split(/\s+/).find((hash) => hash.startsWith(`${kind}-`))).find(Boolean);

const isGit = (url) => /^(?:git|ssh)(?:\+[a-z]+)?:/.test(url);

/** A hosted git dependency is fetched as the archive of its commit. */
function hosted(url) {
  const { hostname, pathname, hash } = new URL(url);
  const [, user, project] = pathname.split("/");
  if (hostname === "github.com" && user && project && hash)
    return `https://codeload.github.com/${user}/${project.replace(/\.git$/, "")}/tar.gz/${hash.slice(1)}`;
  return fail(`This lockfile either contains a Git dependency with an unsupported host, or a malformed URL in the lockfile: ${url}`);
}

function download(name, url) {
  // As in nixpkgs the hash vouches for the content where there is no certificate file.
  const certificates = process.env.NIX_SSL_CERT_FILE;
  const trust = certificates !== undefined && existsSync(certificates) ? ["--cacert", certificates] : ["--insecure"];
  const got = spawnSync("curl", ["--location", "--fail", "--silent", "--show-error", "--retry", "2", ...trust, "--", url], { maxBuffer: 1 << 30 });
  if (got.status !== 0) fail(`couldn't fetch ${name} at ${url}: ${String(got.stderr).trim()}`);
  return got.stdout;
}

function run(program, args, options) {
  const done = spawnSync(program, args, { maxBuffer: 1 << 30, ...options });
  if (done.status !== 0) fail(`${program} exited with status code ${done.status}: ${String(done.stderr).trim()}`);
  return done.stdout;
}

/** npm's own archive of a git dependency differs by machine; ours is always the same. */
function repack(name, archive, lockfiles) {
  const folder = mkdtempSync(join(tmpdir(), "git-"));
  mkdirSync(join(folder, "package"));
  run("tar", ["--extract", "--gzip", "--strip-components=1", "-C", join(folder, "package")], { input: archive });
  const manifest = JSON.parse(readFileSync(join(folder, "package", "package.json"), "utf8"));
  const own = join(folder, "package", "package-lock.json");
  const builds = ["postinstall", "build", "preinstall", "install", "prepack", "prepare"].some((script) => manifest.scripts?.[script] !== undefined);
  if (existsSync(own)) lockfiles.push(JSON.parse(readFileSync(own, "utf8")));
  else if (builds && process.env.FORCE_GIT_DEPS === undefined)
    fail(`Git dependency ${name} contains install scripts, but has no lockfile, which is something that will probably break. Open an issue if you can't feasibly patch this dependency out, and we'll come up with a workaround.\nIf you'd like to attempt to try to use this dependency anyways, set \`forceGitDeps = true\`.`);
  return run("tar", ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu", "-I", "gzip -n -9", "--create", "-C", folder, "package"]);
}

const segments = (hex) => [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];

/** One entry of cacache: the content by its hash, and the index by the key that npm looks up. */
function put(cache, url, data, integrity) {
  const stated = integrity ?? `sha512-${createHash("sha512").update(data).digest("base64")}`;
  const [kind, encoded] = [stated.slice(0, stated.indexOf("-")), stated.slice(stated.indexOf("-") + 1)];
  const content = join(cache, "content-v2", kind, ...segments(Buffer.from(encoded, "base64").toString("hex")));
  mkdirSync(dirname(content), { recursive: true });
  writeFileSync(content, data);
  const key = `make-fetch-happen:request-cache:${url}`;
  const index = join(cache, "index-v5", ...segments(createHash("sha256").update(key).digest("hex")));
  mkdirSync(dirname(index), { recursive: true });
  const line = JSON.stringify({ key, integrity: stated, time: 0, size: data.length, metadata: { url, options: { compress: true } } });
  writeFileSync(index, `${createHash("sha1").update(line).digest("hex")}\t${line}`, { flag: "a" });
}

function prefetch(lockFile, out) {
  const text = readFileSync(lockFile, "utf8");
  const lockfiles = [JSON.parse(text)];
  const done = new Set();
  const cache = join(out, "_cacache");
  mkdirSync(out, { recursive: true });
  for (let at = 0; at < lockfiles.length; at++) {
    const wanted = lockedPackages(lockfiles[at]).sort((a, b) => (a.resolved < b.resolved ? -1 : 1));
    for (const { name, resolved, integrity } of wanted) {
      const url = isGit(resolved) ? hosted(resolved) : resolved;
      if (done.has(url)) continue;
      done.add(url);
      console.error(name);
      if (isGit(resolved)) put(cache, url, repack(name, download(name, url), lockfiles), undefined);
      else {
        const hash = best(integrity ?? "");
        if (hash === undefined) fail(`failed to parse data for ${name}: non-git dependencies should have associated integrity`);
        put(cache, url, download(name, url), hash);
      }
    }
  }
  if (done.size === 0 && process.env.FORCE_EMPTY_CACHE === undefined)
    fail("No cacheable dependencies were found. Please inspect the upstream `package-lock.json` file and ensure that remote dependencies have `resolved` URLs and `integrity` hashes. If the lockfile is missing this data, attempt to get upstream to fix it via a tool like <https://github.com/jeslie0/npm-lockfile-fix>. If generating an empty cache is intentional and you would like to do it anyways, set `forceEmptyCache = true`.");
  writeFileSync(join(out, "package-lock.json"), text);
}

/** URL to the hash under which the cache has it. */
function mapCache() {
  const hashes = {};
  const walk = (folder) => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else {
        const entry = JSON.parse(readFileSync(path, "utf8").split("\t")[1]);
        hashes[entry.metadata.url] = entry.integrity;
      }
    }
  };
  walk(join(process.env.npmDeps, "_cacache", "index-v5"));
  writeFileSync(process.env.CACHE_MAP_PATH, JSON.stringify(hashes));
}

/** Git dependencies lose the integrity that npm computed elsewhere; of several hashes of one archive that of the cache holds. */
function fixupLockfile(path) {
  const lock = JSON.parse(readFileSync(path, "utf8"));
  const hashes = process.env.CACHE_MAP_PATH && existsSync(process.env.CACHE_MAP_PATH) ? JSON.parse(readFileSync(process.env.CACHE_MAP_PATH, "utf8")) : undefined;
  let fixed = false;
  const mend = (entry) => {
    if (typeof entry.resolved !== "string" || typeof entry.integrity !== "string") return;
    if (entry.resolved.startsWith("git+ssh://")) {
      delete entry.integrity;
      fixed = true;
    } else if (hashes && Object.hasOwn(hashes, entry.resolved) && hashes[entry.resolved] !== entry.integrity) {
      entry.integrity = hashes[entry.resolved];
      fixed = true;
    }
  };
  const nested = (dependencies) => {
    for (const entry of Object.values(dependencies ?? {})) {
      mend(entry);
      nested(entry.dependencies);
    }
  };
  if (lock.lockfileVersion === 1) nested(lock.dependencies);
  else {
    for (const entry of Object.values(lock.packages ?? {})) mend(entry);
    if (fixed) delete lock.dependencies;
  }
  if (!fixed) return;
  console.log("Fixing lockfile");
  writeFileSync(path, JSON.stringify(lock));
}

if (first === undefined) {
  console.log("usage: prefetch-npm-deps <path/to/package-lock.json>\n\nPrefetches npm dependencies for usage by fetchNpmDeps.");
  process.exit(1);
} else if (first === "--map-cache") mapCache();
else if (first === "--fixup-lockfile") fixupLockfile(second);
else if (second === undefined) {
  const out = mkdtempSync(join(tmpdir(), "npm-deps-"));
  prefetch(first, out);
  console.log(String(run("nix", ["--experimental-features", "nix-command", "hash", "path", out])).trim());
} else prefetch(first, second);
