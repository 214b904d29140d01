/**
 * Names of packages and of their attributes below `python3Packages`. nixpkgs names an attribute as PEP 503 normalises the package's name; these
 * differ (`pkgs/development/python-modules`, `pkgs/top-level/python-packages.nix`).
 */
export const ATTRIBUTES: Readonly<Record<string, string>> = {
  bs4: "beautifulsoup4",
  "discord-py": "discordpy",
  "faiss-cpu": "faiss",
  "opencv-python": "opencv4",
  "opencv-python-headless": "opencv4",
  "psycopg2-binary": "psycopg2",
  pil: "pillow",
  sklearn: "scikit-learn",
};

/** Distributions whose own metadata has another name than the attribute's package: the check of the requirements would not find it. */
const OTHER_METADATA = new Set([
  "bs4",
  "faiss-cpu",
  "opencv-python",
  "opencv-python-headless",
  "psycopg2-binary",
  "pil",
  "sklearn",
]);

export interface PythonAttribute {
  readonly attribute: string;
  /** The package of nixpkgs goes by another name, so that the requirement must leave the wheel's metadata. */
  readonly renamed: boolean;
}

/** @param name as PEP 503 normalises it */
export const attributeOf = (name: string): PythonAttribute => ({
  attribute: Object.hasOwn(ATTRIBUTES, name) ? (ATTRIBUTES[name] ?? name) : name,
  renamed: OTHER_METADATA.has(name),
});
