import type { Command } from "commander";
import { type Act, output, repeated, repository, world } from "./options.ts";

/** Verbs about the steps of a build: record what it runs, check the records. */
export function addStepsVerbs(root: Command, act: Act): void {
  root.commandsGroup("The steps of a build:");
  const steps = root.command("steps").description("record what a build runs, call by call, and check the records");
  output(steps.command("record"))
    .argument("<command...>", "your own build, after --: cargo, make, a driver; it runs here, in your checkout")
    .description(
      "run a build and record every compiler it calls, with inputs and outputs (crq-step/1); ends with the build's own exit code",
    )
    .option("--out <dir>", "folder of the records", "steps")
    .option("--source <dir>", "root of the project's files (default: this folder)")
    .option("--build <dir>", "what the build writes lies here (default: among the project's files)")
    .addOption(repeated("--also <name>", "also record calls of this tool, found on PATH"))
    .action(act("steps-record", async () => (await import("../steps/record.ts")).record));
  output(steps.command("describe"))
    .argument("<command...>", "your own build, after --; its compilers are not run")
    .description(
      "write down which compilers a build would call, and start none of them: only what comes before the first result it needs",
    )
    .option("--out <dir>", "folder of the descriptions", "steps")
    .option("--source <dir>", "root of the project's files (default: this folder)")
    .option("--build <dir>", "what the build writes lies here (default: among the project's files)")
    .addOption(repeated("--also <name>", "also describe calls of this tool, found on PATH"))
    .action(act("steps-describe", async () => (await import("../steps/describe.ts")).describe));
  output(steps.command("check"))
    .argument("[dir]", "folder or file of records", "steps")
    .description("check step records: schema, order, inputs and outputs, stubs, secrets")
    .action(act("steps-check", async () => (await import("../steps/check.ts")).check));
  output(world(repository(steps.command("flakes"))))
    .argument("[dir]", "folder of the records; the flakes come beside them", "steps")
    .description("write a flake for every recorded step, wired as the steps depend on each other, and one that joins the last")
    .option("--source <dir>", "what @source@ of the records stands for (default: this folder)", ".")
    .addOption(
      repeated("--system <name>", "a system that the flakes are for (default: this one, on which the calls were recorded)"),
    )
    .option("--described-at <dir>", "where the project lay when its calls were described, if elsewhere")
    .action(act("steps-flakes", async () => (await import("../steps/flakes.ts")).flakes));
}
