/** Flakes without inputs, whose builders are the /bin/sh of the sandbox: what canaries are made of. */

/** The variable of checks, filled in when one runs. */
export const SYSTEM = "${system}";

const SYSTEMS = `[ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ]`;

/**
 * A flake with one derivation `OUTPUT.SYSTEM.NAME` for each system, built by `sh -c SCRIPT`. `script` must hold no `''`. No cache is asked
 * for what is built in a moment: without a network that would take seconds.
 */
export function minimalFlake(output: string, name: string, script: string): string {
  return `{
  outputs = { self }: {
    ${output} = builtins.listToAttrs (map (system: {
      name = system;
      value.${name} = derivation {
        name = "${name}";
        inherit system;
        builder = "/bin/sh";
        args = [ "-c" ''${script}'' ];
        allowSubstitutes = false;
      };
    }) ${SYSTEMS});
  };
}
`;
}
