/** Conditional compilation (The Rust Reference, "Conditional compilation"). */

/**
 * Whether the predicate of a `cfg` holds, whose text is `cfg(…)`; undefined where it hangs on the platform or on what `isOn` does not know.
 * Tests are what is asked for, so `test` holds.
 */
export function holds(attribute: string, isOn: (feature: string) => boolean | undefined): boolean | undefined {
  const tokens = attribute.match(/[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|[(),=]/gu) ?? [];
  let at = 0;
  const predicate = (): boolean | undefined => {
    const word = tokens[at++] ?? "";
    if (tokens[at] === "=") {
      const value = (tokens[at + 1] ?? "").slice(1, -1);
      at += 2;
      return word === "feature" ? isOn(value) : undefined;
    }
    if (tokens[at] !== "(") return word === "test" ? true : /^false$/iu.test(word) ? false : undefined;
    at += 1;
    const parts: (boolean | undefined)[] = [];
    while (at < tokens.length && tokens[at] !== ")") {
      if (tokens[at] === ",") at += 1;
      else parts.push(predicate());
    }
    at += 1;
    return combined(word, parts);
  };
  return predicate();
}

function combined(word: string, parts: readonly (boolean | undefined)[]): boolean | undefined {
  switch (word) {
    case "any":
      return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
    case "not":
      return parts[0] === undefined ? undefined : !parts[0];
    case "cfg":
    case "all":
      return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
    default:
      return undefined;
  }
}
