import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { PACKAGE_ROOT } from "../program/world.ts";

/** What nix/package.nix takes into its source: the flake builds the package with `npm run build`, from these files and no others. */
const source = readFileSync(join(PACKAGE_ROOT, "nix/package.nix"), "utf8");
const taken = [...(/fileset\.unions \[(?<paths>[^\]]*)\]/u.exec(source)?.groups?.paths ?? "").matchAll(/\.\.\/(\S+)/gu)].map(
  (match) => match[1] ?? "",
);
const manifest = z
  .object({ files: z.array(z.string()), man: z.array(z.string()), scripts: z.object({ build: z.string() }) })
  .parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")));

it("holds what the package ships and what its build reads", () => {
  const build = manifest.scripts.build.split(/\s+/u).filter((word) => /\.(?:ts|json)$/u.test(word));
  expect(build).toEqual(["tsconfig.build.json", "scripts/write-help.ts"]);
  const needed = [...manifest.files.filter((path) => path !== "dist"), ...manifest.man, ...build];
  const isTaken = (path: string): boolean => taken.some((entry) => path === entry || path.startsWith(`${entry}/`));
  expect(needed.filter((path) => !isTaken(path))).toEqual([]);
  expect(taken.filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([]);
});
