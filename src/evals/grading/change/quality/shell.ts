import { requireMachine } from "../observe.ts";
import { checkOf, observe } from "../subject.ts";
import { type QualityMeasure, seen } from "./measure.ts";

/** The development shell offers the tools that the task names. */
export const shell: QualityMeasure = {
  name: "shell",
  async look(subject) {
    const { tools } = subject.place.task.checks.quality;
    if (tools.length === 0) return undefined;
    const missing: string[] = [];
    for (const tool of tools) {
      const result = await observe(subject, checkOf("dev-shell", { run: { argv: [tool, "--version"], exit: 0 } }));
      await requireMachine(result, subject.context.environment);
      if (result.verdict !== "pass") missing.push(tool);
    }
    return seen(missing.length === 0, missing.length === 0 ? `offers ${tools.join(", ")}` : `lacks ${missing.join(", ")}`);
  },
};
