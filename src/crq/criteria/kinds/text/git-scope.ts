import picomatch from "picomatch";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind } from "../../check/kind.ts";
import { type CheckResult, failed, passed, vacuous } from "../../check/result.ts";

export const gitScope = defineKind({
  schema: checkSchemas["git-scope"],
  kind: "git-scope",
  tier: "text",
  needs: "files",
  guard: "nothing changed since the base commit",
  canary: {
    description: "a flake that imports a file git does not know",
    files: { "README.md": "# Tool\n" },
    change: { "flake.nix": "{ outputs = _: import ./package.nix; }\n", "package.nix": "{ }\n" },
    untracked: ["package.nix"],
    check: checkSchemas["git-scope"].parse({ kind: "git-scope", allow: ["**"] }),
  },
  run: judge,
});

/** Files that a flake or a build reads by name: without git's knowledge they do not exist for Nix. */
const NEEDED = picomatch(
  [
    "**/*.nix",
    "**/flake.lock",
    "**/Cargo.toml",
    "**/Cargo.lock",
    "**/rust-toolchain",
    "**/rust-toolchain.toml",
    "**/.cargo/config.toml",
  ],
  { dot: true },
);

async function judge(check: CheckOf<"git-scope">, context: CheckContext): Promise<CheckResult> {
  const [all, untracked] = await Promise.all([context.target.changed(), context.target.untracked()]);
  // Documents, lists and reports of the CRQs are crq-agent's own and come and go with them.
  const changed = all.filter((path) => context.crqFolder === undefined || !path.startsWith(`${context.crqFolder}/`));
  const unseen = context.untracked.filter((path) => NEEDED(path));
  const counts = { candidates: changed.length, checked: changed.length };
  if (check.tracked) {
    const unknown = untracked.filter((path) => NEEDED(path));
    if (unknown.length > 0)
      return failed("missing", "text", `not tracked by git, so invisible to the flake: ${unknown.join(", ")}`, counts);
  }
  if (changed.length === 0) return vacuous("unchanged", "text", "nothing has changed since the base commit", counts);
  const allowed = picomatch([...check.allow], { dot: true });
  const denied = check.deny.length > 0 ? picomatch([...check.deny], { dot: true }) : () => false;
  const wrong = changed.filter((path) => !allowed(path) || denied(path));
  if (wrong.length > 0) return failed("forbidden", "text", `changed outside the allowed paths: ${wrong.join(", ")}`, counts);
  const warnings =
    unseen.length > 0
      ? [`the checkout holds ${unseen.join(", ")}, which git does not know, so nothing that was checked saw it`]
      : [];
  return passed("text", `all ${changed.length} changed paths are allowed`, counts, { warnings });
}
