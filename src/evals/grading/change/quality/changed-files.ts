import { overlayFiles } from "../../../task/overlay.ts";
import { isOwnHandOver } from "../../tamper/own-hand-over.ts";
import { type QualityMeasure, seen } from "./measure.ts";

/** Files beyond those that a solution changes. */
const MOST_OTHERS = 2;

/** The change is about as narrow as the narrowest solution. */
export const changedFiles: QualityMeasure = {
  name: "changed-files",
  async look({ changed, place: { task }, settings }) {
    const paths = changed
      .map(({ path }) => path)
      .filter((path) => path !== "flake.lock" && !isOwnHandOver(path, settings.crqFolder));
    const beyond = task.solutions.map((solution) => {
      const known = new Set(overlayFiles(task, solution));
      return paths.filter((path) => !known.has(path));
    });
    const [least = []] = beyond.sort((a, b) => a.length - b.length);
    return seen(
      least.length <= MOST_OTHERS,
      `${least.length} files that no solution changes${least.length > 0 ? `: ${least.slice(0, 5).join(", ")}` : ""}`,
    );
  },
};
