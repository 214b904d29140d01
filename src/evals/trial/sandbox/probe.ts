import { statfs } from "node:fs/promises";
import { z } from "zod";
import { execute } from "../../../system/process.ts";
import { InfraFailure } from "../infra-failure.ts";
import type { Machine } from "../machine.ts";
import { compileProgram } from "./compiled.ts";
import type { Sandbox, SandboxOptions } from "./enclose.ts";

/** Whether a trial could be carried out at all. What fails here is no trial. */

const MEGABYTE = 1024 * 1024;

/** No trial ran before this was written: a clock that says so signs certificates that nobody takes. */
const EARLIEST = Date.UTC(2026, 0, 1);

/**
 * The cheap part, before every attempt.
 * @param folder where the trial will write
 * @throws InfraFailure
 */
export async function probeRoom(folder: string, diskMb: number): Promise<void> {
  if (Date.now() < EARLIEST) throw new InfraFailure("probe", `this machine's clock says ${new Date().toISOString()}; set it`);
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / MEGABYTE);
  if (free < 2 * diskMb)
    throw new InfraFailure("disk", `${folder}: ${free} MB are free, ${2 * diskMb} are needed (twice the task's disk-mb)`);
}

const doctorSchema = z.object({
  exit: z.int(),
  data: z.object({ findings: z.array(z.object({ what: z.string(), ok: z.boolean(), detail: z.string() })) }).nullable(),
});

const PROBED = new WeakMap<Machine, Promise<void>>();

/**
 * The dear part, once for all trials of a run on this machine: the program itself, in such a sandbox, parses, evaluates, builds and starts
 * tiny examples with the world in use.
 * @throws InfraFailure
 */
export async function probeSandbox(machine: Machine, open: OpenProbe, world: string | undefined): Promise<void> {
  const known = PROBED.get(machine);
  if (known) return known;
  const probing = compileAndProbe(machine, open, world);
  PROBED.set(machine, probing);
  // A machine that is put right in the meantime is tried again.
  probing.catch(() => PROBED.delete(machine));
  return probing;
}

type OpenProbe = (options: Pick<SandboxOptions, "compiles">) => Promise<Sandbox>;

async function compileAndProbe(machine: Machine, open: OpenProbe, world: string | undefined): Promise<void> {
  if (machine.compiled !== undefined) await compileProgram(await open({ compiles: true }));
  await probe(await open({}), world);
}

async function probe(sandbox: Sandbox, world: string | undefined): Promise<void> {
  const place = world === undefined ? [] : ["--world", world];
  const finished = await execute({
    argv: sandbox.argv([...sandbox.program, "doctor", "--canaries", "--json", "--repo", sandbox.root, ...place], sandbox.root),
    cwd: sandbox.folder,
    env: sandbox.variables,
    timeoutMs: 600_000,
    graceMs: 0,
  });
  if (finished.exit === 0) return;
  const said = readFindings(finished.stdout) ?? finished.problem ?? finished.stderr.trim().slice(-1_000);
  throw new InfraFailure("probe", `a trial's sandbox does not work on this machine: ${said}`);
}

function readFindings(stdout: string): string | undefined {
  try {
    const findings = doctorSchema.parse(JSON.parse(stdout)).data?.findings ?? [];
    const wrong = findings.filter(({ ok }) => !ok).map(({ what, detail }) => `${what}: ${detail}`);
    return wrong.length > 0 ? wrong.join("; ") : undefined;
  } catch {
    return undefined;
  }
}
