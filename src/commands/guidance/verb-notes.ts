import type { ExitCode } from "../../system/errors/exit-codes.ts";

/** What the options of a verb do not say: how it may end beside success, usage and breakdown, and what a person types. */
export interface VerbNotes {
  /** Beside 0, 2, 3 and 130, which every verb may end with. */
  readonly exits: readonly ExitCode[];
  readonly examples: readonly string[];
}

const LOOP: readonly ExitCode[] = [10, 11, 12, 13, 14, 15, 16, 20, 21];

const notes = (exits: readonly ExitCode[], ...examples: readonly string[]): VerbNotes => ({ exits, examples });

/** By the words of the verb. */
export const VERB_NOTES: ReadonlyMap<string, VerbNotes> = new Map(
  Object.entries({
    draft: notes([1, ...LOOP], 'crq-agent draft "nixify this Rust project"', "crq-agent draft --task-file wish.txt --stdout"),
    approve: notes([1, 5], "crq-agent approve CRQ-001"),
    apply: notes([1, 4, 5, 6, ...LOOP], "crq-agent apply CRQ-001", 'crq-agent apply --task "nixify this Rust project" --yes'),
    verify: notes(
      [1, 4, 6],
      "crq-agent verify CRQ-001",
      "crq-agent verify CRQ-001 --ac AC-1",
      "crq-agent verify CRQ-001 --close",
    ),
    init: notes([], "crq-agent init", "crq-agent init --dry-run"),
    status: notes([], "crq-agent status", "crq-agent status CRQ-001 --json"),
    show: notes([], "crq-agent show CRQ-001 --criterion AC-1", "crq-agent show --trace flake.nix"),
    move: notes([], 'crq-agent move CRQ-001 deferred --reason "after the release"'),
    lint: notes(
      [1],
      "crq-agent lint",
      "crq-agent lint --profile strict --fail-on warning",
      "crq-agent lint --explain acceptance/weak-word",
    ),
    index: notes([1, 5], "crq-agent index", "crq-agent index --check"),
    import: notes([1], "crq-agent import old/42.md --dry-run"),
    repair: notes([1, 4, 5, 6, 7, ...LOOP], "crq-agent repair", "crq-agent repair checks.fmt --crq"),
    refresh: notes([1, 4, 5], "crq-agent refresh", "crq-agent refresh --check"),
    survey: notes([], "crq-agent survey", "crq-agent survey --at v1.2.0 --json"),
    vendor: notes([1, 4, 5], "crq-agent vendor --dry-run"),
    "lattice init": notes([1, 4], "crq-agent lattice init lattice --crate ."),
    "lattice add": notes([1, 4], "crq-agent lattice add report --depends seed"),
    "lattice check": notes([1, 4], "crq-agent lattice check --fix"),
    "lattice build": notes([1, 4], "crq-agent lattice build"),
    "lattice show": notes([], "crq-agent lattice show --format dot"),
    "steps record": notes([1], "crq-agent steps record -- make"),
    "steps describe": notes([1], "crq-agent steps describe -- make"),
    "steps check": notes([1], "crq-agent steps check steps"),
    "steps flakes": notes([1, 4], "crq-agent steps flakes steps"),
    "evals run": notes([1, 4, 6], "crq-agent evals run --models openai:NAME,anthropic:NAME --max-usd 40 --id spring"),
    "evals gate": notes([1, 4, 6], "crq-agent evals gate spring --strict"),
    "evals compare": notes([4, 6], "crq-agent evals compare spring summer --by model"),
    "evals validate": notes([1, 4], "crq-agent evals validate --missing"),
    "evals report": notes([4, 6], "crq-agent evals report spring --format md,html"),
    "evals list": notes([], 'crq-agent evals list --select "tier<=2 kind=repair"'),
    "evals plan": notes([], "crq-agent evals plan --models openai:NAME --gate"),
    "evals doctor": notes([4], "crq-agent evals doctor"),
    "evals grade": notes([4, 6], "crq-agent evals grade spring --dry-run"),
    "evals merge": notes([6], "crq-agent evals merge one two --out whole"),
    "evals worker": notes([4, 6], "crq-agent evals worker spring --queue postgres://localhost/evals"),
    "sessions list": notes([], "crq-agent sessions list"),
    "sessions show": notes([], "crq-agent sessions show"),
    "sessions take": notes([], "crq-agent sessions take"),
    "sessions resume": notes([1, 4, 5, 6, ...LOOP], "crq-agent sessions resume"),
    "world record": notes([1], "crq-agent world record world --flake github:NixOS/nixpkgs/nixos-26.05"),
    "world serve": notes([], "crq-agent world serve world"),
    "world show": notes([], "crq-agent world show world"),
    "world check": notes([], "crq-agent world check world"),
    "world seal": notes([], "crq-agent world seal world"),
    doctor: notes([1, 4], "crq-agent doctor", "crq-agent doctor --canaries --json"),
    completion: notes([], "crq-agent completion bash"),
    help: notes([], "crq-agent help criteria", "crq-agent help evals run", "crq-agent help no-flake"),
  }),
);
