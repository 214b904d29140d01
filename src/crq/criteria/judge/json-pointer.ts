/** RFC 6901. `found: false` also for a pointer that is malformed; `problem` says which. */
export function atPointer(
  document: unknown,
  pointer: string,
): { readonly found: true; readonly value: unknown } | { readonly found: false; readonly problem: string } {
  if (pointer === "") return { found: true, value: document };
  if (!pointer.startsWith("/")) return { found: false, problem: `"${pointer}" is no JSON pointer: it must start with "/"` };
  let value: unknown = document;
  let walked = "";
  for (const escaped of pointer.slice(1).split("/")) {
    const key = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    const next = child(value, key);
    if (!next) return { found: false, problem: `nothing at "${walked}/${escaped}"` };
    value = next.value;
    walked += `/${escaped}`;
  }
  return { found: true, value };
}

function child(value: unknown, key: string): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) {
    const index = /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
    return index >= 0 && index < value.length ? { value: value[index] } : undefined;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return { value: Object.entries(value).find(([name]) => name === key)?.[1] };
}
