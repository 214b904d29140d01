import { z } from "zod";
import { formatAttributePath, nixString, nixStrings } from "../attribute-path.ts";
import type { EvaluatedOutputs } from "./proposal.ts";

/** Kinds of outputs that hold derivations by system and name. */
const KINDS = ["packages", "devShells", "checks"] as const;

/**
 * One function of a flake's outputs: forces the .drv of everything that this machine's system offers, the program of its apps and its
 * formatter, and lists the names of the other systems. Asked once, so that the gate costs one evaluation.
 */
export function outputsFunction(host: string, systems: readonly string[], attributes: readonly (readonly string[])[]): string {
  return `outputs: let
  set = v: if builtins.isAttrs v then v else { };
  of = kind: system: set ((set (outputs.\${kind} or { })).\${system} or { });
  drv = where: v:
    if (v.type or null) == "derivation" then builtins.unsafeDiscardStringContext v.drvPath
    else throw "flake attribute '\${where}' is not a derivation";
  text = where: v: if builtins.isString v then builtins.unsafeDiscardStringContext v else throw "flake attribute '\${where}' is not a string";
  host = ${nixString(host)};
  at = path: builtins.foldl' (v: name: if builtins.isAttrs v && builtins.hasAttr name v then builtins.getAttr name v else null) outputs path;
  kinds = ${nixStrings(KINDS)};
  own = map (kind: builtins.mapAttrs (name: drv "\${kind}.\${host}.\${name}") (of kind host)) kinds;
  apps = builtins.mapAttrs (name: app: text "apps.\${host}.\${name}.program" (app.program or null)) (of "apps" host);
  formatter = (set (outputs.formatter or { })).\${host} or null;
  named = map (wanted: let value = at wanted.path; in if value == null then null else drv wanted.text value) [ ${attributes
    .map((path) => `{ path = ${nixStrings(path)}; text = ${nixString(formatAttributePath(path))}; }`)
    .join(" ")} ];
  names = system: builtins.listToAttrs (map (kind: { name = kind; value = builtins.attrNames (of kind system); }) (kinds ++ [ "apps" ]));
in {
  inherit own named;
  forced = builtins.deepSeq [ apps (if formatter == null then null else drv "formatter.\${host}" formatter) ] true;
  names = builtins.listToAttrs (map (system: { name = system; value = names system; }) ${nixStrings(systems)});
}`;
}

const answerSchema = z.object({
  own: z.array(z.record(z.string(), z.string())),
  named: z.array(z.string().nullable()),
  forced: z.literal(true),
  names: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
});

export function readOutputs(answer: unknown, host: string, attributes: readonly (readonly string[])[]): EvaluatedOutputs {
  const { own, named, names } = answerSchema.parse(answer);
  const derivations: Record<string, string> = {};
  KINDS.forEach((kind, i) => {
    for (const [name, drv] of Object.entries(own[i] ?? {})) derivations[formatAttributePath([kind, host, name])] = drv;
  });
  attributes.forEach((path, i) => {
    const drv = named[i];
    if (typeof drv === "string") derivations[formatAttributePath(path)] = drv;
  });
  const byKind: Record<string, Record<string, readonly string[]>> = {};
  for (const [system, kinds] of Object.entries(names))
    for (const [kind, list] of Object.entries(kinds)) byKind[kind] = { ...byKind[kind], [system]: list };
  return { derivations, names: byKind };
}
