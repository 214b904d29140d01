import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CliContext, OutputOptions, Verb } from "./commands/wiring/context.ts";

/** The program: reads argv and the environment, sets the exit code. Verbs are loaded when they are called. */

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `crq-agent` with this process's arguments. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  const interrupt = new AbortController();
  let interrupts = 0;
  const onSignal = (): void => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    process.stderr.write(
      "\nStopping: the running step ends, then the session is closed and can be resumed. Ctrl-C again quits at once.\n",
    );
    interrupt.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that closes the pipe (head, less) is no error of ours; a run that it cuts off was interrupted and is not done.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "EPIPE" ? process.exit(process.exitCode ?? 130) : undefined,
  );
  try {
    const root = program(interrupt.signal);
    if (argv.length <= 2) process.stdout.write(root.helpInformation());
    else await root.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (error.exitCode !== 0 && argv.includes("--json")) process.stdout.write(usageDocument(argv, error.message));
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

/** A program that asked for one JSON document gets one for a wrong option too. */
function usageDocument(argv: readonly string[], message: string): string {
  const [verb = "help"] = argv.slice(2).filter((word) => !word.startsWith("-"));
  const diagnostics = [
    { severity: "error", rule: "crq-agent", message: message.replace(/^error: /u, ""), file: "", line: 1, column: 1 },
  ];
  return `${JSON.stringify({ schema: `crq-agent/${verb}/1`, ok: false, exit: 2, data: null, diagnostics }, undefined, 1)}\n`;
}

const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest && typeof manifest.version === "string"
    ? manifest.version
    : "0.0.0";
};

const output = (command: Command): Command =>
  command
    .addOption(new Option("--json", "print one JSON document on stdout").conflicts("events"))
    .option("--events", "print every event as a JSON line on stdout (crq-event/1)")
    .option("-q, --quiet", "print only the result");

const repository = (command: Command): Command => command.option("--repo <dir>", "the repository", ".");
const world = (command: Command): Command =>
  command.option("--world <dir>", "serve flake inputs from an offline world (`shipped` for the one that comes with crq-agent)");
const model = (command: Command): Command =>
  command
    .option("--model <name>", "rules, openai:NAME, anthropic:NAME, PROVIDER:NAME, scripted:FILE, or an alias of crq-agent.toml")
    .option("--cassette <mode:path>", "record:PATH or replay:PATH the model's replies");
const limits = (command: Command): Command =>
  command
    .option("--max-turns <n>", "replies of the model", positive)
    .option("--max-tokens <n>", "output tokens of the model", positive)
    .option("--max-usd <n>", "money for the model", positive)
    .option("--max-wall <seconds>", "wall time", positive)
    .option("--max-builds <n>", "builds", positive);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It is no positive number.");
  return value;
}

