import { fence } from "../agent/prompt.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";

/** Diagnoses as a model reads them: class, who failed, where, the deciding lines, the next move. The root cause stands first. */
export function describeDiagnoses(diagnoses: readonly Diagnosis[]): string {
  return diagnoses.slice(0, 3).map(describeOne).join("\n\n");
}

function describeOne(diagnosis: Diagnosis, index: number): string {
  const { kind, message, derivation, position, excerpt, next } = diagnosis;
  const where = position ? ` at ${position.file}:${position.line}:${position.column}` : "";
  const who = derivation
    ? `\nFailed first: ${derivation.name} (${ownerText(derivation.owner)})${derivation.drv ? `, log: nix_log ${derivation.drv}` : ""}`
    : "";
  const shown = excerpt.trim() === "" ? "" : `\n${fence(derivation ? `log of ${derivation.name}` : "Nix", excerpt)}`;
  return `${index === 0 ? "Diagnosis" : "Also"}: ${kind}${where}: ${message}${who}${shown}\nNext: ${next}`;
}

function ownerText(owner: NonNullable<Diagnosis["derivation"]>["owner"]): string {
  switch (owner) {
    case "own":
      return "this project's own package";
    case "own-deps":
      return "this project's dependencies, built for it";
    case "fetch":
      return "a download";
    case "nixpkgs":
      return "a package of nixpkgs";
  }
}
