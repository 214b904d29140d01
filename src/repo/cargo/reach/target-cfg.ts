/**
 * Whether a `[target.'…'.dependencies]` table counts on a platform (the Cargo book, "Platform specific dependencies"; the Rust
 * reference, "Conditional compilation"). What the platform does not decide (an architecture, a pointer width, a flag of rustc) may be
 * either way and counts.
 */

export type Platform = "linux" | "darwin";

type Truth = "yes" | "no" | "maybe";

const FACTS: Readonly<Record<Platform, Readonly<Record<string, readonly string[]>>>> = {
  linux: { target_os: ["linux"], target_family: ["unix"], target_env: ["gnu", ""], target_vendor: ["unknown"] },
  darwin: { target_os: ["macos"], target_family: ["unix"], target_env: [""], target_vendor: ["apple"] },
};

/** @param key `cfg(…)`, or the name of a target */
export function countsOn(key: string, platform: Platform): boolean {
  const cfg = /^\s*cfg\s*\((?<inner>[\s\S]*)\)\s*$/.exec(key)?.groups?.inner;
  if (cfg !== undefined) return truth(cfg, platform) !== "no";
  if (/windows|android|wasm|freebsd|netbsd|openbsd|ios|fuchsia|none|uefi|sgx/.test(key)) return false;
  return platform === "linux" ? !key.includes("apple") : !key.includes("linux");
}

function truth(text: string, platform: Platform): Truth {
  const expression = text.trim();
  const { name, inner } = /^(?<name>all|any|not)\s*\((?<inner>[\s\S]*)\)$/.exec(expression)?.groups ?? {};
  if (name !== undefined && inner !== undefined) {
    const parts = split(inner).map((part) => truth(part, platform));
    switch (name) {
      case "not":
        return parts[0] === "yes" ? "no" : parts[0] === "no" ? "yes" : "maybe";
      case "all":
        return parts.includes("no") ? "no" : parts.includes("maybe") ? "maybe" : "yes";
      default:
        return parts.includes("yes") ? "yes" : parts.includes("maybe") ? "maybe" : "no";
    }
  }
  const { key, value } = /^(?<key>\w+)\s*=\s*"(?<value>[^"]*)"$/.exec(expression)?.groups ?? {};
  if (key !== undefined && value !== undefined) {
    const facts = FACTS[platform];
    const known = Object.hasOwn(facts, key) ? facts[key] : undefined;
    return known === undefined ? "maybe" : known.includes(value) ? "yes" : "no";
  }
  if (expression === "unix") return "yes";
  if (expression === "windows") return "no";
  return "maybe";
}

/** Parts between commas outside of parentheses; a trailing comma adds none. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== "");
}
