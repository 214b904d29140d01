import { type Command, InvalidArgumentError, Option } from "commander";
import { type Act, output, positive, repeated, wholeNumber } from "./options.ts";
import { addWorldVerbs } from "./world-verbs.ts";

/** Verbs that compare models on real builds. */
export function addEvalsVerbs(root: Command, act: Act): void {
  root.commandsGroup("Comparing models:");
  const evals = root.command("evals").description("compare models on tasks with hidden checks: run, report, compare, gate");
  addWorldVerbs(evals, act);
  selection(runsFolder(output(evals.command("list"))))
    .description("tasks, with what they need, whether they are admitted and how they ended last")
    .action(act("evals-list", async () => (await import("../evals/list.ts")).list));
  selection(runsFolder(output(evals.command("validate"))))
    .argument("[ids...]", "tasks (default: all that are chosen)")
    .description("whether tasks may stand in a suite: solutions pass, doing nothing and cheats fail, nothing hidden shows")
    .option("--quick", "one pass of each solution instead of three")
    .option("--missing", "leave tasks alone that were admitted before and have not changed since, nor world, Nix or gates")
    .option(
      "--jobs <n>",
      "tasks at the same time (default: [evals] trials of crq-agent.toml, else as many as there are processors)",
      positive,
    )
    .option("--world <dir>", "offline world (default: [evals] world of crq-agent.toml, else the one that comes with crq-agent)")
    .action(act("evals-validate", async () => (await import("../evals/validate.ts")).validate));
  worldMode(selection(runsFolder(output(evals.command("run")))))
    .description("run models on tasks, or go on with a run; rules, nop, oracle and the cheats are part of every run")
    .addOption(repeated("--models <[alias=]name,...>", "PROVIDER:NAME, scripted:FILE or an alias of crq-agent.toml"))
    .option(
      "--repeats <n>",
      "trials of each model on each task (default: [evals] repeats of crq-agent.toml, else 3)",
      wholeNumber,
    )
    .option("--id <name>", "name of the run; one that is there already goes on")
    .option("--seed <text>", "of the order of blocks and of the drawn tasks; stored with the run")
    .option("--queue <url>", "postgres://…: trials are carried out by `evals worker`, which shares the folder of runs")
    .option("--shard <i/n>", "only the blocks of part I of N; join the parts with `evals merge`")
    .option("--cassette <mode:dir>", "record:DIR or replay:DIR the models' replies, one file a trial")
    .addOption(new Option("--retry <what>", "try again what failed for infrastructure").choices(["infra"]))
    .option("--max-usd <n>", "begin no trial once the run has cost so much", positive)
    .option(
      "--max-wall <seconds>",
      "work of each trial, for models that answer slowly (default: its task's); the report says so",
      wholeNumber,
    )
    .option("--only", "leave out rules, nop, oracle and the cheats; the report says so")
    .addOption(
      new Option("--cheats <which>", "cheats on one drawn task a cluster (the default), of three clusters, or on all").choices([
        "one",
        "few",
        "all",
      ]),
    )
    .option("--allow-unadmitted", "also tasks that `evals validate` did not admit; the report says so")
    .option("--unsafe-local", "without namespaces: agents see this machine; the report says so")
    .action(act("evals-run", async () => (await import("../evals/run.ts")).run));
  worldMode(selection(runsFolder(output(evals.command("worker")))))
    .argument("[run]", "name of a run (default: the newest that has trials waiting)")
    .description("carry out trials of a run that was started with --queue, until there are none")
    .requiredOption("--queue <url>", "postgres://…, as the run was given it")
    .option("--slots <n>", "trials at the same time (default: 1)", wholeNumber)
    .option("--cassette <mode:dir>", "record:DIR or replay:DIR the models' replies, one file a trial")
    .option("--unsafe-local", "without namespaces, as the run was started; the report says so")
    .action(act("evals-worker", async () => (await import("../evals/worker.ts")).worker));
  runsFolder(output(evals.command("report")))
    .argument("[run]", "name or folder of a run (default: the newest)")
    .description("make the derived files of a run anew, and check that nothing stored was altered")
    .option("--format <list>", "of md,html,json,csv,junit (default: all)")
    .option("--out <dir>", "folder of the files (default: the run's)")
    .action(act("evals-report", async () => (await import("../evals/report.ts")).report));
  runsFolder(output(evals.command("compare")))
    .argument("[runs...]", "names or folders of runs (default: the newest)")
    .description("who is better and who is tied, by a test that knows which tasks are alike")
    .addOption(
      new Option("--by <what>", "what the runs differ in; all else must be equal").choices([
        "model",
        "agent",
        "prompts",
        "world",
        "nix",
      ]),
    )
    .addOption(
      new Option("--primary <metric>", "also compare this").choices(["resolved", "usd", "output-tokens", "working-time"]),
    )
    .option("--aa <a,b>", "two names of one model, which must not be told apart; stored for `evals gate --strict`")
    .action(act("evals-compare", async () => (await import("../evals/compare.ts")).compare));
  runsFolder(output(evals.command("gate")))
    .argument("[run]", "name or folder of a run (default: the newest)")
    .description("pass (exit 0), regress (1) or inconclusive (4) against a stored baseline")
    .option("--baseline <file>", "default: evals/baselines/SUITE.json")
    .option("--margin <share>", "how much worse is no loss (default: 0.1)", share)
    .option("--max-hacks <n>", "confirmed hacks of a model; more are exit 6", count)
    .option("--max-false-success <share>", "claimed successes that are none; more are exit 1", share)
    .option("--strict", "inconclusive without an A/A run of the same suite and provider")
    .option("--write-baseline <file>", "store this run as the baseline")
    .action(act("evals-gate", async () => (await import("../evals/gate.ts")).gate));
  selection(runsFolder(output(evals.command("plan"))))
    .description("what gap a run could see, what it would cost, and what a gate would need")
    .addOption(repeated("--models <[alias=]name,...>", "models beside rules"))
    .option("--repeats <n>", "trials of each model on each task", wholeNumber)
    .option("--pilot <run>", "take variation, cost and time from this run")
    .option("--gate", "also the repeats that a gate needs")
    .action(act("evals-plan", async () => (await import("../evals/plan.ts")).plan));
  worldMode(selection(output(evals.command("doctor"))))
    .description("say what this machine can do for a run, and give the command that mends what it cannot")
    .action(act("evals-doctor", async () => (await import("../evals/doctor.ts")).doctor));
  worldMode(runsFolder(output(evals.command("grade"))))
    .argument("[run]", "name or folder of a run (default: the newest)")
    .description("grade stored patches again, without asking a model; old rows are kept")
    .addOption(repeated("--tasks <dir>", "folder of tasks (default: [evals] tasks of crq-agent.toml, else evals/tasks)"))
    .option("--select <expr>", "as for evals list")
    .option("--dry-run", "say what would change and store nothing")
    .action(act("evals-grade", async () => (await import("../evals/grade.ts")).grade));
  runsFolder(output(evals.command("merge")))
    .argument("<runs...>", "the shards of one plan")
    .description("join shards into one run")
    .requiredOption("--out <dir>", "new folder of the whole run")
    .action(act("evals-merge", async () => (await import("../evals/merge.ts")).merge));
}

const worldMode = (command: Command): Command =>
  command
    .option("--world <dir>", "offline world (default: [evals] world of crq-agent.toml, else the one that comes with crq-agent)")
    .option("--record-world <dir>", "ask the internet once and store what it says in a world; the report says so")
    .option("--live", "no world: every trial asks the internet; the report says so");

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError("It is no share from 0 to 1.");
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("It is no whole number from 0.");
  return value;
}

export const runsFolder = (command: Command): Command =>
  command.option("--runs <dir>", "folder of runs (default: [evals] runs of crq-agent.toml, else .crq-agent/evals/runs)");

export const selection = (command: Command): Command =>
  command
    .addOption(repeated("--tasks <dir>", "folder of tasks (default: [evals] tasks of crq-agent.toml, else evals/tasks)"))
    .option("--select <expr>", 'such as "tier<=2 kind=repair cluster=mdtoc id=…"; all parts must hold')
    .addOption(new Option("--split <name>", "tasks of one split").choices(["dev", "regress", "heldout"]));
