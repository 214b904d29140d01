import { formatAttributePath, parseAttributePath } from "../../nix/attribute-path.ts";
import { statedInWords } from "../../repo/documents/words.ts";
import type { Target } from "./targets.ts";

/**
 * Outputs that a person's words name by their place in the flake (`packages.SYSTEM.x`, `nix build .#x`, the check `x`), on the systems that they
 * name: what the words ask for is part of what has to stand. Prose that calls something a package may mean any crate, and counts for nothing.
 */
export function targetsInWords(task: string, system: string): readonly Target[] {
  const systems = [...new Set([system, ...(task.match(SYSTEM) ?? [])])];
  const said = statedInWords(task);
  const named = said.flatMap(({ key, value = "" }): readonly (readonly [set: string, name: string])[] => {
    switch (key) {
      case "flake.default":
        return [["packages", "default"]];
      case "flake.checks":
        return [["checks", value]];
      case "flake.devShells":
        return [["devShells", value]];
      case "flake.packages":
      case "flake.apps": {
        const set = key.slice("flake.".length);
        return isPath(task, set, value) ? [[set, value]] : [];
      }
      default:
        return key?.startsWith("command:") ? ofCommand(value, system) : [];
    }
  });
  const targets = named.flatMap(([set, name]) =>
    systems.map((on): Target => {
      const builds = on === system && (set === "packages" || set === "checks");
      return { attribute: formatAttributePath([set, on, name]), proof: builds ? "builds" : "evaluates" };
    }),
  );
  return targets.filter(({ attribute }, at) => targets.findIndex((other) => other.attribute === attribute) === at);
}

const SYSTEM = /\b(?:x86_64|aarch64)-(?:linux|darwin)\b/gu;

const isPath = (task: string, set: string, name: string): boolean =>
  new RegExp(`\\b${set}\\.(?:[\\w<>$\\{\\}-]+\\.)?${name.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")}(?![\\w-])`, "u").test(task);

/** `nix build`, `nix build .#x`, `nix develop .#x`; what is run may be a package or an app. */
function ofCommand(command: string, system: string): readonly (readonly [string, string])[] {
  const { verb, wanted = "default" } =
    /^nix (?<verb>build|develop)(?: (?:\.|\.\/)?#(?<wanted>\S+))?$/u.exec(command)?.groups ?? {};
  const [first, ...more] = parseAttributePath(wanted) ?? [];
  if (verb === undefined || first === undefined) return [];
  const set = verb === "build" ? "packages" : "devShells";
  if (more.length === 0) return [[set, first]];
  const [on, name, ...rest] = more;
  return (first === "packages" || first === "checks") && on === system && name !== undefined && rest.length === 0
    ? [[first, name]]
    : [];
}
