import type { CheckInput } from "../../../crq/render/blocks.ts";
import { cargoNixPath, FRESHNESS, REGENERATE } from "../../../nix/recipes/crate2nix.ts";
import { checksOnly, GUIDE_HEADING, type GuideFacts, runCommands } from "../../../nix/recipes/guide/guide-section.ts";
import type { CheckStep, FeatureSet, FlakePlan, PlannedSteps } from "../../../nix/recipes/plan.ts";
import { featureOptions } from "../../../nix/recipes/step-check.ts";
import { hasWrongForms, noWrongForms } from "../../../repo/documents/wrong-commands.ts";
import type { Readme } from "../../../repo/facts.ts";
import { escapeRegExp } from "../../../repo/sources/program-answers.ts";
import { asksForMore, type Wishes } from "../../plan/wishes.ts";
import { joined } from "../subject.ts";
import type { DraftCriterion } from "./criteria.ts";

/** Criteria for what the documents of a project ask of its flake; that a step stands in a check is evaluated, that it passes is built. */

const SYSTEM = "$" + "{system}";
const code = (names: readonly string[]): string => joined(names.map((name) => `\`${name}\``));

/** Everything that the derivation of an output is given, as text: its script, its flags, its inputs. */
const derivationText = (attribute: string): string => `outputs: builtins.toJSON outputs.${attribute}.drvAttrs`;

const given = (attribute: string, regex: string): CheckInput => ({ kind: "nix-eval", expr: derivationText(attribute), regex });

/** In a command line (`--features a,b`) or in a list (`["a","b"]`), and no longer list that begins alike. */
function featurePattern({ names, noDefault }: FeatureSet): string {
  const list = names.map(escapeRegExp).join('\\\\?"?,\\\\?"?');
  const off = noDefault ? "(?:no-default-features|NoDefaultFeatures).*" : "";
  return `${off}[Ff]eatures[ =:"\\[\\\\]*${list}(?!\\\\?"?,\\\\?"?\\w)`;
}

export function wishedCriteria(plan: FlakePlan, wishes: Wishes): readonly DraftCriterion[] {
  return [
    ...features(plan),
    ...defaultPackage(plan, wishes),
    ...apps(plan, wishes),
    ...(plan.stepChecks ?? []).map((check) => steps(plan, check)),
    ...crateTests(wishes),
    ...(plan.builder === "crate2nix" && asksForMore(wishes) ? [cargoNix(plan)] : []),
    ...shells(plan, wishes),
    ...(wishes.formatter ? [formatter] : []),
  ];
}

function features(plan: FlakePlan): readonly DraftCriterion[] {
  // Cargo.nix resolves features by itself: what a crate is built with stands in no attribute of its derivation under a name that lasts.
  if (plan.builder === "crate2nix") return [];
  return plan.packages.flatMap((pkg): DraftCriterion[] =>
    pkg.features === undefined
      ? []
      : [
          {
            topic: "package",
            sentence: `\`${pkg.attribute}\` is built with \`${featureOptions(pkg.features).trim()}\`.`,
            checks: [given(`packages.${SYSTEM}.${pkg.attribute}`, featurePattern(pkg.features))],
          },
        ],
  );
}

function defaultPackage(plan: FlakePlan, { defaultPackage: wished }: Wishes): readonly DraftCriterion[] {
  if (wished === undefined || !plan.defaultPackage || !("one" in plan.defaultPackage)) return [];
  const name = plan.defaultPackage.one;
  const outPath = (attribute: string): string => `outputs.packages.${SYSTEM}.${attribute}.outPath`;
  return [
    {
      topic: "outputs",
      sentence: `\`nix build\` without a name builds \`${name}\`.`,
      checks: [{ kind: "nix-eval", expr: `outputs: ${outPath("default")} == ${outPath(name)}`, equals: true }],
    },
  ];
}

function apps(plan: FlakePlan, wishes: Wishes): readonly DraftCriterion[] {
  const names = plan.apps.map((app) => app.attribute).filter((name) => wishes.apps.has(name));
  if (names.length === 0) return [];
  return [
    {
      topic: "outputs",
      sentence: `\`nix run\` knows the apps ${code(names)}.`,
      checks: [{ kind: "flake-outputs", require: names.map((name) => `apps.${SYSTEM}.${name}`) }],
    },
  ];
}

function steps(plan: FlakePlan, check: PlannedSteps): DraftCriterion {
  const attribute = `checks.${SYSTEM}.${check.attribute}`;
  const patterns = check.steps.flatMap((step) => stepPattern(plan, step) ?? []);
  const leaves = check.files.length === 0 ? "" : ` and leaves ${code(check.files)}`;
  return {
    topic: "tests",
    sentence: `The check \`${check.attribute}\` does ${joined(check.steps.map((step) => stepName(step)))}${leaves}.`,
    checks: [
      { kind: "nix-build", attr: attribute, ...(check.files.length > 0 && { files: [...check.files] }) },
      ...patterns.map((pattern) => given(attribute, pattern)),
    ],
  };
}

function stepName(step: CheckStep): string {
  switch (step.tool) {
    case "build":
      return "a build";
    case "doc":
      return "the documentation";
    case "fmt":
      return "the format";
    case "msrv":
      return "the oldest Rust";
    case "clippy":
      return step.denyWarnings ? "clippy without warnings" : "clippy";
    case "nextest":
      return `the tests by nextest with the profile \`${step.profile}\``;
    case "test":
      if (step.filter !== undefined) return `the tests named \`${step.filter}\``;
      return step.features ? `the tests with \`${featureOptions(step.features).trim()}\`` : "the tests";
  }
}

