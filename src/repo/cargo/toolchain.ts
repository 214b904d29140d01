import { parse } from "smol-toml";
import { z } from "zod";
import type { CargoProject } from "../facts.ts";

/** rust-toolchain.toml, and the legacy `rust-toolchain` whose text is either TOML or one bare channel name (rustup's book, "Overrides"). */

export const TOOLCHAIN_FILES = ["rust-toolchain.toml", "rust-toolchain"] as const;

const toolchainSchema = z.object({
  toolchain: z.object({
    channel: z.string().optional(),
    profile: z.string().optional(),
    components: z.array(z.string()).default([]),
    targets: z.array(z.string()).default([]),
  }),
});

export function parseToolchainFile(path: string, text: string): CargoProject["toolchainFile"] {
  const bare = text.trim();
  if (/^[\w.-]+$/.test(bare)) return { path, channel: bare, ...dated(bare), components: [], targets: [] };
  try {
    const { channel, profile, components, targets } = toolchainSchema.parse(parse(text)).toolchain;
    if (channel === undefined) return undefined;
    return { path, channel, ...dated(channel), ...(profile !== undefined && { profile }), components, targets };
  } catch {
    return undefined;
  }
}

/** `nightly-2026-01-01`: the day of the release it names. */
function dated(channel: string): { readonly date?: string } {
  const date = /^(?:stable|beta|nightly)-(?<date>\d{4}-\d{2}-\d{2})(?=$|-)/.exec(channel)?.groups?.date;
  return date === undefined ? {} : { date };
}

/** The exact release a channel pins (`1.75`, `1.75.0`), else undefined: `stable`, `beta` and `nightly-…` name moving targets. */
export function pinnedRelease(channel: string): string | undefined {
  return /^\d+\.\d+(?:\.\d+)?(?=$|-)/.exec(channel)?.[0];
}
