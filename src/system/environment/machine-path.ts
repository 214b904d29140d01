/** Paths that mean something on one machine only, and tell where their writer lives. */

/** Folders at the root of a machine; other absolute paths (`/api/v1`) are names, not places. */
const ROOTS =
  "home|Users|root|data|mnt|media|opt|srv|tmp|usr|var|etc|private|Volumes|workspace|work|build|nix/store|nix/var|run/user";

/**
 * A fresh pattern with the flag g: `lastIndex` is nobody else's. Behind a drive stands a name, and no backslash before it: `\n:\.` and `k:\d+` are
 * parts of a regex.
 */
export const machinePaths = (): RegExp =>
  new RegExp(
    `(?<![\\w.:/$}@~-])(?:file:///?[^\\s\`"'<>)\\]]+|~/[^\\s\`"'<>)\\]]*|/(?:${ROOTS})/[^\\s\`"'<>)\\]]*|(?<!\\\\)[A-Za-z]:\\\\\\w{2}[^\\s\`"'<>)]*)`,
    "g",
  );
