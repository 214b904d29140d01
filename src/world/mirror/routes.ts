import { readFile } from "node:fs/promises";
import picomatch from "picomatch";
import type { WorldContent } from "../content/content.ts";
import { type Answer, bytes, json, type MirrorRequest, text } from "./answer.ts";
import { CrateRegistry } from "./crate-registry.ts";

import type { GitService } from "./git-service.ts";
import { flakeRegistry, GitHub } from "./github.ts";
import { advertiseRefs } from "./ref-advertisement.ts";
import { fileName, gitService, pathSegments } from "./request-path.ts";

export type Respond = (request: MirrorRequest) => Promise<Answer>;

/**
 * Answers requests from a world: rules that answer on purpose, recorded files, the forge, Git, crates, the flake registry, else 404.
 * Everything is looked up in the index made at opening; nothing of a URL is ever joined to a path.
 */
export function routes(content: WorldContent, git: GitService | undefined): Respond {
  const rules = content.manifest.answer.map((rule) => ({
    rule,
    matches: [picomatch(rule.host), picomatch(rule.path, { dot: true })] as const,
  }));
  const github = new GitHub(content.repositories);
  const crates = new CrateRegistry(content.crates, content.manifest["index-hosts"]);

  return async (request) => {
    const { url, method } = request;
    const host = url.host.toLowerCase();
    const rule = rules.find(({ matches: [ofHost, ofPath] }) => ofHost(url.hostname) && ofPath(url.pathname))?.rule;
    if (rule) return { ...text(rule.body, rule.status), onPurpose: true };
    const segments = pathSegments(url.pathname);
    if (!segments) return nothing(url);
    const served = gitService(url, method, segments);
    const source = served && gitSource(content, `${host}/${served.path}`);
    if (git && served && source) return git.answer(`${host}/${served.path}`, source, served.service, request);
    const repository = host === "github.com" && served ? content.repositories.get(served.path.toLowerCase()) : undefined;
    // A recording has the refs that were asked for by name, which are not all.
    if (repository && !repository.recorded && served?.service === "/info/refs") return advertiseRefs(repository);
    if (method !== "GET" && method !== "HEAD") return nothing(url);
    const file = content.files.get(fileName(host, segments, url.search));
    if (file !== undefined) return bytes(await readFile(file), "application/octet-stream");
    if (host === "channels.nixos.org" && url.pathname === "/flake-registry.json")
      return json(flakeRegistry(content.repositories));
    const path = `/${segments.join("/")}`;
    return (await github.answer(host, segments)) ?? (await crates.answer(host, path)) ?? nothing(url);
  };
}

const nothing = (url: URL): Answer => text(`${url.href} is not in this world\n`, 404);

/** The public forge does not tell upper from lower case. */
const gitSource = (content: WorldContent, key: string): ReturnType<WorldContent["git"]["get"]> =>
  content.git.get(key) ??
  (key.startsWith("github.com/") ? [...content.git].find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] : undefined);
