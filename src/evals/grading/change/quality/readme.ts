import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { parseAttributePath } from "../../../../nix/attribute-path.ts";
import { drvPathsFunction } from "../../../../nix/questions/derivation-paths.ts";
import { pristineCopy, removeCopy } from "../../../../repo/workspace/workspace.ts";
import { onThisSystem, TIMEOUT } from "../subject.ts";
import { type QualityMeasure, seen } from "./measure.ts";

const derivations = z.array(z.string());

/** Who edits README.md builds nothing again: the sources are filtered. */
export const readme: QualityMeasure = {
  name: "readme",
  async look(subject) {
    const { place, workspace, commit, context, signal } = subject;
    if (!context.target.has("README.md")) return undefined;
    const paths = place.task.checks.build.attrs.flatMap((one) => {
      const path = parseAttributePath(onThisSystem(subject, one));
      return path === undefined ? [] : [path];
    });
    const apply = drvPathsFunction(paths);
    const before = await evaluator(context).evaluateOutputs(apply, TIMEOUT.eval * 1000);
    const directory = await pristineCopy(workspace, commit, join(place.work, "readme"));
    try {
      await appendFile(join(directory, "README.md"), "\nOne more line.\n");
      const after = await place.nix.evaluate(directory, "", { apply, signal, timeoutMs: TIMEOUT.eval * 1000 });
      if (!before.ok || !after.ok) return undefined;
      const [was, is] = [derivations.parse(before.value), derivations.parse(after.value)];
      const moved = was.filter((drv, at) => drv !== is[at]).length;
      return seen(
        moved === 0,
        moved === 0 ? "an edited README.md builds nothing again" : `an edited README.md builds ${moved} again`,
      );
    } finally {
      await removeCopy(directory);
    }
  },
};
