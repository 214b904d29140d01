import { spawn } from "node:child_process";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type OpenPlace, openPlace } from "../../src/commands/wiring/open-place.ts";
import { HOST_PATH, lacking } from "../program/host-tools.ts";
import { type Place, place } from "../program/place.ts";
import { PACKAGE_ROOT } from "../program/world.ts";
import { difference } from "./compare.ts";
import { copyOf } from "./fixture.ts";
import { type Part, partsOf, type RunFence, type ShownCommand } from "./run-fences.ts";

/** Runs the fences of one guide: the real program, real Nix, a home with nothing but a name in it, a copy of each fixture. */

/** @throws at the first command that prints something else than its guide shows, with the difference */
export async function runGuide(guide: string, fences: readonly RunFence[]): Promise<void> {
  const at = await place();
  const world = await openForChildren(at);
  try {
    const copies = new Map<string, string>();
    for (const fence of fences) {
      if (lacking(...fence.needs) !== undefined) continue;
      const repo = copies.get(fence.fixture) ?? (await copyOf(fence.fixture, at.folder));
      copies.set(fence.fixture, repo);
      for (const command of fence.commands) await runCommand(command, { guide, repo, at, world });
    }
  } finally {
    await world.close();
  }
}

/** The namespace in which `nix`, `ls`, `cat` and what was built run: `result` points into a store that only it shows. */
const openForChildren = (at: Place): Promise<OpenPlace> =>
  openPlace(
    {
      cwd: at.folder,
      env: { PATH: process.env.PATH },
      folders: { cache: at.cache, state: at.state, home: at.home },
      streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
      signal: new AbortController().signal,
      version: "0.0.0",
      packageRoot: PACKAGE_ROOT,
      now: Date.now,
    },
    { world: { mode: "replay", folder: at.world }, scratch: join(at.folder, "scratch") },
  );

interface Stage {
  readonly guide: string;
  readonly repo: string;
  readonly at: Place;
  readonly world: OpenPlace;
}

async function runCommand(command: ShownCommand, stage: Stage): Promise<void> {
  const lines: string[] = [];
  for (const part of partsOf(command.text)) {
    const { output, exit } = await runPart(part, stage);
    const text = output.replaceAll(stage.repo, `~/${stage.repo.split("/").at(-1)}`).replaceAll(stage.at.folder, "~");
    lines.push(...text.replace(/\n$/, "").split("\n"));
    if (exit !== 0) {
      lines.push(`# exit ${exit}`);
      break;
    }
  }
  const problem = difference(command.expected, lines);
  if (problem !== undefined)
    throw new Error(`${stage.guide}:${command.line}: $ ${command.text}\n(- the guide shows it, + it was printed)\n${problem}`);
}

interface Ended {
  readonly output: string;
  readonly exit: number | null;
}

async function runPart(part: Part, stage: Stage): Promise<Ended> {
  const { at, world, repo } = stage;
  const [program = "", ...args] = part.words;
  const own = { ...at.environment, PATH: HOST_PATH };
  if (program === "crq-agent") return start({ ...part, words: await ownProgram(args, stage) }, own, stage, "both");
  // Progress depends on what is in the store and in the caches already.
  if (!seesStore(program)) return start(part, own, stage, "stdout");
  const { environment } = world;
  const words = environment.wrap(part.words, { cwd: repo, writable: [repo] });
  return start({ ...part, words }, environment.variables, stage, "stdout");
}

/** The world's namespace shows its store, and no home in which a toolchain may lie. */
const seesStore = (program: string): boolean => ["nix", "ls", "cat"].includes(program) || program.includes("/");

/** A guide leaves `--world` out, as somebody with a network does; verbs that take it get the shipped world here. */
async function ownProgram(args: readonly string[], { at }: Stage): Promise<readonly string[]> {
  const program = [process.execPath, join(PACKAGE_ROOT, "src", "bin.ts")];
  const verbs = args.slice(0, 2).filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-"));
  const help = (await at.run([...verbs, "--help"])).stdout;
  if (args.includes("--world") || !help.includes("--world <")) return [...program, ...args];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return [...program, ...args.slice(0, end), "--world", at.world, ...args.slice(end)];
}

/** Both streams go into one file, so that their lines keep their order. Of a success only what is `shown` counts. */
async function start(
  { words: [file = "", ...args], stdin, stdout }: Part,
  env: Readonly<Record<string, string | undefined>>,
  { repo, at }: Stage,
  shown: "both" | "stdout",
): Promise<Ended> {
  const paths = { both: join(at.folder, "both.log"), stdout: join(at.folder, "stdout.log") };
  const out = await open(paths[shown], "a");
  const err = await open(paths.both, "a");
  const given = stdin === undefined ? undefined : await open(join(repo, stdin), "r");
  const kept = stdout === undefined ? undefined : await open(join(repo, stdout), "w");
  try {
    const exit = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(file, args, {
        cwd: repo,
        env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
        stdio: [given?.fd ?? "ignore", (kept ?? out).fd, err.fd],
      });
      child.once("error", reject);
      child.once("close", resolve);
    });
    const streams = exit === 0 || shown === "both" ? [shown] : (["stdout", "both"] as const);
    const texts = await Promise.all(streams.map((name) => readFile(paths[name], "utf8")));
    return { output: texts.join(""), exit };
  } finally {
    await Promise.all([out, err, given, kept].map((file) => file?.close()));
    await Promise.all(Object.values(paths).map((path) => rm(path, { force: true })));
  }
}
