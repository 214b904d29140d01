import type { ImportInput } from "../../../src/crq/import/import.ts";

/** What an import is told besides the document: no number is taken, and the base is known. */
export const BASE_INPUT: Omit<ImportInput, "source" | "path"> = {
  sha256: "0".repeat(64),
  takenBy: () => undefined,
  today: "2026-11-27",
  author: "agent:crq-agent@0.1.0/import",
  base: "5f0c1d7e2a90",
  systems: ["x86_64-linux"],
};
