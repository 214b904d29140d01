import { parseAttributePath } from "../../../nix/attribute-path.ts";
import type { Check } from "../../checks.ts";
import type { WantedAttribute, WantedFacts } from "./flake-facts.ts";

/** The attribute paths that checks name, so that one evaluation can answer for all of them. Pure. */

/** `devShell.SYSTEM` for `devShells.SYSTEM.default`, `defaultPackage.SYSTEM` for `packages.SYSTEM.default`, and so on. */
export function oldName(path: string): string | undefined {
  const names = parseAttributePath(path);
  const [output, system, name] = names ?? [];
  if (names?.length !== 3 || name !== "default" || output === undefined) return undefined;
  const old = OLD_NAMES.get(output);
  return old === undefined ? undefined : `${old}.${system}`;
}

const OLD_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({ packages: "defaultPackage", devShells: "devShell", apps: "defaultApp" }),
);

export interface AttributeScope {
  readonly system: string;
  readonly systems: readonly string[];
  /** Fills in variables; undefined where one has no value yet. */
  readonly expand: (text: string, system: string) => string | undefined;
}

/** `packages.SYSTEM.NAME` and its like, for the system that this machine can build for. */
const isOfSystem = (path: string | undefined, system: string): boolean => {
  const [output = "", on] = (path === undefined ? undefined : parseAttributePath(path)) ?? [];
  return ["packages", "devShells", "checks"].includes(output) && on === system;
};

/** Everything that the checks ask `SharedNix.facts` about, old names included. */
export function wantedFacts(checks: readonly Check[], scope: AttributeScope): WantedFacts {
  const wanted = new Map<string, WantedAttribute>();
  const want = (text: string, system: string, build = false): void => {
    const path = scope.expand(text, system);
    if (path === undefined) return;
    for (const name of [path, oldName(path)]) {
      const names = name === undefined ? undefined : parseAttributePath(name);
      if (name !== undefined && names) wanted.set(name, { path: name, names, build: build || wanted.get(name)?.build === true });
    }
  };
  for (const check of checks) {
    if (check.kind === "flake-outputs") {
      for (const path of [...check.require, ...check.forbid])
        for (const system of check.systems ?? scope.systems)
          want(path, system, check.require.includes(path) && isOfSystem(scope.expand(path, system), scope.system));
    } else if (check.kind === "nix-build") {
      want(check.attr, scope.system, true);
    } else if (check.kind === "dev-shell") {
      want(`devShells.${scope.system}.${check.shell}`, scope.system);
    } else if (check.kind === "command") {
      want(`devShells.${scope.system}.default`, scope.system);
    }
  }
  return { attributes: [...wanted.values()], checks: checks.some((check) => check.kind === "flake-check") };
}
