import { join } from "node:path";
import { connectQueue } from "../../../src/evals/queue/connect.ts";
import { workOnQueue } from "../../../src/evals/queue/work.ts";
import { readManifest } from "../../../src/evals/run/folder/run-folder.ts";
import { madeCarryOut } from "./made-run.ts";

/** One worker as a process of its own, which a test may kill. Says on stdout which trial it begins. */
const [url = "", tasks = "", run = "", runs = "", ms = "0"] = process.argv.slice(2);
const place = { tasks, run, folder: join(runs, run), scratch: join(runs, "scratch", String(process.pid)) };
const stop = new AbortController();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const boss = await connectQueue(url, { signal: stop.signal, onTrouble: say });
const carryOut = await madeCarryOut(place, await readManifest(place.folder), Number(ms), ({ key }) => say(`began ${key}`));
const done = await workOnQueue({ boss, run, slots: 1, carryOut, stop: stop.signal, onTrouble: say, pollMs: 500 });
say(`did ${done}`);
