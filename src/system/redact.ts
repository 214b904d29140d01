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

/** The text without the given secrets and without anything shaped like one: for what a provider says. */
export function redact(text: string, secrets: readonly string[]): string {
  return SHAPES.reduce(
    (rest, shape) => rest.replaceAll(shape, (_, before: string) => `${before}${REMOVED}`),
    withoutValues(text, secrets),
  );
}

/** Formats that keys of well-known services have and no other text does: their prefix and a long tail. Each reads a text once, whatever it holds. */
const KEY_FORMATS = [
  /\bsk-[\w-]{24,}/gu,
  /\bgh[pousr]_[A-Za-z0-9]{36,}/gu,
  /\bgithub_pat_\w{40,}/gu,
  /\bglpat-[\w-]{20,}/gu,
  /\bxox[abprs]-[\w-]{20,}/gu,
  /\bAKIA[A-Z0-9]{16}\b/gu,
  /\bAIza[\w-]{35}/gu,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
] as const;

/**
 * For evidence: the given secrets and whole keys of well-known services go, everything else stays as it was, since a name that merely looks like
 * a key (`hf-hub-0.3.2`) is part of what was observed.
 */
export function redactEvidence(text: string, secrets: readonly string[]): string {
  return KEY_FORMATS.reduce(
    (rest, format) => rest.replaceAll(format, (found) => (isWords(found) ? found : REMOVED)),
    withoutValues(text, secrets),
  );
}

/** `sk-` begins words of several languages, too; a key has a digit. */
const isWords = (found: string): boolean => found.startsWith("sk-") && !/\d/u.test(found);

function withoutValues(text: string, secrets: readonly string[]): string {
  const byLength = [...secrets].sort((a, b) => b.length - a.length);
  return byLength.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
}
