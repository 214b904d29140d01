/** An input of a flake that lies beside others in one tree: nixpkgs, or a sibling by its relative path. */
export interface FlakeInput {
  readonly name: string;
  readonly url: string;
  /** Inputs of this input that follow another one: `["b"]` → `["c", "b"]`. */
  readonly follows: readonly { readonly path: readonly string[]; readonly target: readonly string[] }[];
  /** It is not taken, but several of those that are share it: declared so that they can follow one. */
  readonly shared: boolean;
}
