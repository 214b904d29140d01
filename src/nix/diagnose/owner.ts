import type { Owner } from "../diagnosis.ts";

/**
 * Whose a failing derivation is, by its name. Names come from nixpkgs' fetchers and vendoring,
 * crane, naersk and crate2nix.
 */
const FETCH: readonly RegExp[] = [
  /-vendor-staging$/u,
  /-vendor(?:\.tar\.gz)?$/u,
  /^cargo-vendor-dir$/u,
  /^cargo-deps(?:-|$)/u,
  /^crate-.+\.tar\.gz$/u,
  /^cargo-(?:src|package|git)-/u,
  /^vendor-(?:registry|cargo-deps)/u,
  /^linkLockedDeps$/u,
  /^download-/u,
  /^(?:crates-io|git)-dependencies$/u,
  /\.crate$/u,
];

/** Suffixes that crane puts behind a package's name. */
const CHECK_SUFFIX = /-(?:build|clippy|doc|docs|fmt|toml-fmt|audit|deny|tarpaulin|llvm-cov|nextest|test|tests)(?:-|$)/u;

export interface Ownership {
  /** Packages and workspace members of the project. */
  readonly ownNames: readonly string[];
  /** Names (without hash) of the derivations that were asked for. */
  readonly requested: readonly string[];
  /** A fixed-output derivation: what failed is a download. */
  readonly fixedOutput?: boolean;
}

/** `NAME-1.2.3` to NAME: Nix's own rule, the first dash followed by no letter. */
export const packageName = (derivation: string): string => derivation.replace(/-[^A-Za-z].*$/su, "");

export function ownerOf(name: string, { ownNames, requested, fixedOutput }: Ownership): Owner {
  if (fixedOutput || FETCH.some((pattern) => pattern.test(name))) return "fetch";
  const names = new Set([...ownNames, ...requested.map((drv) => packageName(drv).replace(CHECK_SUFFIX, ""))]);
  const own = packageName(name);
  for (const pname of names) if (own === `${pname}-deps` || own === `${pname}-dependencies`) return "own-deps";
  if (requested.includes(name) || names.has(own)) return "own";
  for (const pname of names) if (name.startsWith(`${pname}-`) && CHECK_SUFFIX.test(name.slice(pname.length))) return "own";
  const crate = name.match(/^rust_(.+?)-\d/u)?.[1];
  return crate !== undefined && (names.has(crate) || names.has(crate.replaceAll("_", "-"))) ? "own" : "nixpkgs";
}
