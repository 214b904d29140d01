import { writeSync } from "node:fs";
import { resolve } from "node:path";
import { dieAs, shellExit } from "../../../system/inherited.ts";
import { recordCall } from "./record-call.ts";
import { restore } from "./stand-ins.ts";
import type { Caller } from "./target.ts";
import { RESTORE } from "./wrappers.ts";

/** The program as a wrapper calls it: it ends as the tool behind the wrapper ended. */
export async function answerWrapper(words: readonly string[], caller: Caller, setExit: (exit: number) => void): Promise<void> {
  if (words[1] === RESTORE) {
    for (const path of words.slice(2)) await restore(resolve(caller.cwd, path));
    return;
  }
  const end = await recordCall(words, caller, (text) => {
    writeSync(2, text);
  });
  if (end.signal !== null) dieAs(end.signal);
  setExit(shellExit(end));
}
