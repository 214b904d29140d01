import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostTools } from "../../src/evals/grading/change/host-tools.ts";
import { createNix } from "../../src/nix/run.ts";
import { type Affinity, keptToProcessors, onProcessors, ownAffinity, processorsIn } from "../../src/system/affinity.ts";
import { findHost } from "../../src/system/environment/host.ts";
import { execute } from "../../src/system/process.ts";
import { derivation, NixPlace } from "../nix/place.ts";
import { temporaryFolder, temporaryTree } from "../world/tree.ts";

/** With the real taskset. */

const host = await findHost({ packageRoot: join(import.meta.dirname, "../.."), path: process.env.PATH ?? "" });
const own = await ownAffinity(host.taskset);
if (own === undefined) throw new Error("taskset (util-linux) is needed here");

/** One processor, and all there are: on a machine with one these are the same. */
const FEW_AND_ALL: readonly Affinity[] = [{ ...own, processors: own.processors.slice(-1) }, own];

/** As the kernel writes it in /proc/PID/status: `0-2,5`. */
const listed = (processors: readonly number[]): string =>
  processors
    .filter((one) => !processors.includes(one - 1))
    .map((first) => {
      let last = first;
      while (processors.includes(last + 1)) last += 1;
      return last === first ? `${first}` : `${first}-${last}`;
    })
    .join(",");

describe("ownAffinity", () => {
  test("knows as many processors as Node counts for this process", () => {
    expect(own.processors).toHaveLength(availableParallelism());
  });

  test("is nothing where there is no taskset, or one that may not set anything", async () => {
    const folder = await temporaryTree({
      forbidden: { program: '#!/bin/sh\n[ "$1" = -p ] && echo "pid $2\'s current affinity mask: 3"\n' },
      silent: { program: "#!/bin/sh\nexit 1\n" },
    });
    const programs = [undefined, ...["forbidden", "silent", "absent"].map((name) => join(folder, name))];
    expect(await Promise.all(programs.map(ownAffinity))).toEqual([undefined, undefined, undefined, undefined]);
  });
});

test("what taskset says is read, whatever the number of processors", () => {
  expect(["pid 7's current affinity mask: 3\n", "pid 7's current affinity mask: 0xa", "taskset: no"].map(processorsIn)).toEqual([
    [0, 1],
    [1, 3],
    [],
  ]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1 }), (some) => {
      const processors = some.sort((a, b) => a - b);
      const [, mask] = onProcessors({ taskset: "taskset", processors }, ["true"]);
      expect(processorsIn(`pid 7's current affinity mask: ${mask}\n`)).toEqual(processors);
    }),
  );
});

test("a program, and what it starts, are on these processors alone", async () => {
  const seen = await Promise.all(
    FEW_AND_ALL.map(async (affinity) => {
      const { stdout } = await execute({
        argv: onProcessors(affinity, ["/bin/sh", "-c", "nproc; sh -c 'grep Cpus_allowed_list /proc/self/status'"]),
        cwd: "/",
        env: { PATH: "/usr/bin:/bin" },
        timeoutMs: 60_000,
      });
      return stdout;
    }),
  );
  expect(seen).toEqual(FEW_AND_ALL.map(({ processors }) => `${processors.length}\nCpus_allowed_list:\t${listed(processors)}\n`));
});

describe("an environment that keeps to processors", () => {
  let place: NixPlace;
  beforeAll(() => {
    place = new NixPlace();
  });
  afterAll(() => place.close());

  test("Nix builds on them, and tells builders how many there are", async () => {
    const script =
      'while read name list; do if [ "$name" = Cpus_allowed_list: ]; then echo "$NIX_BUILD_CORES: $list" > $out; fi; done < /proc/self/status';
    const packages = ["one", "all"].map((name) => `${name} = ${derivation(name, script)};`).join(" ");
    const flake = await place.flake("counts", { "flake.nix": `{ outputs = _: { packages.x86_64-linux = { ${packages} }; }; }` });
    const seen = [];
    for (const [index, name] of ["one", "all"].entries()) {
      const environment = keptToProcessors(place.environment, FEW_AND_ALL[index]);
      const nix = createNix({ environment, folder: join(place.root, "session") });
      const built = await nix.build(flake, [`packages.x86_64-linux.${name}`]);
      if (!built.ok) throw new Error(JSON.stringify(built.diagnoses));
      seen.push(await readFile(environment.hostPath(built.value[0]?.outputs.out ?? ""), "utf8"));
    }
    expect(seen).toEqual(FEW_AND_ALL.map(({ processors }) => `${processors.length}: ${listed(processors)}\n`));
  });

  test("programs under test run on them", async () => {
    const folder = await temporaryFolder();
    const seen = await Promise.all(
      FEW_AND_ALL.map(async (affinity) => {
        const tools = await hostTools(host, undefined);
        const { confine } = keptToProcessors({ ...place.environment, confine: tools.confine }, affinity);
        const argv = confine(["/bin/sh", "-c", "grep Cpus_allowed_list /proc/self/status"], { cwd: folder, writable: [] });
        if (typeof argv === "string") throw new Error(argv);
        return (await execute({ argv, cwd: folder, env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 })).stdout;
      }),
    );
    expect(seen).toEqual(FEW_AND_ALL.map(({ processors }) => `Cpus_allowed_list:\t${listed(processors)}\n`));
  });

  test("is the same one where no processors are given, and says the same why nothing can be confined", () => {
    expect(keptToProcessors(place.environment, undefined)).toBe(place.environment);
    expect(keptToProcessors(place.environment, own).confine(["true"], { cwd: "/", writable: [] })).toBe(
      "not in this test environment",
    );
  });
});
