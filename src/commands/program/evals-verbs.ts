import { type Command, Option } from "commander";
import { type Act, output, positive, repeated } from "./options.ts";

/** Verbs that compare models on real builds. */
export function addEvalsVerbs(root: Command, act: Act): void {
  root.commandsGroup("Comparing models:");
  const evals = root.command("evals").description("compare models on tasks with hidden checks: run, report, compare, gate");
  selection(runsFolder(output(evals.command("list"))))
    .description("tasks, with what they need and how they ended last")
    .action(act("evals-list", async () => (await import("../evals/list.ts")).list));
  selection(runsFolder(output(evals.command("validate"))))
    .argument("[ids...]", "tasks (default: all that are chosen)")
    .description("whether tasks may stand in a suite: solutions pass, doing nothing and cheats fail, nothing hidden shows")
    .option("--quick", "one pass of each solution instead of three")
    .option("--jobs <n>", "tasks at the same time", positive)
    .option("--world <dir>", "offline world (default: [evals] world of crq-agent.toml, else the one that comes with crq-agent)")
    .action(act("evals-validate", async () => (await import("../evals/validate.ts")).validate));
}

export const runsFolder = (command: Command): Command =>
  command.option("--runs <dir>", "folder of runs (default: [evals] runs of crq-agent.toml, else .crq-agent/evals/runs)");

export const selection = (command: Command): Command =>
  command
    .addOption(repeated("--tasks <dir>", "folder of tasks (default: [evals] tasks of crq-agent.toml, else evals/tasks)"))
    .option("--select <expr>", 'such as "tier<=2 kind=repair cluster=mdtoc id=…"; all parts must hold')
    .addOption(new Option("--split <name>", "tasks of one split").choices(["dev", "regress", "heldout"]));
