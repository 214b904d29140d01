import { type Command, Option } from "commander";
import { type Act, output, repository, world } from "./options.ts";

const dir = (command: Command): Command => command.option("--dir <dir>", "folder of lattice.toml", "lattice");

/** Verbs about a flake lattice: many small flakes, each with one feature, joined by their inputs. */
export function addLatticeVerbs(root: Command, act: Act): void {
  root.commandsGroup("Flakes of many parts:");
  const lattice = root.command("lattice").description("a lattice of flakes: each node one flake, each edge a flake input");
  output(world(repository(lattice.command("init"))))
    .argument("<dir>", "folder of the new lattice")
    .description("make a lattice: its plan, a seed flake with config.toml, and a root flake that takes every node")
    .option("--config <file>", "the seed's config.toml")
    .option("--crate <dir>", "make the items of this Rust crate nodes")
    .action(act("lattice-init", async () => (await import("../lattice/init.ts")).init));
  output(dir(world(repository(lattice.command("add")))))
    .argument("<name>", "of the new node")
    .description("add a node to the plan and write the flakes and locks that it changes")
    .option("--depends <names>", "nodes that it takes, separated by commas")
    .option("--expression <file>", "its derivation: a Nix function of { pkgs, lib, system, nodes }")
    .option("--config <file>", "make it another config flake with this config.toml")
    .action(act("lattice-add", async () => (await import("../lattice/add.ts")).add));
  output(dir(world(repository(lattice.command("check")))))
    .description("the plan, its files, and each node evaluated by itself")
    .option("--fix", "write flakes and locks that are out of step with the plan first")
    .action(act("lattice-check", async () => (await import("../lattice/check.ts")).check));
  output(dir(world(repository(lattice.command("build")))))
    .argument("[nodes...]", "nodes to build with what they take (default: all)")
    .description("build nodes and say which Nix built and which it had")
    .action(act("lattice-build", async () => (await import("../lattice/build.ts")).build));
  output(dir(repository(lattice.command("show"))))
    .description("the graph of the plan; needs no Nix")
    .addOption(new Option("--format <format>", "output").choices(["text", "dot", "svg"]).default("text"))
    .action(act("lattice-show", async () => (await import("../lattice/show.ts")).show));
}
