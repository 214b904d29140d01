import { type MiniRepository, type MiniWorld, miniWorld } from "../../world/mini-world.ts";

/** A small world: upstreams, and their forks in an organisation at branches of changes. */

const flake = (word: string, inputs = ""): Readonly<Record<string, string>> => ({
  "flake.nix": `{ ${inputs} outputs = { self, ... }: { word = "${word}"; }; }\n`,
});

const one = (ref: string, files: Readonly<Record<string, string>>): MiniRepository => ({
  default: ref,
  complete: true,
  refs: { [ref]: files },
});

const NIXPKGS_INPUT = 'inputs.nixpkgs.url = "github:NixOS/nixpkgs";';

export const forks = (): Promise<MiniWorld> =>
  miniWorld({
    "NixOS/nixpkgs": { default: "master", complete: true, refs: { master: flake("nixpkgs"), old: flake("old nixpkgs") } },
    "numtide/flake-utils": one("main", flake("utils")),
    "numtide/flake-utils-plus": one("main", flake("plus")),
    "nix-community/naersk": one("master", flake("naersk", NIXPKGS_INPUT)),
    "up/mono": one("main", { "nix/flake.nix": '{ outputs = { self }: { word = "mono"; }; }\n' }),
    "up/data": one("main", { "data.txt": "data\n" }),
    "up/forkless": one("main", flake("forkless")),
    "acme/nixpkgs": one("feature/CRQ-016-nixify", flake("our nixpkgs")),
    "acme/flake-utils": one("feature/CRQ-017-utils", flake("our utils")),
    "acme/flake-utils-plus": one("feature/CRQ-018-plus", flake("our plus")),
    "acme/naersk": one("feature/CRQ-019-naersk", flake("our naersk", NIXPKGS_INPUT)),
    "acme/mono": one("feature/CRQ-020-mono", { "nix/flake.nix": '{ outputs = { self }: { word = "our mono"; }; }\n' }),
    "acme/data": one("feature/CRQ-021-data", { "data.txt": "our data\n" }),
    "acme/many": {
      default: "main",
      complete: true,
      refs: { main: flake("many"), "feature/CRQ-022-a": flake("a"), "feature/CRQ-023-b": flake("b") },
    },
    "acme/plain": one("main", flake("plain")),
  });

export const POLICY = String.raw`[policy.inputs]
org = "acme"
ref = '^feature/CRQ-\d{3,}-[a-z0-9][a-z0-9-]*$'
[policy.inputs.forks]
"NixOS/nixpkgs" = "feature/CRQ-016-nixify"
"numtide/flake-utils" = "feature/CRQ-017-utils"
"up/mono" = "feature/CRQ-020-mono"
"up/data" = "feature/CRQ-021-data"
`;
