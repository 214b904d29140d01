import type { Command } from "commander";
import { type Act, output, repository, world } from "./options.ts";

/** Verbs that keep the repository itself in order; each shows what it would change before it changes it. */
export function addRepositoryVerbs(root: Command, act: Act): void {
  root.commandsGroup("The repository:");
  output(world(repository(root.command("vendor"))))
    .description("give the inputs of flake.nix the form of [policy.inputs], and lock those that changed")
    .option("--dry-run", "print the diff and write nothing")
    .option("--network", "ask GitHub for the branches of forks that crq-agent.toml does not name")
    .option("--yes", "write without a question")
    .action(act("vendor", async () => (await import("../repository/vendor.ts")).vendor));
}
