import { recipeOf } from "../../nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";

/** Plans that do with less when something cannot be had; each says so in its remarks. */

/** Characters of a message that a remark repeats. */
const MAX_REASON = 200;

/** The same project by nixpkgs' own builder, with one hash over all crates: nothing of it rests on dummy sources or on single git checkouts. */
export function withBuildRustPackage(plan: FlakePlan, why: string, mode: "cargoHash" | "cargoLock"): FlakePlan {
  const input = recipeOf(plan.builder)?.input;
  return {
    ...plan,
    builder: "buildRustPackage",
    vendoring: mode === "cargoHash" && plan.vendoring.mode === "cargoLock" ? { mode } : plan.vendoring,
    singleStep: false,
    // An input that somebody asked for stays declared.
    inputs: plan.inputs.flatMap((one) => (one.name !== input ? [one] : plan.builderByDefault ? [] : [{ ...one, used: false }])),
    remarks: [...plan.remarks, `buildRustPackage builds the project instead of ${plan.builder}: ${why}.`],
  };
}

/** The plan without a check that no criterion asks for; undefined where `attribute` is no such check. */
export function withoutOptionalCheck(plan: FlakePlan, attribute: string, reason: string): FlakePlan | undefined {
  const name = [...plan.tests, ...plan.lints].find(
    (check) => check.optional && attribute.startsWith("checks.") && attribute.endsWith(`.${check.attribute}`),
  )?.attribute;
  if (name === undefined) return undefined;
  const others = <Check extends { readonly attribute: string }>(checks: readonly Check[]): readonly Check[] =>
    checks.filter((check) => check.attribute !== name);
  return {
    ...plan,
    tests: others(plan.tests),
    lints: others(plan.lints),
    remarks: [...plan.remarks, `checks.${name} is left out, since the project as it is does not pass it: ${oneLine(reason)}`],
  };
}

/** The plan without what the locked nixpkgs does not have and nobody asks for. */
export function withoutMissing(plan: FlakePlan, missing: string): FlakePlan | undefined {
  const remarks = (text: string): readonly string[] => [...plan.remarks, text];
  if (/nextest/.test(missing) && plan.tests.some((test) => test.runner !== undefined)) {
    const tests = plan.tests.filter((test) => test.runner === undefined || !test.optional).map(({ runner: _, ...test }) => test);
    return { ...plan, tests, remarks: remarks("cargo test runs the tests: the locked nixpkgs has no cargo-nextest.") };
  }
  if (plan.optionalFormatter && plan.formatter !== undefined && missing.endsWith(plan.formatter)) {
    const { formatter, optionalFormatter: _, ...rest } = plan;
    return { ...rest, remarks: remarks(`There is no formatter: the locked nixpkgs has no ${formatter}.`) };
  }
  if (plan.msrv !== undefined && missing.includes(plan.msrv)) {
    const { msrv, ...rest } = plan;
    const inputs =
      plan.toolchain.from === "rust-overlay" ? plan.inputs : plan.inputs.filter(({ name }) => name !== "rust-overlay");
    return { ...rest, inputs, remarks: remarks(`There is no devShells.msrv: rust-overlay as locked has no Rust ${msrv}.`) };
  }
  return undefined;
}

/** The Rust of nixpkgs in place of one that the overlay does not have. */
export function withNixpkgsToolchain(plan: FlakePlan, reason: string): FlakePlan | undefined {
  const { toolchain } = plan;
  if (toolchain.from === "nixpkgs") return undefined;
  const what = toolchain.from === "rust-overlay" ? `the one that ${toolchain.file} names` : `the ${toolchain.channel} of fenix`;
  return {
    ...plan,
    toolchain: { from: "nixpkgs" },
    inputs: plan.inputs.filter(({ name }) => name !== toolchain.from || (name === "rust-overlay" && plan.msrv !== undefined)),
    remarks: [...plan.remarks, `The Rust of nixpkgs builds the project instead of ${what}: ${oneLine(reason)}`],
  };
}

/** The plan with what mechanics wrote into its text: hashes that Nix printed. */
export function withPrintedHashes(plan: FlakePlan, text: string): FlakePlan {
  const hash = /\bcargoHash = "(?<hash>sha256-[A-Za-z0-9+/]{43}=)";/.exec(text)?.groups?.hash;
  return plan.vendoring.mode === "cargoHash" && hash !== undefined ? { ...plan, vendoring: { mode: "cargoHash", hash } } : plan;
}

/** The plan without an input that does not exist and that nobody named. */
export function withoutInput(plan: FlakePlan, url: string): FlakePlan | undefined {
  const missing = (name: string): boolean => plan.inputs.some((input) => input.name === name && mentions(url, input.url));
  if (plan.builderByDefault && missing("crane") && plan.builder === "crane")
    return withBuildRustPackage(plan, "crane cannot be had here", "cargoLock");
  if (missing("rust-overlay") && plan.toolchain.from !== "fenix") {
    const { msrv, ...rest } = plan;
    const lost = [
      ...(plan.toolchain.from === "rust-overlay"
        ? [`the Rust of nixpkgs builds instead of the one that ${plan.toolchain.file} names`]
        : []),
      ...(msrv === undefined ? [] : [`there is no devShells.msrv with Rust ${msrv}`]),
    ];
    if (lost.length === 0) return undefined;
    return {
      ...rest,
      toolchain: { from: "nixpkgs" },
      inputs: plan.inputs.filter(({ name }) => name !== "rust-overlay"),
      remarks: [...plan.remarks, `rust-overlay cannot be had here: ${lost.join(", and ")}.`],
    };
  }
  return undefined;
}

/** The address that was fetched names the repository of the reference. */
function mentions(url: string, reference: string): boolean {
  const [, repository] = /^github:([^/?]+\/[^/?]+)/.exec(reference) ?? [];
  return repository !== undefined && url.toLowerCase().includes(repository.toLowerCase());
}

function oneLine(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line;
}
