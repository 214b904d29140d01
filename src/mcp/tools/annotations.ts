import type { ToolAnnotations } from "@modelcontextprotocol/server";

/**
 * What a client may tell its person of a tool before it calls it. `write` means the private copy: no tool changes the checkout, so none is
 * destructive but the one that gives up what was done.
 */
const looks: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
const writes: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
const repeats: ToolAnnotations = { ...writes, idempotentHint: true };

const ANNOTATIONS: ReadonlyMap<string, ToolAnnotations> = new Map([
  ["survey", { ...looks, title: "Survey the repository" }],
  ["list_files", { ...looks, title: "List files" }],
  ["read_file", { ...looks, title: "Read a file" }],
  ["search_text", { ...looks, title: "Search the files" }],
  ["propose_edit", { ...writes, title: "Propose an edit" }],
  ["propose_lattice", { ...writes, title: "Propose a flake lattice" }],
  ["propose_step_flakes", { ...writes, title: "Propose flakes of build steps" }],
  ["nix_eval", { ...looks, title: "Evaluate with Nix" }],
  ["nix_build", { ...repeats, title: "Build with Nix" }],
  ["nix_log", { ...looks, title: "Read a build log" }],
  ["nix_attr", { ...looks, title: "Look an attribute up in nixpkgs" }],
  ["run_program", { ...looks, title: "Run a built program" }],
  ["check_criteria", { ...looks, title: "Run the acceptance criteria" }],
  ["submit_crq", { ...writes, title: "Hand a CRQ in" }],
  ["give_up", { ...writes, destructiveHint: true, title: "Give up" }],
  ["open_change", { ...repeats, title: "Open an approved change" }],
  ["open_draft", { ...writes, title: "Open a draft" }],
  ["finish", { ...repeats, title: "Finish and hand over" }],
  ["session_status", { ...looks, title: "Say where the session stands" }],
  ["close_session", { ...repeats, title: "Close the session" }],
]);

const ASKS_NIX = /^(?:nix_|run_program|check_criteria|finish|open_change|propose_)/u;

/** @param network whether Nix may reach it */
export function annotationsOf(tool: string, network: boolean): ToolAnnotations | undefined {
  const found = ANNOTATIONS.get(tool);
  return found && { ...found, ...(network && ASKS_NIX.test(tool) && { openWorldHint: true }) };
}
