import type { Command } from "commander";
import { type Act, limits, model, output, positive, quietable, repository, wholeNumber, world } from "./options.ts";
import { addWorldVerbs } from "./world-verbs.ts";

/** Verbs about what runs and where: sessions, this machine, offline worlds. */
export function addMachineVerbs(root: Command, act: Act): void {
  root.commandsGroup("This machine:");
  const sessions = root.command("sessions").description("list, show and resume sessions");
  output(repository(sessions.command("list")))
    .description("sessions of this repository, newest first")
    .action(act("sessions-list", async () => (await import("../machine/sessions.ts")).list));
  output(repository(sessions.command("show")))
    .argument("[id]", "session id or its beginning (default: the newest)")
    .description("what happened in a session, event by event")
    .action(act("sessions-show", async () => (await import("../machine/sessions.ts")).show));
  output(repository(sessions.command("report")))
    .argument("[id]", "session id or its beginning (default: the newest)")
    .description("write one HTML page about a session: proof, proposals, diagnoses, cost, every turn")
    .option("--output <file>", "where to write it (default: report.html beside the session's evidence)")
    .action(act("sessions-report", async () => (await import("../machine/session-report.ts")).sessionReport));
  output(repository(sessions.command("take")))
    .argument("[id]", "session id or its beginning (default: the newest that ended with a question)")
    .description("put the question a run ended with into its CRQ, which is proposed again then")
    .option("--waive <reason>", "answer yes to a question that asks for a waiver: it is written into the CRQ in your name")
    .option("--until <date>", "with --waive: the last day that it holds (default: in 90 days)")
    .action(act("sessions-take", async () => (await import("../machine/take.ts")).take));
  output(limits(model(world(repository(sessions.command("resume"))))))
    .argument("[id]", "session id or its beginning (default: the newest)")
    .description("go on where a session was interrupted; no reply is asked for twice")
    .option("--unsafe-local", "as for apply")
    .action(act("sessions-resume", async () => (await import("../machine/sessions.ts")).resume));

  output(repository(world(root.command("doctor"))))
    .description("say what this machine can do, and give the command that mends what it cannot")
    .option("--canaries", "run each check kind on a built-in bad example that it must reject")
    .action(act("doctor", async () => (await import("../machine/doctor/doctor.ts")).doctor));

  quietable(world(repository(root.command("mcp"))))
    .description("let an MCP client (an editor's assistant) draft and apply as a model does: same tools, gate and acceptance")
    .option("--max-turns <n>", "calls of the client in one session", wholeNumber)
    .option("--max-wall <seconds>", "wall time; what the client takes to think is none", positive)
    .option("--max-builds <n>", "builds", wholeNumber)
    .option("--unsafe-local", "as for apply")
    .action(act("mcp", async () => (await import("../mcp/serve.ts")).serve));

  addWorldVerbs(root, act);
}
