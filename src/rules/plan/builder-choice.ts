import type { Builder, BuilderChoice } from "../../repo/facts.ts";

/**
 * Which builder, and why: who asks for one in writing gets it; a flake keeps its own; a new one gets crane, or buildRustPackage where the
 * input policy does not let crane in. crate2nix is never the default: its generated file would be the largest of a small project.
 */

const NAMES: readonly (readonly [Builder, RegExp])[] = [
  ["naersk", /\bnaersk\b/i],
  ["crane", /\bcrane(?:lib)?\b/i],
  ["crate2nix", /\bcrate2nix\b/i],
  ["buildRustPackage", /\bbuildRustPackage\b|\brustPlatform\b|\bcargoHash\b/],
];

/** Words before a name that turn it down: "not with crane", "instead of naersk". */
const REFUSAL =
  /\b(?:not|no|without|instead of|rather than|never|replaces?|drop|remove|away from)\s+(?:(?!to\b|but\b|and\b)\S+\s+){0,2}$/i;

/** The first builder that a text asks for, if it asks for one. */
export function builderIn(text: string): Builder | undefined {
  const found = NAMES.flatMap(([builder, pattern]) =>
    [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))]
      .filter((match) => !REFUSAL.test(text.slice(Math.max(0, match.index - 60), match.index)))
      .map((match) => ({ builder, index: match.index })),
  );
  return found.sort((a, b) => a.index - b.index)[0]?.builder;
}

/** A place that may name a builder, the strongest first. */
export interface BuilderSource {
  /** For the report: `AC-4 (lock)`, `task`, `docs/nix.md:12`. */
  readonly source: string;
  readonly builder: Builder | undefined;
}

/** What is taken where nothing names a builder. */
export type DefaultBuilder = BuilderChoice & { readonly reasons: readonly [string] };

/** @param isNew no flake exists yet; @param mayUseCrane the input policy, if there is one, lets crane in */
export function defaultBuilder(isNew: boolean, mayUseCrane: boolean): DefaultBuilder {
  if (!isNew)
    return {
      builder: "buildRustPackage",
      reasons: ["default: nothing names a builder, and the flake that exists gets no input for one"],
    };
  if (!mayUseCrane)
    return {
      builder: "buildRustPackage",
      reasons: ["default: nothing names a builder, and the input policy has no fork or exception for crane"],
    };
  return { builder: "crane", reasons: ["default: nothing names a builder"] };
}

export const isDefault = (choice: BuilderChoice): boolean => choice.reasons.some((reason) => reason.startsWith("default"));

export function chooseBuilder(
  sources: readonly BuilderSource[],
  otherwise: DefaultBuilder = defaultBuilder(true, true),
): BuilderChoice {
  const chosen = sources.find((source) => source.builder !== undefined);
  if (chosen?.builder === undefined) return otherwise;
  const { builder } = chosen;
  return {
    builder,
    reasons: sources.filter((source) => source.builder === builder).map((source) => `${source.source} names ${builder}`),
  };
}
