import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Argument, Command, CommanderError } from "commander";
import type { Shell } from "./commands/guidance/completion.ts";
import { addChangeVerbs } from "./commands/program/change-verbs.ts";
import { addDocumentVerbs } from "./commands/program/document-verbs.ts";
import { addEvalsVerbs } from "./commands/program/evals-verbs.ts";
import { addLatticeVerbs } from "./commands/program/lattice-verbs.ts";
import { addMachineVerbs } from "./commands/program/machine-verbs.ts";
import type { Act } from "./commands/program/options.ts";
import { addRepositoryVerbs } from "./commands/program/repository-verbs.ts";
import { addStepsVerbs } from "./commands/program/steps-verbs.ts";
import type { CliContext, OutputOptions } from "./commands/wiring/context.ts";
import { stoppingText } from "./commands/wiring/stopping.ts";
import { ForeseenError, withCode } from "./system/errors/foreseen.ts";
import { watchStandardOutput } from "./system/standard-output.ts";

/** The program: reads argv and the environment, sets the exit code. Verbs are loaded when they are called. */

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `crq-agent` with this process's arguments. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  const interrupt = new AbortController();
  let interrupts = 0;
  const onSignal = (): void => {
    const said = stoppingText(argv.slice(2));
    if (said === undefined) return;
    interrupts++;
    if (interrupts > 1) process.exit(130);
    process.stderr.write(`\n${said}\n`);
    interrupt.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  watchStandardOutput(process, argv[2] === "mcp");
  try {
    const root = buildProgram(interrupt.signal);
    if (argv.length <= 2) process.stdout.write(root.helpInformation());
    else await root.parseAsync(argv);
  } catch (error) {
    if (error instanceof ForeseenError) {
      // Nothing of a verb is there yet: this machine has no place for the program's own folders.
      process.stderr.write(`crq-agent: ${withCode(error.message, error.code)}\n`);
      process.exitCode = error.exit;
      return;
    }
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (error.exitCode !== 0 && wantsJson(argv.slice(2))) process.stdout.write(usageDocument(argv, error.message));
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

const wantsJson = (words: readonly string[]): boolean =>
  words.includes("--json") || (words[0] === "lint" && /(?:^| )--format[= ]json(?: |$)/u.test(words.join(" ")));

/** The verb that was meant, as its JSON document is named; a world's verbs are the same ones below `evals`. */
function verbNamed(words: readonly string[]): string {
  const path: string[] = [];
  let at: Command | undefined = buildProgram(new AbortController().signal);
  for (const word of words.filter((each) => !each.startsWith("-"))) {
    at = at.commands.find((command) => command.name() === word);
    if (at === undefined) break;
    path.push(word);
  }
  return (path[0] === "evals" && path[1] === "world" ? path.slice(1) : path).join("-") || (words[0] ?? "help");
}

/** A program that asked for one JSON document gets one for a wrong option too. */
function usageDocument(argv: readonly string[], message: string): string {
  const verb = verbNamed(argv.slice(2));
  const diagnostics = [
    {
      severity: "error",
      rule: "crq-agent",
      code: "usage",
      message: message.replace(/^error: /u, ""),
      file: "",
      line: 1,
      column: 1,
    },
  ];
  return `${JSON.stringify({ schema: `crq-agent/${verb}/1`, ok: false, exit: 2, data: null, diagnostics }, undefined, 1)}\n`;
}

const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest && typeof manifest.version === "string"
    ? manifest.version
    : "0.0.0";
};

/** The tree of verbs and options; nothing of a verb itself is loaded. */
export function buildProgram(signal: AbortSignal): Command {
  const version = readVersion();
  const root = new Command("crq-agent")
    .description(
      "Drafts a change request (CRQ) whose acceptance criteria a machine can check, and changes the repository until real Nix runs prove every one of them.",
    )
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`${withCode(text.trimEnd(), "usage")}\n`) })
    // A fixed width, so that the help which the build writes down is the one that is printed.
    .configureHelp({ showGlobalOptions: false, helpWidth: 80 })
    .addHelpText("after", "\nTopics: crq-agent help (getting-started, criteria, config, models, exit-codes …)\n");

  /** Makes the Ui, loads the verb, runs it and turns what it throws into a message and an exit code. */
  const act: Act =
    (name, load) =>
    async (...args) => {
      const options =
        args.find(
          (arg): arg is (typeof args)[number] & OutputOptions => typeof arg === "object" && arg !== null && !Array.isArray(arg),
        ) ?? {};
      const { runVerb } = await import("./commands/wiring/run-verb.ts");
      process.exitCode = await runVerb(name, await makeContext(signal, version), options, await load(), args);
    };

  addChangeVerbs(root, act);
  addDocumentVerbs(root, act);
  addRepositoryVerbs(root, act);
  addLatticeVerbs(root, act);
  addStepsVerbs(root, act);
  addEvalsVerbs(root, act);
  addMachineVerbs(root, act);
  root
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script is printed").choices(["bash", "zsh", "fish"]))
    .description("print a script that lets your shell complete verbs, options, CRQs and sessions")
    .action(async (shell: Shell) => {
      const [{ completionScript }, { verbFacts }] = await Promise.all([
        import("./commands/guidance/completion.ts"),
        import("./commands/guidance/verb-facts.ts"),
      ]);
      process.stdout.write(completionScript(shell, verbFacts(root)));
    });
  root
    .command("__complete", { hidden: true })
    .argument("<what>")
    .argument("<repository>")
    .action(async (what: string, repository: string) => {
      const { namesFor } = await import("./commands/guidance/complete-names.ts");
      const names = await namesFor(what, repository, await makeContext(signal, version));
      process.stdout.write(names.map((name) => `${name}\n`).join(""));
    });
  root
    .command("help", { isDefault: false })
    .argument("[topic...]", "a verb, a topic, or the code of an error")
    .description("help on a verb, a topic or an error; without one: all topics")
    .action(async (words: readonly string[]) => {
      const [{ helpText }, { printPaged }] = await Promise.all([
        import("./commands/guidance/help.ts"),
        import("./commands/guidance/paged.ts"),
      ]);
      const help = helpText(root, words, packageRoot);
      if (help.ok) await printPaged(help.text, { stdout: process.stdout, env: process.env, cwd: process.cwd() });
      else process.stderr.write(`${help.problem}\n`);
      process.exitCode = help.ok ? 0 : 2;
    });
  return root;
}

async function makeContext(signal: AbortSignal, version: string): Promise<CliContext> {
  const [{ userFolders }, { withoutLinks }] = await Promise.all([
    import("./config.ts"),
    import("./commands/wiring/without-links.ts"),
  ]);
  const { home, ...own } = userFolders(process.env);
  return {
    cwd: process.cwd(),
    env: process.env,
    folders: { home, cache: await withoutLinks(own.cache), state: await withoutLinks(own.state) },
    streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    signal,
    interrupt: () => void process.emit("SIGINT", "SIGINT"),
    version,
    packageRoot,
    now: Date.now,
  };
}
