import { TomlDate } from "smol-toml";

/** A value as inline TOML. Strings with backslashes or quotes become literal strings where that is possible, texts of several lines too. */
export function tomlValue(value: unknown): string {
  if (typeof value === "string") return tomlString(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return tomlNumber(value);
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return entries.length === 0 ? "{}" : `{ ${entries.map(([key, item]) => `${tomlKey(key)} = ${tomlValue(item)}`).join(", ")} }`;
  }
  throw new TypeError(`TOML has no form for ${value === null ? "null" : typeof value}`);
}

/** `key = value`. */
export function tomlLine(key: string, value: unknown): string {
  return `${tomlKey(key)} = ${tomlValue(value)}`;
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : basicString(key);
}

function tomlString(value: string): string {
  const text = value.toWellFormed();
  const plain = !/[\u0000-\u0008\u000B-\u001F\u007F]/.test(text);
  if (plain && text.includes("\n") && !text.includes("'''") && !text.endsWith("'")) return `'''\n${text}'''`;
  if (plain && /[\\"]/.test(text) && !/['\n\t]/.test(text)) return `'${text}'`;
  return basicString(text);
}

/** JSON's escapes are TOML's too, except that TOML also wants DEL escaped. */
function basicString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007F", "\\u007F");
}

function tomlNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  // TOML's integers end at 64 bits, JavaScript's exact ones earlier: beyond that it is a float.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes("e")) return `${text}.0`;
  return /e/.test(text) ? text.replace(/e\+?/, "e").replace(/^(-?\d+)e/, "$1.0e") : text;
}