function stepPattern(plan: FlakePlan, step: CheckStep): string | undefined {
  switch (step.tool) {
    case "build":
      return "cargo build";
    case "doc":
      return "cargo doc";
    case "fmt":
      return "cargo fmt[^\\n]*--check";
    case "msrv":
      return plan.msrv === undefined ? undefined : escapeRegExp(plan.msrv);
    case "clippy":
      return step.denyWarnings ? "cargo clippy[^\\n]*(?:-D|--deny)[ =]warnings" : "cargo clippy";
    case "nextest":
      return `nextest run[^\\n]*--profile[ =]${step.profile}\\b`;
    case "test": {
      if (step.filter !== undefined) return `cargo test[^\\n]*\\b${escapeRegExp(step.filter)}\\b`;
      return step.features ? `cargo test.*${featurePattern(step.features)}` : "cargo test";
    }
  }
}

function crateTests({ crateTests: wished }: Wishes): readonly DraftCriterion[] {
  if (wished.size === 0) return [];
  const names = [...wished.keys()];
  return [
    {
      topic: "tests",
      sentence: `The tests of ${code([...wished.values()])} are checks of their own: ${code(names)}.`,
      checks: [{ kind: "flake-check", require: names }],
    },
  ];
}

function shells(plan: FlakePlan, wishes: Wishes): readonly DraftCriterion[] {
  const named = [...wishes.shells].flatMap((name): DraftCriterion[] => {
    if (name === "default") return [];
    const release = name === "msrv" ? plan.msrv : undefined;
    return [release === undefined ? shellWithCargo(name) : shellWithRelease(name, release)];
  });
  const variables = Object.entries(plan.shellVariables ?? {}).flatMap(([shell, values]): DraftCriterion[] => {
    const shown = Object.entries(values).filter(([name, value]) => value !== "" && !Object.hasOwn(plan.environment, name));
    if (shown.length === 0) return [];
    return [
      {
        topic: "shell",
        sentence: `The shell \`${shell}\` sets ${code(shown.map(([name, value]) => `${name}=${value}`))}.`,
        checks: shown.map(
          ([name, value]): CheckInput => ({
            kind: "dev-shell",
            shell,
            run: { argv: ["printenv", name], stdout: { regex: `^${escapeRegExp(value)}$` } },
          }),
        ),
      },
    ];
  });
  return [...named, ...variables];
}

const shellWithCargo = (name: string): DraftCriterion => ({
  topic: "shell",
  sentence: `\`nix develop .#${name}\` opens a shell in which \`cargo --version\` answers.`,
  checks: [{ kind: "dev-shell", shell: name, run: { argv: ["cargo", "--version"], stdout: { regex: "^cargo 1\\." } } }],
});

/** Evaluated: to prove which Rust a shell has, nobody needs to fetch a whole toolchain. */
function shellWithRelease(name: string, release: string): DraftCriterion {
  const shell = `devShells.${SYSTEM}.${name}`;
  const inputs = ["nativeBuildInputs", "buildInputs"].map((list) => `(outputs.${shell}.${list} or [ ])`).join(" ++ ");
  return {
    topic: "shell",
    sentence: `\`nix develop .#${name}\` opens a shell with Rust ${release}.`,
    checks: [
      { kind: "flake-outputs", require: [shell] },
      { kind: "nix-eval", expr: `outputs: map (input: input.name or "") (${inputs})`, regex: `-${escapeRegExp(release)}\\b` },
    ],
  };
}

/** The generated file is part of the change, and stays what the tool writes. */
function cargoNix(plan: FlakePlan): DraftCriterion {
  const [first] = [...plan.packages, ...plan.tests];
  const file = cargoNixPath(plan);
  // With crates from git the comparison is made while evaluating, and what is built does nothing.
  const evaluated = plan.vendoring.mode === "cargoLock" && plan.vendoring.gitDependencies;
  const compared: readonly CheckInput[] = evaluated ? [] : [{ kind: "flake-check", require: [FRESHNESS] }];
  return {
    topic: "outputs",
    sentence: `\`${file}\` is what crate2nix writes, which the check \`${FRESHNESS}\` compares, and \`${REGENERATE}\` writes it anew.`,
    checks: [
      { kind: "file", path: file, regex: `crateName = "${escapeRegExp(first?.crate ?? "")}"` },
      ...compared,
      { kind: "flake-outputs", require: [`packages.${SYSTEM}.${REGENERATE}`] },
    ],
  };
}

const formatter: DraftCriterion = {
  topic: "outputs",
  sentence: "`nix fmt` has a formatter.",
  checks: [{ kind: "flake-outputs", require: [`formatter.${SYSTEM}`] }],
};

/** That the project's guide shows commands which succeed, and none of the wrong forms it had. */
export function guideCriterion(plan: FlakePlan, guide: Readme, facts: GuideFacts): DraftCriterion {
  const mentions = runCommands(plan, facts).filter((command) => !command.includes("#checks."));
  const checks = checksOnly(plan);
  const wrong = guide.text !== undefined && hasWrongForms(guide.text, checks);
  return {
    topic: "document",
    sentence: `\`${guide.path}\` has a section "${GUIDE_HEADING}" whose commands succeed${wrong ? ", and shows no command that Nix refuses" : ""}.`,
    checks: [
      { kind: "doc", files: [guide.path], headings: [GUIDE_HEADING], mentions: [...mentions], "run-fences": true },
      ...(wrong ? [{ kind: "file", path: guide.path, regex: noWrongForms(checks) } as const] : []),
    ],
  };
}
