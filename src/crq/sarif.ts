/** Parts of a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/) that findings of the linter and results of a run share. */

export interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription?: { readonly text: string };
  readonly defaultConfiguration?: { readonly level: "error" | "warning" | "note" | "none" };
}

/** A log of one run of crq-agent. `rest`: further properties of the run. */
export function sarifLog<Rule extends SarifRule, Result, Rest extends object>(
  version: string,
  rules: readonly Rule[],
  results: readonly Result[],
  rest: Rest,
) {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "crq-agent", version, rules: [...rules] } },
        columnKind: "utf16CodeUnits",
        ...rest,
        results: [...results],
      },
    ],
  };
}

/** Relative references are paths with their segments percent-encoded. */
export function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** A place in a file of the repository; the whole file where there is no line. */
export function locationOf(file: string, line?: number, column?: number) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
  };
}
