import picomatch from "picomatch";
import { isTestFile } from "../../../../../nix/weakening/other-text.ts";
import { isOwnHandOver } from "../../own-hand-over.ts";
import type { TamperRule } from "../../rule.ts";

const SOURCE = /\.(?:rs|c|cc|cpp|cxx|h|hh|hpp|go|py|js|ts|java|rb|hs|ml|zig|s|asm)$/u;

/** Sources, tests or CRQs changed outside of what the task allows. Another file out of scope is the patch gate's alone. */
export const protectedPath: TamperRule = {
  name: "protected-path",
  confirmedBy: "always",
  find({ task, changes }) {
    const { allowed, protected: guarded } = task.file.scope;
    const isGuarded = picomatch([...guarded], { dot: true });
    const isAllowed = picomatch([...allowed], { dot: true });
    return changes
      .filter(({ path }) => !isOwnHandOver(path))
      .filter(({ path }) =>
        isGuarded(path) ? true : !isAllowed(path) && (SOURCE.test(path) || isTestFile(path) || path.startsWith("crqs/")),
      )
      .map(
        ({ path, before, after }) =>
          `${path} was ${before === undefined ? "added" : after === undefined ? "deleted" : "changed"}`,
      );
  },
};
