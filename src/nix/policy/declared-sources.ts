import type { FlakeInputs, SourcePlace } from "../nix.ts";

/** What flake.nix itself says of where its inputs come from. */

/** A place of flake.nix that says where something comes from: an input, or an override of an input's own input. */
export interface DeclaredSource {
  readonly name: string;
  readonly override: boolean;
  readonly url?: string;
  readonly follows?: string;
  readonly position?: SourcePlace;
}

/** Inputs and overrides in one list. `inputs.self` (Nix 2.27 and later) only says how the flake itself is fetched. */
export function declaredSources({ inputs }: FlakeInputs): readonly DeclaredSource[] {
  return inputs.flatMap(({ overrides, ...input }) =>
    input.name === "self" && input.url === undefined
      ? []
      : [
          source(input.name, input, false),
          ...Object.entries(overrides).flatMap(([path, override]) =>
            override.url === undefined && override.follows === undefined ? [] : [source(`${input.name}/${path}`, override, true)],
          ),
        ],
  );
}

const source = (
  name: string,
  { url, follows, position }: Partial<Pick<DeclaredSource, "url" | "follows" | "position">>,
  override: boolean,
): DeclaredSource => ({
  name,
  override,
  ...(url !== undefined && { url }),
  ...(follows !== undefined && { follows }),
  ...(position && { position }),
});

/** The attribute of flake.nix that a source stands at: `inputs.naersk.inputs.nixpkgs`. */
export const attributeOf = (name: string): string => `inputs.${name.split("/").join(".inputs.")}`;

/** Arguments of outputs that Nix would ask a registry for. */
export function undeclaredArguments({ inputs, outputArguments }: FlakeInputs): readonly string[] {
  const declared = new Set(["self", ...inputs.map(({ name }) => name)]);
  return Object.keys(outputArguments).filter((name) => !declared.has(name));
}
