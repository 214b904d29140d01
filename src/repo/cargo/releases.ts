/** Releases of Rust as manifests and toolchain files write them: `1.75`, `1.75.0`. */

/** Negative, zero or positive; what is left out counts as zero, as in Cargo's `rust-version`, and what follows a `-` or `+` not at all. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const parts = (release: string): readonly number[] =>
  (release.split(/[-+]/u)[0] ?? "").split(".").map((part) => Number(part) || 0);

export const highestRelease = (releases: readonly string[]): string | undefined => [...releases].sort(compareReleases).at(-1);

/** With three numbers where `like` has three. */
export const writtenLike = (release: string, like: string): string =>
  like.split(".").length === 3 && release.split(".").length === 2 ? `${release}.0` : release;

/** The oldest Cargo that reads each format of Cargo.lock without a flag (Cargo's changelog: format 4 in 1.78, 3 in 1.53). */
export const OLDEST_CARGO_OF_LOCK: Readonly<Record<number, string>> = { 3: "1.53", 4: "1.78" };

/** The text of a toolchain file with another channel; undefined where the channel cannot be found in it. */
export function withChannel(text: string, channel: string, wanted: string): string | undefined {
  if (text.trim() === channel) return text.replace(channel, () => wanted);
  const escaped = channel.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const found = new RegExp(`^(\\s*channel\\s*=\\s*)(["'])${escaped}\\2`, "mu");
  return found.test(text)
    ? text.replace(found, (_, before: string, quote: string) => `${before}${quote}${wanted}${quote}`)
    : undefined;
}
