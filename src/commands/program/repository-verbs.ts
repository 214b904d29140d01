import type { Command } from "commander";
import { type Act, limits, model, output, repeated, repository, world, worlds } from "./options.ts";

/** Verbs that keep the repository itself in order; each shows what it would change before it changes it. */
export function addRepositoryVerbs(root: Command, act: Act): void {
  root.commandsGroup("The repository:");
  output(limits(model(worlds(repository(root.command("repair"))))))
    .argument("[attribute]", "what does not build: a package, checks, or an attribute path (default: the whole flake)")
    .description("find out why a flake does not build, mend it in a private copy, prove it and hand over a branch")
    .option("--task <sentence>", "what you know of it, or want kept, for the model to read")
    .option("--task-file <file>", "read that from a file")
    .option("--without-rules", "with --model: ask that model from the start, without the rules' own attempt")
    .option("--crq", "add a CRQ of kind fix that says what was broken and how the repair is proven")
    .option("--yes", "answer every question with yes")
    .option("--patch <file>", "hand over a patch file instead of a branch")
    .option("--branch <name>", "name of the branch (default: fix/build-of-NAME)")
    .option("--unsafe-local", "run built programs unconfined where this machine cannot confine them; the report says so")
    .action(act("repair", async () => (await import("../repository/repair.ts")).repair));

  output(worlds(repository(root.command("refresh"))))
    .description("bring flake.lock, hashes and toolchain pins in step with Cargo.lock and rust-version, and build with them")
    .option("--check", "change nothing; exit 1 when something is out of step")
    .addOption(repeated("--update <input>", "also move this flake input"))
    .option("--yes", "write without a question")
    .option("--dry-run", "show what would change and write nothing")
    .action(act("refresh", async () => (await import("../repository/refresh.ts")).refresh));

  output(repository(root.command("survey")))
    .description("print what the repository holds and which builder a flake would take, with the line behind each fact")
    .option("--at <ref>", "look at this commit instead of HEAD")
    .addOption(repeated("--docs <dir>", "folder or file of documents that may name a builder"))
    .action(act("survey", async () => (await import("../repository/survey.ts")).survey));

  output(world(repository(root.command("vendor"))))
    .description("give the inputs of flake.nix the form of [policy.inputs], and lock those that changed")
    .option("--dry-run", "print the diff and write nothing")
    .option("--network", "ask GitHub for the branches of forks that crq-agent.toml does not name")
    .option("--yes", "write without a question")
    .action(act("vendor", async () => (await import("../repository/vendor.ts")).vendor));
}
