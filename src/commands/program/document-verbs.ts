import { type Command, Option } from "commander";
import { type Act, output, repeated, repository } from "./options.ts";

/** Verbs that keep CRQ documents and their lists in order. */
export function addDocumentVerbs(root: Command, act: Act): void {
  root.commandsGroup("Documents:");
  output(repository(root.command("init")))
    .description("look at the repository and make crq-agent.toml, the CRQ folder and its lists; overwrites nothing")
    .option("--dry-run", "say what was found and what would be written, and write nothing")
    .action(act("init", async () => (await import("../documents/init/init.ts")).init));
  output(repository(root.command("status")))
    .argument("[crq]", "id, number or path of a CRQ (default: all)")
    .description("where each change stands: stored and derived state, criteria, freshness, open questions")
    .action(act("status", async () => (await import("../documents/status.ts")).status));

  output(repository(root.command("show")))
    .argument("[crq]", "id, number or path of a CRQ; may be left out with --trace")
    .description("one CRQ or a part of it, with its state, approval, last verdicts and questions")
    .addOption(new Option("--section <number or name>", "one section").conflicts("criterion"))
    .option(
      "--criterion <AC-n>",
      "one criterion with its checks, its last verdict, and the steps, files and commits that serve it",
    )
    .addOption(
      new Option("--trace <path or commit>", "which CRQs, criteria, steps and commits explain a file or a commit").conflicts([
        "section",
        "criterion",
      ]),
    )
    .action(act("show", async () => (await import("../documents/show.ts")).show));

  output(repository(root.command("move")))
    .argument("<crq>", "id, number or path of a CRQ")
    .argument("<status>", "proposed, rejected, deferred, withdrawn or superseded")
    .description("decide about a CRQ: sets its status, with who and why in its history")
    .option("--reason <text>", "why; needed for all but superseded and a draft that is proposed")
    .option("--by <crq>", "with superseded: the CRQ that takes its place, which gets the link back")
    .action(act("move", async () => (await import("../change/move.ts")).move));

  output(repository(root.command("lint")))
    .argument("[files...]", "CRQ files, folders, ids, or - for stdin (default: all under the CRQ folder, with its lists)")
    .description("check CRQ documents")
    .addOption(
      new Option("--profile <profile>", "which rules count").choices(["import", "standard", "strict"]).default("standard"),
    )
    .addOption(new Option("--fail-on <severity>", "threshold of exit 1").choices(["error", "warning"]).default("error"))
    .addOption(new Option("--format <format>", "output; json is --json").choices(["text", "json", "sarif"]).default("text"))
    .option("--fix", "apply the fixes that are safe")
    .addOption(repeated("--docs <dir>", "a folder of documents outside of the repository that facts cite"))
    .option("--explain <rule>", "say what a rule is for and how to mend what it finds")
    .hook("preAction", (command) => {
      if (command.opts().format === "json") command.setOptionValue("json", true);
    })
    .action(act("lint", async () => (await import("../documents/lint.ts")).lint));

  output(repository(root.command("index")))
    .description("write crqs/list.txt and crqs/INDEX.md")
    .option("--check", "change nothing; exit 1 when they are out of date")
    .option(
      "--renumber <file>",
      "give a CRQ the next free number, wherever it is named in the repository; shows the diff and asks",
    )
    .option("--to <id>", "with --renumber: this number (CRQ-NNN), if it is free")
    .option("--yes", "with --renumber: do not ask")
    .action(act("index", async () => (await import("../documents/index.ts")).index));

  output(repository(root.command("import")))
    .argument("<files...>", "documents of any form")
    .description("turn foreign change requests into CRQs; no line of their text is lost")
    .option("--out <dir>", "write to this folder (default: the CRQ folder)")
    .option("--dry-run", "print what would be written and write nothing")
    .action(act("import", async () => (await import("../documents/import.ts")).importVerb));
}
