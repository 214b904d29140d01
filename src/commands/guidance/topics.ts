/** A page of docs/ that `crq-agent help TOPIC` prints: one text for the terminal and for the web. */
export interface Topic {
  readonly name: string;
  readonly about: string;
  /** Below docs/. */
  readonly file: string;
}

const topic = (name: string, about: string, file: string): Topic => ({ name, about, file });

export const TOPICS: readonly Topic[] = [
  topic("getting-started", "from a project to a proven Nix build, step by step", "quickstart.md"),
  topic("first-steps", "what was typed and seen by somebody new, with the time each step took", "guides/first-steps.md"),
  topic("tutorial", "from an empty project to an approved, applied and verified CRQ", "guides/tutorial.md"),
  topic("how-it-works", "the loop, and who decides what", "how-it-works.md"),
  topic("drafting", "from one sentence to a CRQ", "guides/drafting.md"),
  topic("criteria", "writing criteria that can fail", "guides/criteria.md"),
  topic("crq-format", "the sections and metadata of a CRQ", "reference/crq-format.md"),
  topic("checks", "every kind of check, with its parameters", "reference/check-kinds.md"),
  topic("lifecycle", "states, approval, closing", "guides/lifecycle.md"),
  topic("interactive", "what is asked at a terminal", "guides/interactive.md"),
  topic("config", "every key of crq-agent.toml", "reference/config.md"),
  topic("policy", "where flake inputs may come from", "guides/inputs.md"),
  topic("models", "rules, OpenAI, Anthropic, your own server; keys and prices", "guides/models.md"),
  topic("worlds", "flake inputs served offline", "guides/worlds.md"),
  topic("repair", "a flake that does not build", "guides/repair.md"),
  topic("refresh", "lock, hashes and pins in step again", "guides/refresh.md"),
  topic("evidence", "reports, and how CI reads them", "guides/evidence.md"),
  topic("reports", "the HTML page of a session", "guides/reports.md"),
  topic("mcp", "an editor's assistant as the model", "guides/mcp.md"),
  topic("library", "draft, apply and verify as functions of your own program", "guides/library.md"),
  topic("evals", "comparing models on real builds", "guides/evals.md"),
  topic("security", "what is trusted, what is refused, and where the sandbox ends", "security.md"),
  topic("exit-codes", "what each exit code says", "reference/exit-codes.md"),
  topic("errors", "every code that a message ends with", "reference/errors.md"),
  topic("limits", "what was and was not seen to work", "limits.md"),
];
