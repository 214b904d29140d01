import { firstMatch, type Recogniser } from "../finding.ts";

/** Limits of the machine: never the fault of the change. */

export const resources: Recogniser = (evidence) => {
  const disk = firstMatch(evidence, /No space left on device|Disk quota exceeded|database or disk is full/u);
  const memory = disk
    ? undefined
    : (firstMatch(
        evidence,
        /out of memory|Out of Memory|Cannot allocate memory|memory allocation of \d+ bytes failed|std::bad_alloc|Failed to expand heap|LLVM ERROR: out of memory/u,
      ) ?? firstMatch(evidence, /\(signal: 9, SIGKILL|terminated with signal 9|signal 9 \(Killed\)/u));
  const time = (disk ?? memory) ? undefined : firstMatch(evidence, /timed out after \d+ seconds/u);
  const hit = disk ?? memory ?? time;
  if (!hit) return undefined;
  const resource = disk ? "disk" : memory ? "memory" : "time";
  return {
    facts: { kind: "resources", resource },
    message: hit.line.replace(/^error: /u, ""),
    next:
      resource === "disk"
        ? "Free disk space (nix-collect-garbage, target folders) and build again; nothing is wrong with the code."
        : resource === "memory"
          ? "Memory ran out: build with fewer jobs or codegen units, or on a larger machine; if it happened while evaluating, look for a list or recursion that grows without end."
          : "A limit of time was reached: raise it, or find what hangs in the last lines.",
    at: hit.at,
  };
};

export const noSandbox: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /this system does not support the kernel namespaces that are required for sandboxing|unable to (?:start build process|create .*namespace)|cannot (?:set up|enter) .*(?:namespace|sandbox)|setting up a private mount namespace|creating directory '[^']*\/bin': File exists/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "unknown" },
    message: found.line.replace(/^error: /u, ""),
    next: "Nix cannot sandbox builds on this machine; nothing was judged. Allow user namespaces, or run where they are allowed.",
    at: found.at,
    unavailable: true,
  };
};
