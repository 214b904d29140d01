import { EventReader } from "../../src/nix/events.ts";
import type { Bench } from "./figure.ts";

const GIGABYTE = 1024 ** 3;
const MEGABYTE = 1024 ** 2;

const STARTS = Buffer.from(
  [
    '@nix {"action":"start","fields":["/nix/store/0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c-alpha-1.0.drv","",1,1],"id":11,"level":3,"parent":0,"text":"building","type":105}',
    '@nix {"action":"start","fields":["/nix/store/1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c-beta-1.0.drv","",1,1],"id":12,"level":3,"parent":0,"text":"building","type":105}',
    "",
  ].join("\n"),
);

/** A build log as Nix prints it: mostly result lines of two builds, some progress, cut into chunks as a pipe does. */
function makeChunks(): readonly Buffer[] {
  const lines: string[] = [];
  for (let i = 0; lines.length < 12_000; i++) {
    lines.push(
      `@nix {"action":"result","fields":["   Compiling module_${i % 977} v0.${i % 13}.${i % 7} (/build/source/crates/part-${i % 31})"],"id":${11 + (i % 2)},"type":101}`,
    );
    if (i % 50 === 0) lines.push(`@nix {"action":"result","fields":[${i},12000,1,0],"id":1,"type":105}`);
    if (i % 400 === 0)
      lines.push(
        `@nix {"action":"result","fields":["warning: unused variable: \\u001b[1m\`x${i}\`\\u001b[0m"],"id":12,"type":101}`,
      );
  }
  const all = Buffer.from(`${lines.join("\n")}\n`);
  const chunks: Buffer[] = [];
  for (let from = 0; from < all.length; from += 65_536) chunks.push(all.subarray(from, from + 65_536));
  return chunks;
}

export const logReader: Bench = {
  about: "reader of Nix's internal-json log over 1 GB, MB/s, against the required 50",
  bound: { side: "at least", ratio: 1 },
  async run() {
    const chunks = makeChunks();
    const round = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const warm = new EventReader();
    warm.write(STARTS);
    for (const chunk of chunks) warm.write(chunk);
    warm.end();
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let peak = before;
    const reader = new EventReader();
    reader.write(STARTS);
    const started = performance.now();
    let read = 0;
    for (let n = 0; read < GIGABYTE; n++) {
      for (const chunk of chunks) reader.write(chunk);
      read += round;
      if (n % 20 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
    const events = reader.end();
    const seconds = (performance.now() - started) / 1000;
    if (events.derivations.length !== 2) throw new Error(`the reader saw ${events.derivations.length} builds, not 2`);
    const value = read / MEGABYTE / seconds;
    const grown = (peak - before) / MEGABYTE;
    return {
      value,
      reference: 50,
      ratio: value / 50,
      unit: "MB/s",
      runs: 1,
      notes: [`memory grew by ${grown.toFixed(0)} MB over ${(read / GIGABYTE).toFixed(1)} GB (bound 64)`],
    };
  },
};
