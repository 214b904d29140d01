import type { At, PythonMetadata } from "./description/metadata.ts";

/** The version where the description leaves it to a file of the sources. */

/** A text other than `git` says why it could not be found; undefined: written nowhere. */
export async function versionIn(
  version: PythonMetadata["version"],
  paths: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<At<string> | "git" | string | undefined> {
  if (!version) return undefined;
  const { value: source, line } = version;
  switch (source.kind) {
    case "stated":
      return { value: source.value, line };
    case "git":
      return "git";
    case "file": {
      const found = versionText((await read(source.path)) ?? "");
      return found === undefined
        ? `the version is left to ${source.path}, which states none (line ${line})`
        : { value: found, line };
    }
    case "attribute": {
      const places = placesOf(source.attribute, paths);
      const attribute = source.attribute.split(".").at(-1) ?? "__version__";
      for (const path of places) {
        const found = assigned((await read(path)) ?? "", attribute);
        if (found !== undefined) return { value: found, line };
      }
      return `the version is left to ${source.attribute}, which no file states plainly (line ${line})`;
    }
  }
}

const VERSION = /^v?\d[\w.!+-]*$/;

/** A file that holds the version alone, or assigns it. */
function versionText(text: string): string | undefined {
  const whole = text.trim();
  return VERSION.test(whole) ? whole : (assigned(text, "__version__") ?? assigned(text, "VERSION"));
}

function assigned(text: string, name: string): string | undefined {
  const found = [...text.matchAll(/^(?<name>\w+)(?:\s*:\s*\w+)?\s*=\s*(?<quote>["'])(?<value>[^"'\n]*)\k<quote>/gm)].find(
    ({ groups }) => groups?.name === name,
  );
  const value = found?.groups?.value;
  return value !== undefined && VERSION.test(value) ? value : undefined;
}

/** Files in which `shelf.about.__version__` may stand. */
function placesOf(attribute: string, paths: readonly string[]): readonly string[] {
  const parts = attribute.split(".").slice(0, -1);
  const base = parts.join("/");
  const known = new Set(paths);
  return ["", "src/", "lib/"]
    .flatMap((folder) => [`${folder}${base}.py`, `${folder}${base}/__init__.py`])
    .filter((path) => known.has(path));
}
