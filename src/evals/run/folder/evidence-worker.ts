import { parentPort } from "node:worker_threads";
import { alteredIn, isBatch } from "./evidence-batch.ts";

/** A thread that hashes evidence while the main one reads rows: see `checkEvidence`. */

parentPort?.on("message", (batch: unknown) => {
  if (!isBatch(batch)) throw new TypeError("a batch of attempts was expected");
  parentPort?.postMessage(alteredIn(batch));
});
