import type { Diagnosis, DiagnosisFacts } from "../diagnosis.ts";

const BASE32 = "[0-9abcdfghijklmnpqrsvwxyz]";
const STORE_HASH = new RegExp(`/nix/store/${BASE32}{32}-`, "gu");
const BARE_HASH = new RegExp(`\\b${BASE32}{32}-`, "gu");
const TEMPORARY = /(?:\/private)?\/(?:tmp|var\/folders|build|nix\/var\/nix\/builds)\/[^\s'":,)]*\//gu;
const HOME = /\/(?:home\/[^/\s]+|root)\/[^\s'":,)]*\//gu;
const TIMES =
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?\b|\b\d\d:\d\d:\d\d\b|\b\d+(?:\.\d+)? ?(?:ms|s|sec|secs|seconds|min|minutes)\b/gu;
const ADDRESSES = /\b0x[0-9a-f]+\b|\bpid \d+\b|\bthread '[^']*' \(\d+\)/gu;

/** Text without what differs from run to run: store hashes, temporary folders, times, addresses, process numbers. */
export function stableText(text: string): string {
  return text
    .replace(STORE_HASH, "")
    .replace(BARE_HASH, "")
    .replace(TEMPORARY, "")
    .replace(HOME, "")
    .replace(TIMES, "T")
    .replace(ADDRESSES, "N")
    .replace(/\s+/gu, " ")
    .trim();
}

/** The facts by which two problems of one class differ; what a rerun may change (a hash that was got, an excerpt) is not among them. */
function keyFacts(facts: DiagnosisFacts, message: string): string {
  switch (facts.kind) {
    case "hash-mismatch":
      return facts.specified;
    case "sandboxed-test":
    case "test-failure":
      return [...facts.tests].sort().join(",");
    case "unknown":
      return message;
    case "resources":
      return facts.resource;
    default: {
      const { kind: _kind, ...rest } = facts;
      return Object.entries(rest)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(",");
    }
  }
}

/** Equal for the same problem in another run: stage, kind, derivation name, position, key facts. */
export function fingerprint(
  facts: DiagnosisFacts,
  { stage, derivation, position, message }: Pick<Diagnosis, "stage" | "message" | "derivation" | "position">,
): string {
  const place = position === undefined ? "" : `${stableText(position.file)}:${position.line}:${position.column}`;
  return [stage, facts.kind, derivation?.name ?? "", place, stableText(keyFacts(facts, message)).slice(0, 200)].join("|");
}
