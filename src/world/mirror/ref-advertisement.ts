import type { Repository } from "../content/repositories.ts";
import type { Answer } from "./answer.ts";

/**
 * What `git ls-remote` reads of a repository of `github/`: its refs, each a branch (https://git-scm.com/docs/http-protocol, "Smart Clients";
 * gitprotocol-common, "pkt-line Format"). A world's revisions name trees and no commits, so there is nothing behind it to fetch.
 */
export function advertiseRefs({ refs, default: main }: Repository): Answer {
  const head = refs.get(main);
  const names = [...refs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, revision]) => `${revision} refs/heads/${name}`);
  const lines = head === undefined ? names : [`${head} HEAD`, ...names];
  const capabilities = `\0symref=HEAD:refs/heads/${main} agent=crq-agent-world`;
  const packets = lines.map((line, index) => packet(`${line}${index === 0 ? capabilities : ""}\n`));
  return {
    status: 200,
    headers: { "content-type": "application/x-git-upload-pack-advertisement", "cache-control": "no-cache" },
    body: Buffer.from(`${packet("# service=git-upload-pack\n")}0000${packets.join("")}0000`),
  };
}

/** Four hex digits of the length, themselves included, then the line. */
const packet = (line: string): string => `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, "0")}${line}`;
