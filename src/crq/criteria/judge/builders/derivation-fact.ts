import type { DerivationFile } from "../../../../nix/derivation-file.ts";
import { type BuilderFact, PHASES } from "./builder-facts.ts";

/** What a builder does, read from the derivation in the store instead of from the set of attributes that an evaluation gave. Pure. */

/** `built`: output paths of the derivations it needs. */
export function factOfDerivation(name: string, file: DerivationFile, built: readonly string[]): BuilderFact {
  const attributes = attributesOf(file);
  const text = (key: string): string | null => attributes.get(key) ?? null;
  const isSet = (key: string): boolean => (attributes.get(key) ?? "") !== "";
  const filled = (command: string | null): string | null => command && withVariables(command, file, built);
  const command = text("buildCommand") ?? file.args.join(" ");
  const asFile = words(text("passAsFile") ?? "");
  const off: Readonly<Record<(typeof PHASES)[number], boolean>> = {
    configurePhase: isSet("dontConfigure"),
    buildPhase: isSet("dontBuild"),
    installPhase: isSet("dontInstall"),
    checkPhase: !isSet("doCheck"),
    installCheckPhase: !isSet("doInstallCheck"),
  };
  return {
    name,
    derivation: true,
    builder: file.builder,
    arguments: file.args.map((argument) => withVariables(argument, file, built)),
    buildCommand: filled(text("buildCommand")),
    needsBuilds: built.some((path) => command.includes(path)),
    source: attributes.has("src") || attributes.has("srcs"),
    phases: Object.fromEntries(PHASES.flatMap((phase) => (attributes.has(phase) ? [[phase, text(phase)]] : []))),
    off: PHASES.filter((phase) => off[phase]),
    asFile,
    emptyLists: asFile.filter((key) => attributes.get(key) === ""),
    testFlags: [],
  };
}

/** Everything that the builder is told: its arguments and the values of its attributes. */
export const wordsToldTo = (file: DerivationFile): string => [...file.args, ...file.env.values()].join("\n");

/** With `__structuredAttrs` they stand in one JSON text. */
function attributesOf({ env }: DerivationFile): ReadonlyMap<string, string> {
  const structured = env.get("__json");
  if (structured === undefined) return env;
  try {
    const parsed: unknown = JSON.parse(structured);
    if (typeof parsed !== "object" || parsed === null) return env;
    return new Map(Object.entries(parsed).map(([key, value]) => [key, asText(value)]));
  } catch {
    // Nix itself wrote it; what cannot be read says nothing.
    return env;
  }
}

const asText = (value: unknown): string =>
  typeof value === "string"
    ? value
    : Array.isArray(value)
      ? value.map(asText).join(" ")
      : value === true
        ? "1"
        : JSON.stringify(value);

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** A variable that holds no build is as good as its text: `cp $tree/app $out`. Those of the outputs stay. */
function withVariables(command: string, { env, outputs }: DerivationFile, built: readonly string[]): string {
  return command.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? "";
    const value = outputs.has(name) ? undefined : env.get(name);
    return value === undefined || built.some((path) => value.includes(path)) || !/^[\w./:@%+=,-]*$/.test(value) ? whole : value;
  });
}
