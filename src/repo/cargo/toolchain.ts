import { parse } from "smol-toml";
import { z } from "zod";
import type { CargoProject } from "../facts.ts";

/** rust-toolchain.toml, and the legacy `rust-toolchain` whose text is either TOML or one bare channel name (rustup's book, "Overrides"). */

export const TOOLCHAIN_FILES = ["rust-toolchain.toml", "rust-toolchain"] as const;

const toolchainSchema = z.object({
  toolchain: z.object({
    channel: z.string().optional(),
    components: z.array(z.string()).default([]),
    targets: z.array(z.string()).default([]),
  }),
});

export function parseToolchainFile(path: string, text: string): CargoProject["toolchainFile"] {
  const bare = text.trim();
  if (/^[\w.-]+$/.test(bare)) return { path, channel: bare, components: [], targets: [] };
  try {
    const { channel, components, targets } = toolchainSchema.parse(parse(text)).toolchain;
    return channel === undefined ? undefined : { path, channel, components, targets };
  } catch {
    return undefined;
  }
}

/** The exact release a channel pins (`1.75`, `1.75.0`), else undefined: `stable`, `beta` and `nightly-…` name moving targets. */
export function pinnedRelease(channel: string): string | undefined {
  return /^\d+\.\d+(?:\.\d+)?(?=$|-)/.exec(channel)?.[0];
}
