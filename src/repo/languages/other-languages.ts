import type { TrackedTree } from "../tracked-tree.ts";

/** Manifests at the root or one folder below that show a project in another language. */
const MANIFESTS: Readonly<Record<string, string>> = {
  "package.json": "JavaScript",
  "pyproject.toml": "Python",
  "setup.py": "Python",
  "go.mod": "Go",
  "CMakeLists.txt": "C or C++ (CMake)",
  "meson.build": "C or C++ (Meson)",
  "pom.xml": "Java (Maven)",
  "build.gradle": "Java (Gradle)",
  "build.gradle.kts": "Kotlin (Gradle)",
  Gemfile: "Ruby",
  "stack.yaml": "Haskell",
  "mix.exs": "Elixir",
  "build.zig": "Zig",
  "Package.swift": "Swift",
};

/** Languages besides Rust, each once, sorted. */
export function otherLanguages(tree: Pick<TrackedTree, "entries">): readonly string[] {
  const found = tree.entries.flatMap(({ path }) => {
    const parts = path.split("/");
    const name = parts.at(-1) ?? "";
    if (parts.length > 2) return [];
    if (name.endsWith(".cabal")) return ["Haskell"];
    return Object.hasOwn(MANIFESTS, name) ? [MANIFESTS[name] ?? ""] : [];
  });
  return [...new Set(found)].sort();
}
