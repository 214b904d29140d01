import { commonArguments, rustPackage } from "./build-rust-package.ts";
import { nestedManifest, projectOf, versionExpression } from "./builder.ts";
import { bind, type Code, indentedString, string } from "./nix-syntax.ts";
import type { CheckStep, FeatureSet, FlakePlan, PlannedNeed, PlannedSteps } from "./plan.ts";
import { exactRelease, hasOwnToolchain } from "./toolchain.ts";

/**
 * A check that runs several steps of cargo in turn, with the crates of Cargo.lock and without network. nixpkgs' own builder sets cargo up
 * for it, whichever builder the packages have.
 */

const MSRV = "@msrv@";

export function stepCheck(plan: FlakePlan, check: PlannedSteps): Code {
  const { version } = projectOf(plan);
  const tools = toolsOf(plan, check).map((attribute): PlannedNeed => ({ attribute }));
  const script = checkScript(plan, check);
  return rustPackage(plan, [
    bind("pname", string(check.attribute)),
    bind("version", versionExpression(plan, version)),
    ...commonArguments({ ...plan, testHome: false, nativeBuildInputs: [...tools, ...plan.nativeBuildInputs] }),
    bind("dontBuild", "true"),
    // The only antiquotation in shell text; it names a toolchain and no text of the repository.
    bind("checkPhase", indentedString(script).replaceAll(MSRV, `\${${exactRelease(plan.msrv ?? "")}}`)),
    bind("installPhase", indentedString(installScript(check))),
  ]);
}

function toolsOf(plan: FlakePlan, { steps }: PlannedSteps): readonly string[] {
  const uses = (tool: CheckStep["tool"]): boolean => steps.some((step) => step.tool === tool);
  const rust = hasOwnToolchain(plan) ? [] : [...(uses("clippy") ? ["clippy"] : []), ...(uses("fmt") ? ["rustfmt"] : [])];
  return [...rust, ...(uses("nextest") ? ["cargo-nextest"] : [])];
}

const log = ({ attribute, files }: PlannedSteps): string => files.find((file) => file.endsWith(".log")) ?? `${attribute}.log`;

/** Each command is shown before it runs; what it prints goes into the log as well. */
function checkScript(plan: FlakePlan, check: PlannedSteps): string {
  const lines = check.steps.flatMap((step) => commandOf(plan, check, step));
  const file = log(check);
  return [
    "set -o pipefail",
    "export HOME=$(mktemp -d)",
    "step() {",
    `  echo "$ $*" | tee -a ${file}`,
    `  "$@" 2>&1 | tee .step.log | tee -a ${file}`,
    "}",
    ...(check.steps.some((step) => step.tool === "test" && step.filter !== undefined)
      ? [
          "# Tests that are chosen by name: none at all would pass as well.",
          "chosen() {",
          '  step "$@"',
          `  grep -E '^test result: ok\\. [1-9]' .step.log > /dev/null || {`,
          '    echo "no test ran: $*" >&2',
          "    exit 1",
          "  }",
          "}",
        ]
      : []),
    ...lines,
  ].join("\n");
}

function commandOf(plan: FlakePlan, check: PlannedSteps, step: CheckStep): readonly string[] {
  const where = nestedManifest(plan);
  const scope = check.crate === undefined ? " --workspace" : ` --package ${check.crate}`;
  const cargo = (command: string, features: FeatureSet | undefined = check.features): string =>
    `cargo ${command} --offline${where}${scope}${featureOptions(features)}`;
  switch (step.tool) {
    case "build":
      return [`step ${cargo("build")}`];
    case "doc":
      return [`step ${cargo("doc")} --no-deps`];
    case "test":
      return step.filter === undefined
        ? [`step ${cargo("test", step.features)}`]
        : [`chosen ${cargo("test", step.features)} -- ${step.filter}`];
    case "clippy":
      return [`step ${cargo("clippy")} --all-targets${step.denyWarnings ? " -- --deny warnings" : ""}`];
    case "fmt":
      return [`step cargo fmt${where} --all --check`];
    case "msrv":
      // The commands of an overlay's toolchain lie beside each other; what another compiler built does not fit.
      return plan.msrv === undefined ? [] : [`PATH=${MSRV}/bin:$PATH step ${cargo("check")} --target-dir target/msrv`];
    case "nextest":
      return [`step ${cargo("nextest run")} --profile ${step.profile}`];
  }
}

/** As words of a command line; names of features hold no character that a shell reads. */
export function featureOptions(features: FeatureSet | undefined): string {
  if (features === undefined) return "";
  const names = features.names.length > 0 ? ` --features ${features.names.join(",")}` : "";
  return `${features.noDefault ? " --no-default-features" : ""}${names}`;
}

function installScript(check: PlannedSteps): string {
  const report = check.files.find((file) => file.endsWith(".xml"));
  const profile = check.steps.find((step) => step.tool === "nextest")?.profile;
  return [
    "mkdir -p $out",
    `cp ${log(check)} $out/`,
    ...(report !== undefined && profile !== undefined ? [`cp target/nextest/${profile}/junit.xml $out/${report}`] : []),
  ].join("\n");
}
