import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "./place.ts";
import { PACKAGE_ROOT } from "./world.ts";

/** Where the program looks for Nix besides PATH: what is installed there cannot be hidden. */
export const elsewhere = ["/nix/var/nix/profiles/default/bin/nix", "/run/current-system/sw/bin/nix"].filter((file) =>
  existsSync(file),
);

/** A copy of the program that no set-up has given a Nix, and a PATH without one. */
export async function bareMachine(at: Place, more: readonly string[] = []) {
  const root = join(at.folder, "package");
  await mkdir(root);
  for (const part of ["src", "prompts", "package.json"])
    await cp(join(PACKAGE_ROOT, part), join(root, part), { recursive: true });
  await symlink(join(PACKAGE_ROOT, "node_modules"), join(root, "node_modules"));
  const path = (process.env.PATH ?? "").split(":").filter((folder) => !existsSync(join(folder, "nix")));
  const env = {
    PATH: [...more, ...path].join(":"),
    XDG_CACHE_HOME: join(at.folder, "cache"),
    // Goes with the copy that it is of.
    NODE_COMPILE_CACHE: join(at.folder, "node-compile"),
  };
  return { program: join(root, "src", "bin.ts"), env };
}
