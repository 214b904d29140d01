import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { DescribedCall } from "../../repo/steps/described/describe.ts";
import { runInherited, shellExit } from "../../system/inherited.ts";
import type { Described as DescribedByWrapper } from "./calls/describe-call.ts";
import { callsOf, writeSettings } from "./calls/recording.ts";
import { onPath } from "./calls/target.ts";
import { writeWrappers } from "./calls/wrappers.ts";
import { mayWrite, RECORDS_FILE, RecordingError, type RecordRequest, writeRecords } from "./record.ts";

/** The walk of `steps describe`: the wrappers of a recording, which write each call down and start nothing. */

export interface Described {
  /** Of the command, as shells count. */
  readonly exit: number;
  readonly file: string;
  readonly calls: readonly Omit<DescribedCall, "place">[];
}

export type DescribeRequest = Omit<RecordRequest, "streams">;

export async function describeBuild(request: DescribeRequest): Promise<Described> {
  const { cwd, out, also } = request;
  const file = join(out, RECORDS_FILE);
  await mayWrite(file);
  const source = await realpath(request.source);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "crq-steps-")));
  try {
    const own = Object.fromEntries(Object.entries(request.env).filter(([name]) => !request.withheld.includes(name)));
    const wrapped = await writeWrappers({ folder, env: own, cwd, also, program: request.program });
    await writeSettings(folder, {
      trees: [source],
      ignored: [out],
      named: wrapped.named,
      also: [...also],
      streams: [],
      describe: true,
      program: [...request.program],
    });
    const [name = "", ...args] = request.command;
    const tool = name.includes("/") ? resolve(cwd, name) : name;
    const end = await runInherited({
      file: (await onPath(tool, wrapped.path, "")) ?? tool,
      args,
      argv0: name,
      cwd,
      env: { ...own, ...wrapped.env },
      ...(request.quietStdout && { stdout: "stderr" as const }),
    });
    if (end.problem !== undefined) throw new RecordingError(`${name} could not be started: ${end.problem}`);
    const build = request.build === undefined ? undefined : resolve(request.build);
    const calls = (await readDescribed(folder)).map((call) => withRoots(call, source, build));
    await mkdir(out, { recursive: true });
    await writeRecords(file, calls.map((call) => `${JSON.stringify(call)}\n`).join(""));
    return { exit: shellExit(end), file, calls };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const describedSchema: z.ZodType<DescribedByWrapper> = z.strictObject({
  at: z.number(),
  type: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
});

async function readDescribed(folder: string) {
  const names = (await readdir(callsOf(folder))).filter((name) => name.endsWith(".json"));
  const calls = await Promise.all(
    names.map(async (name) => describedSchema.safeParse(JSON.parse(await readFile(join(callsOf(folder), name), "utf8")))),
  );
  return calls
    .flatMap((call) => (call.success ? [call.data] : []))
    .toSorted((a, b) => a.at - b.at)
    .map(({ at: _, ...call }) => call);
}

/** No path of this machine stands in a description, as far as it lies in the project or its build. */
function withRoots<Call extends Omit<DescribedCall, "place">>(call: Call, source: string, build: string | undefined): Call {
  const shown = (text: string): string =>
    (build === undefined ? text : text.replaceAll(build, "@build@")).replaceAll(source, "@source@");
  return {
    ...call,
    args: call.args.map(shown),
    env: Object.fromEntries(Object.entries(call.env).map(([name, value]) => [name, shown(value)])),
    cwd: shown(call.cwd),
  };
}
