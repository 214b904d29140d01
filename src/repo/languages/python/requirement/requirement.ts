import { type Environment, evaluateMarker } from "./marker.ts";

/** A requirement on another package as PEP 508 writes it: `Click[toml] >=8, <9 ; python_version >= "3.9"`. */
export interface PythonRequirement {
  /** As PEP 503 normalises it. */
  readonly name: string;
  readonly extras: readonly string[];
  /** `>=8,<9`, or empty. */
  readonly specifier: string;
  /** An address instead of a version. */
  readonly url?: string;
  readonly marker?: string;
}

const REQUIREMENT = /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?<rest>.*)$/s;

/** PEP 503: one spelling for the many that mean one package. */
export const normalizedName = (name: string): string => name.replace(/[-_.]+/g, "-").toLowerCase();

/** undefined: the text is no requirement. */
export function parseRequirement(text: string): PythonRequirement | undefined {
  const { name, extras, rest = "" } = REQUIREMENT.exec(text.trim())?.groups ?? {};
  if (name === undefined) return undefined;
  const isUrl = rest.startsWith("@");
  // A semicolon may stand in an address; one after a blank does not.
  const cut = isUrl ? rest.search(/\s;/) : rest.indexOf(";");
  const [head, marker] = cut < 0 ? [rest, undefined] : [rest.slice(0, cut), rest.slice(cut).replace(/^\s*;/, "").trim()];
  const specifier = head.trim().replace(/^\((.*)\)$/s, "$1");
  if (!isUrl && !/^[\s\w.*+!<>=~,-]*$/.test(specifier)) return undefined;
  return {
    name: normalizedName(name),
    extras: (extras ?? "").split(",").flatMap((extra) => (extra.trim() === "" ? [] : [normalizedName(extra.trim())])),
    specifier: isUrl ? "" : specifier.replace(/\s+/g, ""),
    ...(isUrl && { url: head.slice(1).trim() }),
    ...(marker !== undefined && marker !== "" && { marker }),
  };
}

/** Where the flake's packages are built: the interpreter of nixpkgs on Linux and on macOS. */
const environments = (python: string): readonly Environment[] =>
  (["linux", "darwin"] as const).map((platform) => ({
    python_version: python,
    python_full_version: `${python}.0`,
    os_name: "posix",
    sys_platform: platform,
    platform_system: platform === "linux" ? "Linux" : "Darwin",
    implementation_name: "cpython",
    platform_python_implementation: "CPython",
    extra: "",
  }));

/** Whether the requirement holds anywhere that the flake builds for; a marker that is not understood may. */
export const mayApply = ({ marker }: PythonRequirement, python: string): boolean =>
  marker === undefined || environments(python).some((environment) => evaluateMarker(marker, environment) !== false);
