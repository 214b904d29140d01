import { withBuildScript, withFurtherTest } from "../../edit/programs.ts";
import type { Planter } from "../../fault.ts";

/** Row 29: what a machine runs out of. */
export const resources: readonly Planter[] = [
  {
    name: "out-of-time",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant: (repository, draw) =>
      withFurtherTest(
        repository,
        draw,
        `        std::thread::sleep(std::time::Duration::from_secs(${300 + draw.number(300)}));\n`,
        "sleeps for minutes",
        {
          options: draw.chance(50) ? ["--timeout", "25"] : ["--max-silent-time", "12"],
        },
      ),
  },
  {
    // The kernel's out-of-memory killer cannot be called without harming the neighbours; what it does to the process is this signal.
    name: "out-of-memory",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant: (repository) =>
      withBuildScript(
        repository,
        'fn main() {\n    let me = std::process::id().to_string();\n    let _ = std::process::Command::new("/bin/sh").args(["-c", "kill -9 $0", &me]).status();\n}\n',
        "the build script is killed by signal 9, as the kernel does it when memory ends",
      ),
  },
  {
    name: "out-of-disk",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant(repository, draw) {
      const write = draw.pick([
        'std::fs::write("/dev/full", [0u8; 4096]).expect("the table is written")',
        'std::fs::write("/dev/full", [0u8; 4096]).unwrap()',
      ]);
      return withBuildScript(repository, `fn main() {\n    ${write};\n}\n`, "the disk is full where the build script writes");
    },
  },
];
