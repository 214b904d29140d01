import { failed, passed } from "../../../../crq/criteria/check/result.ts";
import { runProgram } from "../../../../crq/criteria/programs/run-program.ts";
import { fail, type GateDefinition, pass } from "../gate.ts";
import { hostTools } from "../host-tools.ts";
import { requireMachine } from "../observe.ts";
import type { ChangeSubject } from "../subject.ts";

/** A whole test suite may have to be compiled. */
const PRESERVED_TIMEOUT_MS = 600_000;

/** What worked without Nix still does: commands run in a private copy, confined, with the tools that the world builds with. */
export const preserved: GateDefinition<ChangeSubject> = {
  name: "preserved",
  needs: ["patch"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.preserved.length === 0 ? "the task names no command to preserve" : undefined),
  async run(subject) {
    const { context, place } = subject;
    const { confine, variables } = await hostTools(place.machine.host, place.affinity);
    const environment = { ...context.environment, confine };
    const toolContext = { ...context, environment, criterion: "grading", index: 0, expand: (text: string) => text };
    const failing: string[] = [];
    const logs: string[] = [];
    for (const { argv, exit } of place.task.checks.preserved) {
      const shown = argv.join(" ");
      const result = await runProgram(
        { argv, cwd: ".", env: variables, timeoutMs: PRESERVED_TIMEOUT_MS },
        toolContext,
        async (ran) => {
          const counts = { candidates: 1, checked: 1 };
          const details = { argv, exit: ran.exit, log: `${ran.stdout}\n--- stderr ---\n${ran.stderr}` };
          return ran.exit === exit
            ? passed("run", `exit code ${exit}`, counts, details)
            : failed("exit", "run", `exit code ${ran.exit} instead of ${exit}`, counts, details);
        },
      );
      await requireMachine(result, environment);
      logs.push(`=== ${shown}: ${result.verdict}: ${result.reason}\n${result.log}`);
      if (result.verdict !== "pass") failing.push(`${shown}: ${result.reason}`);
    }
    return failing.length > 0 ? fail(failing.join("; "), logs.join("\n")) : pass("all still do", logs.join("\n"));
  },
};
