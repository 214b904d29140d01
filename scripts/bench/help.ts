import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildProgram } from "./build-program.ts";
import { type Bench, inTurn } from "./figure.ts";

const root = join(import.meta.dirname, "../..");

const timed = (args: readonly string[]): Promise<number> => {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}`);
  return Promise.resolve(performance.now() - started);
};

export const help: Bench = {
  about: "crq-agent --help, built, compile cache on, against node -e 0",
  bound: { side: "at most", ratio: 1.5 },
  async run() {
    buildProgram();
    const figure = await inTurn(
      21,
      () => timed([join(root, "dist/bin.js"), "--help"]),
      () => timed(["-e", "0"]),
    );
    return { ...figure, unit: "ms" };
  },
};
