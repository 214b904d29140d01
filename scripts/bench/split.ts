import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitCrate } from "../../src/repo/rust/split.ts";
import { cargo, grammar, readSource, writeWorkspace } from "../../test/repo/rust/split-folder.ts";
import type { Bench } from "./figure.ts";

/** Published crates without required dependencies, as Cargo downloads them. */
const CRATES: readonly string[] = (
  "adler2 arrayvec base64 bitflags bytecount data-encoding either fastrand fnv heck hex httparse humantime itoa lexopt memchr " +
  "percent-encoding pico-args ryu scopeguard semver shlex smallvec strsim textwrap unicode-segmentation unicode-width " +
  "fixedbitset glob humansize indoc json levenshtein md5 minimal-lexical nom once_cell ordinal roman roxmltree"
).split(" ");

/** Nodes that the compiler took, of one crate. */
function compiled(folder: string, names: readonly string[]): number {
  const { stdout } = cargo(folder, ["build", "--keep-going", "--message-format=json"]);
  const built = new Set(
    stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line): { reason: string; target?: { name: string } } => JSON.parse(line))
      .flatMap(({ reason, target }) => (reason === "compiler-artifact" && target ? [target.name] : [])),
  );
  return names.filter((name) => built.has(name.replaceAll("-", "_"))).length;
}

export const split: Bench = {
  about: `nodes of ${CRATES.length} published crates that the compiler takes, against all nodes written`,
  bound: { side: "at least", ratio: 1 },
  async run() {
    const base = mkdtempSync(join(tmpdir(), "crq-agent-split-"));
    try {
      const wishes = CRATES.map((name) => `${name} = "*"`).join("\n");
      writeFileSync(
        join(base, "Cargo.toml"),
        `[package]\nname = "wishes"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\n${wishes}\n`,
      );
      writeFileSync(join(base, "lib.rs"), "");
      execFileSync("cargo", ["vendor", "--quiet", "vendor"], { cwd: base, stdio: ["ignore", "ignore", "inherit"] });
      const rows: string[] = [];
      let [written, taken] = [0, 0];
      for (const name of CRATES.filter((one) => readdirSync(join(base, "vendor")).includes(one))) {
        const made = splitCrate(grammar, readSource(join(base, "vendor", name)));
        const folder = join(base, "out", name);
        mkdirSync(folder, { recursive: true });
        writeWorkspace(folder, made);
        const all = [...made.nodes, made.root].map((node) => node.name);
        const good = compiled(folder, all);
        written += all.length;
        taken += good;
        const reasons = [...Map.groupBy(made.leftOut, ({ reason }) => reason.kind)].map(
          ([kind, list]) => `${kind} ${list.length}`,
        );
        const items = made.nodes.map((node) => node.items.length);
        rows.push(
          `| ${name} | ${items.reduce((sum, one) => sum + one, 0)} | ${made.nodes.length} | ${items.filter((one) => one === 1).length} | ${Math.max(0, ...items)} | ${good} of ${all.length} | ${reasons.join(", ")} |`,
        );
        rmSync(folder, { recursive: true });
      }
      const head = [
        "| crate | items in nodes | nodes | of one item | largest | compiled, join included | left out |",
        "|---|---|---|---|---|---|---|",
      ];
      return { value: taken, reference: written, ratio: taken / written, unit: "nodes", runs: 1, notes: ["", ...head, ...rows] };
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
};
