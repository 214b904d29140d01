import type { PlannedTrial, Shard } from "../manifest.ts";

/** `i/n`, from 1; undefined for anything else. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (index === undefined || of === undefined || Number(index) > Number(of)) return undefined;
  return { index: Number(index), of: Number(of) };
}

export const shardText = ({ index, of }: Shard): string => `${index}/${of}`;

/** Whole blocks, so that all models of one (task, repeat) stay on one machine. */
export const inShard = ({ block }: Pick<PlannedTrial, "block">, shard: Shard | undefined): boolean =>
  shard === undefined || block % shard.of === shard.index - 1;
