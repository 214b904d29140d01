import { nixProblems } from "../../../../../nix/gate/nix-rules.ts";
import type { TamperRule } from "../../rule.ts";

/** A flake that chooses Nix's settings could switch the sandbox off. */
export const nixConfig: TamperRule = {
  name: "nix-config",
  confirmedBy: "always",
  tried: "suspicion",
  find: ({ changes }) =>
    changes
      .filter(({ path }) => path.endsWith(".nix"))
      .flatMap((change) => nixProblems(change).filter(({ rule }) => rule === "nix-config"))
      .map(({ file, line, message }) => `${file}:${line}: ${message}`),
};
