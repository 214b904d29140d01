import { formatAttributePath, nixString, nixStrings } from "../attribute-path.ts";

/**
 * A function of a flake's outputs that gives the .drv of each attribute path, in order. What is not there is said in Nix's own words, since
 * the plain error of a nested selection names the last part only.
 */
export function drvPathsFunction(paths: readonly (readonly string[])[]): string {
  const asked = paths.map((path) => `{ path = ${nixStrings(path)}; text = ${nixString(formatAttributePath(path))}; }`);
  return `outputs: map (wanted:
    let
      select = set: name:
        if builtins.isAttrs set && builtins.hasAttr name set then builtins.getAttr name set
        else throw "flake does not provide attribute '\${wanted.text}'";
      value = builtins.foldl' select outputs wanted.path;
    in
      if (value.type or null) == "derivation" then builtins.unsafeDiscardStringContext value.drvPath
      else throw "flake attribute '\${wanted.text}' is not a derivation"
  ) [ ${asked.join(" ")} ]`;
}
