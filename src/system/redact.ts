/** Keys must not reach a log, a journal or a screen, also not by the way of a provider that echoes them in an error. */

const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/u;

/** Shorter values are words that would be cut out of ordinary text. */
const SHORTEST_SECRET = 8;

/** Values of the environment that look like secrets by their variable's name. */
export const secretsOf = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(env)
    .flatMap(([name, value]) => (SECRET_NAME.test(name.toUpperCase()) && value !== undefined ? [value.trim()] : []))
    .filter((value) => value.length >= SHORTEST_SECRET);

/** `Bearer x`, `x-api-key: x`, and the shapes that providers give their keys, whole or masked in the middle (`sk-ab***yz`). */
const SHAPES = [
  /\b(bearer\s+)[^\s"',;}]{4,}/giu,
  /\b((?:x-)?api[-_]?key"?\s*[:=]\s*"?)[^\s"',;}]{4,}/giu,
  /\b()(?:sk|pk|rk|xai|gsk|fw|pplx|tgp|csk|hf|r8)[-_][\w*-]{6,}/gu,
  /\b()AIza[\w*-]{10,}/gu,
] as const;

const REMOVED = "[key removed]";

/** The text without the given secrets and without anything shaped like one. */
export function redact(text: string, secrets: readonly string[]): string {
  const byLength = [...secrets].sort((a, b) => b.length - a.length);
  const named = byLength.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
  return SHAPES.reduce((rest, shape) => rest.replaceAll(shape, (_, before: string) => `${before}${REMOVED}`), named);
}
