import { type Command, Option } from "commander";
import { type Act, limits, model, output, repeated, repository, worlds } from "./options.ts";

/** The way of a change: from a sentence to a document, an approval, a branch and its proof. */
export function addChangeVerbs(root: Command, act: Act): void {
  root.commandsGroup("The way of a change:");
  output(limits(model(worlds(repository(root.command("draft"))))))
    .argument("[task]", "the wish, in one sentence")
    .description("write a CRQ from one sentence, the project's docs and its list of CRQs")
    .option("--task-file <file>", "read the wish from a file")
    .addOption(repeated("--docs <dir>", "a folder or file of documents (default: those of crq-agent.toml)"))
    .option("--list <file>", "list of existing CRQs")
    .option("--kind <kind>", "nixify, lattice, steps, fix, refactor, docs, policy or incident")
    .option("--id <id>", "use this id (CRQ-NNN)")
    .option("--unnumbered", "write CRQ-XXX and number it later")
    .option("--stdout", "print the CRQ and write no file")
    .action(act("draft", async () => (await import("../change/draft.ts")).draft));

  output(repository(root.command("approve")))
    .argument("<crq>", "id, number or path of a CRQ")
    .description("approve a CRQ: its scope and criteria are bound to a hash")
    .option("--yes", "do not ask")
    .action(act("approve", async () => (await import("../change/approve.ts")).approve));

  output(limits(model(worlds(repository(root.command("apply"))))))
    .argument("[crq]", "id, number or path of an approved CRQ")
    .description("change the repository until every criterion is proven, then hand over a branch")
    .option("--task <text>", "draft a CRQ from this sentence first, approve it unattended (needs --yes) and apply it")
    .option("--task-file <file>", "read the sentence from a file")
    .addOption(repeated("--docs <dir>", "a folder or file of documents (default: those of crq-agent.toml)"))
    .option("--yes", "answer every question with yes; an approval given this way is recorded as unattended")
    .addOption(
      new Option("--approve <how>", "ask: show each proposal to the person at the terminal before it counts").choices([
        "ask",
        "auto",
      ]),
    )
    .option("--patch <file>", "hand over a patch file instead of a branch")
    .option("--branch <name>", "name of the branch (default: the CRQ's)")
    .option("--unsafe-local", "run built programs unconfined where this machine cannot confine them; the report says so")
    .action(act("apply", async () => (await import("../change/apply.ts")).apply));

  output(worlds(repository(root.command("verify"))))
    .argument("<crq>", "id, number or path of a CRQ")
    .description("run the acceptance criteria alone, without a model")
    .addOption(repeated("--ac <id>", "only this criterion"))
    .option(
      "--report <dir>",
      "also write the evidence to this folder: report.json, report.md, junit.xml, report.sarif, statement.intoto.json, logs",
    )
    .addOption(
      repeated("--answer <AC-n=pass|fail>", "the answer of a manual criterion, kept while criteria and files are the same"),
    )
    .option("--baseline-only", "only try the criteria at the CRQ's base")
    .option("--close", "when every criterion passes, write the report beside the CRQ and close it")
    .option("--unsafe-local", "run built programs unconfined where this machine cannot confine them; the report says so")
    .action(act("verify", async () => (await import("../change/verify.ts")).verify));
}
