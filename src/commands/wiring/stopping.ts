/**
 * What a person is told at Ctrl-C; undefined where a program of theirs has the terminal and the key (a pager).
 * @param words of the command line, without the program
 */
export function stoppingText(words: readonly string[]): string | undefined {
  const [verb, sub] = words[0] === "evals" ? words.slice(1) : words;
  if (words[0] === "help") return undefined;
  if (verb === "approve") return "Stopping: nothing is approved.";
  if (verb === "world" && sub === "serve") return "Stopping: the mirror ends.";
  if (verb === "mcp") return "Stopping: the running step ends, then the session is closed; open_change goes on with it.";
  if (words[0] === "evals" && verb === "run")
    return "Stopping: no new trial begins, the running ones finish. Ctrl-C again stops at once; what has ended is kept, and the same --id goes on.";
  // A build that is recorded is a person's own: it gets the signal too, and there is no session.
  if (verb === "steps" && (sub === "record" || sub === "describe"))
    return "Stopping: the build is told to stop, then its programs are given back. Ctrl-C again quits at once and leaves that to the next recording.";
  if (verb === "apply" && words.some((word) => /^--task(?:-file)?(?:=|$)/u.test(word)))
    return `${CLOSING}; a change can be resumed, a draft begins anew. ${AGAIN}`;
  if (verb === "apply" || (verb === "sessions" && sub === "resume")) return `${CLOSING} and can be resumed. ${AGAIN}`;
  return `Stopping: the running step ends; the same command begins anew. ${AGAIN}`;
}

const CLOSING = "Stopping: the running step ends, then the session is closed";
const AGAIN = "Ctrl-C again quits at once.";
