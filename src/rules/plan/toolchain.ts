import type { PlannedToolchain } from "../../nix/recipes/plan.ts";
import type { CargoProject } from "../../repo/facts.ts";
import { type InputContext, inputSource, obeysPolicy } from "./flake-inputs.ts";

/** Which Rust the flake takes: the one that the project's toolchain file names, as far as the inputs allow that. */

export interface ToolchainChoice {
  readonly toolchain: PlannedToolchain;
  readonly msrv?: string;
  /** Inputs that these need. */
  readonly inputs: readonly string[];
  /** What was settled for, each with its reason. */
  readonly remarks: readonly string[];
}

/** Whether an input can be had without breaking the policy. */
export function mayUse(name: string, context: InputContext): boolean {
  const source = inputSource(name, context);
  return source !== undefined && (context.policy === undefined || obeysPolicy(source.url, context.policy));
}

/**
 * @param isNew no flake exists: one that does keeps the inputs it has
 * @param promised the oldest Rust that a document promises, where no manifest does
 */
export function chooseToolchain(
  project: CargoProject,
  context: InputContext,
  isNew: boolean,
  promised?: string,
): ToolchainChoice {
  const allowed = (name: string): boolean => (isNew ? mayUse(name, context) : context.existing.has(name));
  const pinned = pinnedToolchain(project, context, isNew, allowed);
  const { toolchain } = pinned;
  const oldest = oldestRelease(project) ?? (promised === undefined ? undefined : inFull(promised));
  const msrv = oldest !== undefined && allowed("rust-overlay") ? oldest : undefined;
  const refused =
    oldest !== undefined && msrv === undefined && isNew
      ? [`There is no devShells.msrv with Rust ${oldest}: the input policy has no fork or exception for rust-overlay.`]
      : [];
  const inputs = [
    ...(toolchain.from === "nixpkgs" ? [] : [toolchain.from]),
    ...(msrv !== undefined && toolchain.from !== "rust-overlay" ? ["rust-overlay"] : []),
  ];
  return { toolchain, ...(msrv !== undefined && { msrv }), inputs, remarks: [...pinned.remarks, ...refused] };
}

function pinnedToolchain(
  project: CargoProject,
  context: InputContext,
  isNew: boolean,
  allowed: (name: string) => boolean,
): Pick<ToolchainChoice, "toolchain" | "remarks"> {
  const file = project.toolchainFile;
  if (!file) return { toolchain: { from: "nixpkgs" }, remarks: [] };
  const channel = (["stable", "beta", "nightly"] as const).find((name) => name === file.channel);
  const knows = (name: string): boolean => context.existing.has(name) || context.stated.has(name);
  if (channel !== undefined && knows("fenix") && !knows("rust-overlay") && allowed("fenix"))
    return { toolchain: { from: "fenix", channel }, remarks: [] };
  if (allowed("rust-overlay")) return { toolchain: { from: "rust-overlay", file: file.path }, remarks: [] };
  const why = isNew
    ? "the input policy has no fork or exception for rust-overlay"
    : "the flake that exists has no input that gives it";
  return {
    toolchain: { from: "nixpkgs" },
    remarks: [`\`${file.path}\` names ${file.channel}, and ${why}: the Rust of nixpkgs builds instead.`],
  };
}

/** `1.75` as `1.75.0`, which is how an overlay names it. */
const inFull = (release: string): string => (release.split(".").length === 2 ? `${release}.0` : release);

/** The oldest release that serves every package, as `1.75.0`; undefined where no manifest promises one. */
export function oldestRelease(project: CargoProject): string | undefined {
  const releases = project.packages.flatMap((pkg) => {
    const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(pkg.rustVersion ?? "") ?? [];
    return major === undefined ? [] : [[Number(major), Number(minor), Number(patch ?? 0)] as const];
  });
  const [highest] = releases.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2]);
  return highest?.join(".");
}
