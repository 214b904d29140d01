import type { Command } from "commander";
import { type Act, repeated } from "./options.ts";

/** Verbs about worlds: of the program, and the same ones below `evals`. */
export function addWorldVerbs(parent: Command, act: Act): void {
  const worlds = parent.command("world").description("offline worlds of flake inputs: record, serve, check, show, seal");
  const verb = (name: string, about: string): Command =>
    worlds.command(name).argument("<dir>").description(about).option("--json", "print one JSON document on stdout");
  verb("record", "ask the internet once and store what it answers in a world")
    .addOption(repeated("--flake <ref>", "a flake, with all its inputs"))
    .addOption(repeated("--lock <file>", "a Cargo.lock or flake.lock: everything that it locks"))
    .addOption(repeated("--url <url>", "a file, or a Git repository (git+https://…)"))
    .option("--name <name>", "name of a new world (default: made from the folder's)")
    .action(act("world-record", async () => (await import("../machine/world-record.ts")).record));
  verb("serve", "serve a world to your own shell until Ctrl-C; prints the variables to set").action(
    act("world-serve", async () => (await import("../machine/world-serve.ts")).serve),
  );
  verb("show", "list what a world holds").action(act("world-show", async () => (await import("../machine/world.ts")).show));
  verb("check", "verify names, hashes, refs and crate checksums").action(
    act("world-check", async () => (await import("../machine/world.ts")).check),
  );
  verb("seal", "rename revisions after their trees changed").action(
    act("world-seal", async () => (await import("../machine/world.ts")).seal),
  );
}