function program(signal: AbortSignal): Command {
  const version = readVersion();
  const root = new Command("crq-agent")
    .description(
      "Drafts a change request (CRQ) whose acceptance criteria a machine can check, and changes the repository until real Nix runs prove every one of them.",
    )
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    // A fixed width, so that the help which the build writes down is the one that is printed.
    .configureHelp({ showGlobalOptions: false, helpWidth: 80 })
    .addHelpText("after", "\nTopics: crq-agent help exit-codes | models | security\n");

  /** Makes the Ui, loads the verb, runs it and turns what it throws into a message and an exit code. */
  const act =
    <Arguments extends readonly unknown[]>(name: string, load: () => Promise<Verb<Arguments>>) =>
    async (...args: Arguments): Promise<void> => {
      const options =
        args.find(
          (arg): arg is Arguments[number] & OutputOptions => typeof arg === "object" && arg !== null && !Array.isArray(arg),
        ) ?? {};
      const { runVerb } = await import("./commands/wiring/run-verb.ts");
      process.exitCode = await runVerb(name, await makeContext(signal, version), options, await load(), args);
    };

  output(model(world(repository(root.command("draft")))))
    .argument("[task]", "the wish, in one sentence")
    .description("write a CRQ from one sentence, the project's docs and its list of CRQs")
    .option("--task-file <file>", "read the wish from a file")
    .option("--docs <dir...>", "folders or files of documents (default: those of crq-agent.toml)")
    .option("--list <file>", "list of existing CRQs")
    .option("--kind <kind>", "nixify, lattice, steps, fix, refactor, docs, policy or incident")
    .option("--id <id>", "use this id (CRQ-NNN)")
    .option("--unnumbered", "write CRQ-XXX and number it later")
    .option("--stdout", "print the CRQ and write no file")
    .action(act("draft", async () => (await import("./commands/draft.ts")).draft));

  output(limits(model(world(repository(root.command("apply"))))))
    .argument("[crq]", "id, number or path of an approved CRQ")
    .description("change the repository until every criterion is proven, then hand over a branch")
    .option("--task <text>", "draft a CRQ from this sentence first, approve it unattended (needs --yes) and apply it")
    .option("--task-file <file>", "read the sentence from a file")
    .option("--docs <dir...>", "with --task: folders or files of documents")
    .option("--yes", "answer every question with yes; an approval given this way is recorded as unattended")
    .option("--patch <file>", "hand over a patch file instead of a branch")
    .option("--branch <name>", "name of the branch (default: the CRQ's)")
    .option("--unsafe-local", "run built programs unconfined where this machine cannot confine them; the report says so")
    .action(act("apply", async () => (await import("./commands/apply.ts")).apply));

  output(world(repository(root.command("verify"))))
    .argument("<crq>", "id, number or path of a CRQ")
    .description("run the acceptance criteria alone, without a model")
    .option("--ac <id...>", "only these criteria")
    .option("--report <dir>", "also write report.json, report.md and junit.xml to this folder")
    .option("--answer <AC-n=pass|fail...>", "answers of manual criteria")
    .option("--unsafe-local", "run built programs unconfined where this machine cannot confine them; the report says so")
    .action(act("verify", async () => (await import("./commands/verify.ts")).verify));

  output(repository(root.command("lint")))
    .argument("[files...]", "CRQ files (default: all under the CRQ folder)")
    .description("check CRQ documents")
    .addOption(
      new Option("--profile <profile>", "which rules count").choices(["import", "standard", "strict"]).default("standard"),
    )
    .addOption(new Option("--fail-on <severity>", "threshold of exit 1").choices(["error", "warning"]).default("error"))
    .addOption(new Option("--format <format>", "output").choices(["text", "json", "sarif"]).default("text"))
    .option("--fix", "apply the fixes that are safe")
    .option("--explain <rule>", "say what a rule is for and how to mend what it finds")
    .action(act("lint", async () => (await import("./commands/lint.ts")).lint));

  output(repository(root.command("index")))
    .description("write crqs/list.txt and crqs/INDEX.md")
    .option("--check", "change nothing; exit 1 when they are out of date")
    .action(act("index", async () => (await import("./commands/index.ts")).index));

  output(repository(root.command("approve")))
    .argument("<crq>", "id, number or path of a CRQ")
    .description("approve a CRQ: its scope and criteria are bound to a hash")
    .option("--yes", "do not ask")
    .action(act("approve", async () => (await import("./commands/approve.ts")).approve));

  const sessions = root.command("sessions").description("list, show and resume sessions");
  output(repository(sessions.command("list")))
    .description("sessions of this repository, newest first")
    .action(act("sessions-list", async () => (await import("./commands/sessions.ts")).list));
  output(repository(sessions.command("show")))
    .argument("[id]", "session id or its beginning (default: the newest)")
    .description("what happened in a session, event by event")
    .action(act("sessions-show", async () => (await import("./commands/sessions.ts")).show));
  output(limits(model(world(repository(sessions.command("resume"))))))
    .argument("[id]", "session id or its beginning (default: the newest)")
    .description("go on where a session was interrupted; no reply is asked for twice")
    .option("--unsafe-local", "as for apply")
    .action(act("sessions-resume", async () => (await import("./commands/sessions.ts")).resume));

  output(repository(world(root.command("doctor"))))
    .description("say what this machine can do, and give the command that mends what it cannot")
    .option("--canaries", "run each check kind on a built-in bad example that it must reject")
    .action(act("doctor", async () => (await import("./commands/doctor.ts")).doctor));

  const worlds = root.command("world").description("offline worlds of flake inputs");
  worlds
    .command("check")
    .argument("<dir>")
    .description("verify names, hashes, refs and crate checksums")
    .option("--json", "print one JSON document on stdout")
    .action(act("world-check", async () => (await import("./commands/world.ts")).check));
  worlds
    .command("seal")
    .argument("<dir>")
    .description("rename revisions after their trees changed")
    .option("--json", "print one JSON document on stdout")
    .action(act("world-seal", async () => (await import("./commands/world.ts")).seal));

  root
    .command("help", { isDefault: false })
    .argument("[topic]", "a verb, or exit-codes, models, security")
    .description("help on a verb or topic")
    .action(async (topic: string | undefined) => {
      const { help } = await import("./commands/help.ts");
      process.exitCode = help(root, topic, packageRoot, process.stdout);
    });
  return root;
}

async function makeContext(signal: AbortSignal, version: string): Promise<CliContext> {
  const { userFolders } = await import("./config.ts");
  return {
    cwd: process.cwd(),
    env: process.env,
    folders: userFolders(process.env),
    streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    signal,
    version,
    packageRoot,
    now: Date.now,
  };
}
