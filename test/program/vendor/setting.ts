import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, type JsonRun, type Place, place } from "../place.ts";
import { forks, POLICY } from "./forks.ts";

/** A repository whose inputs have forks in a world, and what `crq-agent vendor` does to it. */

export interface Setting {
  readonly at: Place;
  readonly repo: string;
  readonly revisions: Readonly<Record<string, string>>;
  vendor(...args: readonly string[]): Promise<JsonRun>;
  read(path: string): Promise<string>;
}

export async function setting(files: Files, lock?: Files[string]): Promise<Setting> {
  const at = await place();
  const { directory, revisions } = await forks();
  const repo = await at.repository({ "crq-agent.toml": POLICY, ...files, ...(lock !== undefined && { "flake.lock": lock }) });
  return {
    at,
    repo,
    revisions,
    vendor: (...args) => at.json(["vendor", "--repo", repo, "--world", directory, ...args]),
    read: (path) => readFile(join(repo, path), "utf8"),
  };
}

/** A lock node as Nix writes it, for a lock that was there before; hashes are those of no real tree, since nothing fetches them. */
const node = (owner: string, repo: string, ref: string | undefined, rev: string, more: object = {}) => ({
  locked: { lastModified: 1, narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", owner, repo, rev, type: "github" },
  original: { owner, ...(ref !== undefined && { ref }), repo, type: "github" },
  ...more,
});
const lockOf = (inputs: Readonly<Record<string, string>>, nodes: Readonly<Record<string, object>>): string =>
  `${JSON.stringify({ nodes: { ...nodes, root: { inputs } }, root: "root", version: 7 }, undefined, 2)}\n`;

/** Inputs of the root with owner, ref and revision of their nodes. */
export async function pins({ read }: Setting): Promise<Readonly<Record<string, string>>> {
  const { nodes } = JSON.parse(await read("flake.lock"));
  return Object.fromEntries(
    Object.entries<{ locked?: Record<string, string>; original?: Record<string, string> }>(nodes).flatMap(
      ([name, { locked, original }]) =>
        locked && original ? [[name, `${locked.owner}/${locked.repo} ${original.ref ?? "-"} ${locked.rev}`]] : [],
    ),
  );
}

export const summary = ({ document: { data } }: JsonRun): unknown => {
  const { outcome, rewritten, skipped, written } = data as {
    outcome: string;
    rewritten: readonly { input: string; to: string; line: number; column: number }[];
    skipped: readonly { input: string; reason: string; offPolicy: boolean }[];
    written: readonly string[];
  };
  return {
    outcome,
    rewritten: rewritten.map(({ input, to, line, column }) => `${input} ${line}:${column} ${to}`),
    skipped: skipped.map(({ input, reason, offPolicy }) => `${input} ${reason}${offPolicy ? " off" : ""}`),
    written,
  };
};

export const FLAKE = `{
  description = "two names, one of which begins with the other"; # github:numtide/flake-utils 𝄞
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs";
    flake-utils-plus = { url = "github:numtide/flake-utils-plus"; };
    flake-utils.url = "github:numtide/flake-utils";
    same.follows = "nixpkgs";
  };
  outputs = { self, nixpkgs, flake-utils, flake-utils-plus, same }: { src = ./.; note = "github:numtide/flake-utils"; };
}
`;
export const OLD = "0".repeat(39);
export const LOCK = lockOf(
  { nixpkgs: "nixpkgs", "flake-utils": "flake-utils", "flake-utils-plus": "flake-utils-plus" },
  {
    nixpkgs: node("NixOS", "nixpkgs", undefined, `${OLD}1`),
    "flake-utils": node("numtide", "flake-utils", undefined, `${OLD}2`),
    "flake-utils-plus": node("numtide", "flake-utils-plus", undefined, `${OLD}3`),
  },
).replace(
  '"flake-utils-plus": "flake-utils-plus"\n',
  '"flake-utils-plus": "flake-utils-plus",\n        "same": [\n          "nixpkgs"\n        ]\n',
);
