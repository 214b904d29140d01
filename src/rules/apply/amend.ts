import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { looksForHome } from "../../nix/mechanics/code/inputs/build-variables.ts";
import { missingTestProgram } from "../../nix/mechanics/code/inputs/test-program.ts";
import { nativeNeed } from "../../nix/mechanics/native-need.ts";
import type { FlakePlan, PlannedNeed } from "../../nix/recipes/plan.ts";
import type { NativeNeed } from "../../repo/facts.ts";
import { failingCrate, renamedCrateNeeds, withCrateNeed } from "./crate-needs.ts";
import { withBuildRustPackage, withNixpkgsToolchain, withoutInput, withoutMissing } from "./fall-back.ts";

/** The known fix of each diagnosis, as a change of the plan; or why there is none. */
export type Amendment =
  | { readonly kind: "fix"; readonly plan: FlakePlan; readonly why: string }
  | { readonly kind: "none"; readonly reason: GiveUpReason; readonly advice: string };

const fix = (plan: FlakePlan, why: string): Amendment => ({ kind: "fix", plan, why });
const none = (reason: GiveUpReason, advice: string): Amendment => ({ kind: "none", reason, advice });

type NativeKind = "native-library" | "generator-missing" | "build-tool-missing" | "libclang";

export function amendPlan(plan: FlakePlan, diagnosis: Diagnosis): Amendment {
  switch (diagnosis.kind) {
    case "native-library":
    case "generator-missing":
    case "build-tool-missing":
    case "libclang": {
      const need = nativeNeed(diagnosis);
      return need
        ? fix(withNeed(plan, need, failingCrate(diagnosis)), need.reason)
        : none("missing-in-nixpkgs", unknownNeed(diagnosis));
    }
    case "dummy-source":
      if ((plan.builder === "naersk" || plan.builder === "crane") && !plan.singleStep)
        return fix({ ...plan, singleStep: true }, `the dependency step fails on ${plan.builder}'s dummy sources`);
      if (plan.builder !== "buildRustPackage")
        return fix(
          withBuildRustPackage(plan, "its dependency step fails on dummy sources", "cargoHash"),
          `the dependency step of ${plan.builder} fails however it is built`,
        );
      return none("no-known-fix", "Build without a separate dependency step.");
    case "git-dependency-hash":
      return fix({ ...plan, vendoring: { mode: "cargoLock", gitDependencies: true } }, `${diagnosis.dependency} comes from git`);
    case "source-filter":
    case "path-outside-source":
      return fix({ ...plan, source: ".", sourceFilter: { kind: "none" } }, `${diagnosis.path} is read during the build`);
    case "workspace":
      if ((plan.builder === "naersk" || plan.builder === "crane") && !plan.singleStep)
        return fix({ ...plan, singleStep: true }, `${plan.builder}'s dummy sources break the workspace`);
      return fix({ ...plan, source: ".", sourceFilter: { kind: "none" } }, "the workspace needs files outside its folder");
    case "git-metadata":
      return fix(
        {
          ...plan,
          environment: {
            ...plan.environment,
            VERGEN_IDEMPOTENT: "1",
            ...(diagnosis.variable !== undefined && { [diagnosis.variable]: "unknown" }),
          },
        },
        "the build asks git, and a Nix build has no repository",
      );
    case "sandboxed-test":
      // The mechanic has its cure; no plan knows of programs that tests start.
      if (missingTestProgram(diagnosis) && !looksForHome(diagnosis)) return none("source-needs-patch", diagnosis.next);
      return fix({ ...plan, testHome: true }, "tests write below HOME, which the sandbox does not have");
    case "attribute": {
      const less = withoutMissing(plan, diagnosis.attribute);
      if (less) return fix(less, less.remarks.at(-1) ?? "");
      return replaceAttribute(plan, diagnosis.attribute, diagnosis.suggestion);
    }
    case "type":
    case "unknown":
      if (/cargo-nextest/.test(diagnosis.message)) {
        const less = withoutMissing(plan, "cargo-nextest");
        if (less) return fix(less, less.remarks.at(-1) ?? "");
      }
      // Nix reads TOML 1.0 only; a manifest it cannot read must not carry the version. For its dummy sources naersk reads every Cargo.toml
      // below the root, those of broken test samples and templates too.
      if (/fromTOML|TOML/i.test(diagnosis.message))
        return fix(
          { ...plan, literalVersions: true, ...(plan.builder === "naersk" && { singleStep: true }) },
          "Nix cannot read a Cargo.toml",
        );
      return none("no-known-fix", diagnosis.next);
    case "toolchain": {
      const other = withNixpkgsToolchain(plan, diagnosis.message);
      if (other) return fix(other, other.remarks.at(-1) ?? "");
      return none(
        "version-not-available",
        `The project needs ${diagnosis.required === undefined ? "another" : `Rust ${diagnosis.required}, a newer`} toolchain than the locked nixpkgs has${diagnosis.actual === undefined ? "" : ` (${diagnosis.actual})`}. Move the nixpkgs input, or lower rust-version.`,
      );
    }
    case "registry-refused":
    case "network-at-build":
      return none("network-at-build-time", diagnosis.next);
    case "cargo-lock":
      return none(
        "lock-file-missing",
        `Cargo.lock is ${diagnosis.problem === "missing" ? "missing" : "not in step with Cargo.toml"}. Run cargo generate-lockfile, commit Cargo.lock, and apply again.`,
      );
    case "private-source":
      return none("needs-credentials", diagnosis.next);
    case "compile-error":
    case "test-failure":
    case "vendor-write":
      return none("source-needs-patch", diagnosis.next);
    case "vendored-git-files":
      if (plan.vendoring.mode === "cargoLock")
        return fix(
          withBuildRustPackage(plan, "a git dependency loses files when it is vendored alone", "cargoHash"),
          "a git dependency loses files when it is vendored alone",
        );
      return none("source-needs-patch", diagnosis.next);
    case "resources":
      return none("resources", diagnosis.next);
    case "darwin-sdk":
    case "foreign-system":
      return none("platform", diagnosis.next);
    case "input-not-found":
      // Without a status nobody answered: that says nothing about the reference.
      if (diagnosis.status === undefined)
        return none("no-known-fix", `${diagnosis.url} could not be reached. Try again when the network is there.`);
      {
        const crate = /\/crates\/([\w-]+)\/(\d[^/]*)\/download/u.exec(diagnosis.url);
        if (crate)
          return none(
            "network-at-build-time",
            `Cargo.lock asks for ${crate[1]} ${crate[2]}, which cannot be had (status ${diagnosis.status}): it was withdrawn, comes from a private registry, or this world does not hold it. Choose another version (cargo update -p ${crate[1]} --precise VERSION), commit Cargo.lock, and try again.`,
          );
        const less = withoutInput(plan, diagnosis.url);
        if (less) return fix(less, less.remarks.at(-1) ?? "");
      }
      return none(
        "contradiction",
        `The input ${diagnosis.url} does not exist (status ${diagnosis.status}). Correct the reference in the documents or the policy.`,
      );
    case "untracked-file":
      if (/(?:^|\/)Cargo\.lock$/.test(diagnosis.path))
        return none(
          "lock-file-missing",
          "A Nix build needs Cargo.lock. Run cargo generate-lockfile, commit it, and apply again.",
        );
      return none("no-known-fix", diagnosis.next);
    case "hash-mismatch":
      // Mechanics take every hash that follows from a lock or a moved pin; what is left is a source that is another one than was pinned.
      return none("contradiction", diagnosis.next);
    case "syntax":
    case "lock-outdated":
    case "missing-output":
    case "runtime-library":
    case "import-from-derivation":
    case "mixed-toolchains":
    case "refused-setting":
    case "stale-hash":
    case "interactive":
      return none("no-known-fix", diagnosis.next);
  }
}

function unknownNeed(diagnosis: Extract<Diagnosis, { kind: NativeKind }>): string {
  switch (diagnosis.kind) {
    case "native-library":
      return `No row of the table of native libraries knows ${diagnosis.library ?? diagnosis.crate ?? "this library"}; add its nixpkgs attribute to buildInputs.`;
    case "generator-missing":
    case "build-tool-missing":
      return `The build runs ${diagnosis.program}, and no table says which attribute of nixpkgs has it.`;
    case "libclang":
      return diagnosis.next;
  }
}

function added(needs: readonly PlannedNeed[], more: readonly PlannedNeed[]): readonly PlannedNeed[] {
  const fresh = more.filter(
    (need) =>
      !needs.some((other) => other.attribute === need.attribute && (other.only === undefined || other.only === need.only)),
  );
  return [...needs.filter((need) => !fresh.some((other) => other.attribute === need.attribute)), ...fresh];
}

function withNeed(plan: FlakePlan, need: NativeNeed, crate: string | undefined): FlakePlan {
  const buildInputs = need.buildInputs.map((attribute) => ({ attribute, ...(need.platform && { only: need.platform }) }));
  return {
    ...plan,
    nativeBuildInputs: added(
      plan.nativeBuildInputs,
      need.nativeBuildInputs.map((attribute) => ({ attribute })),
    ),
    buildInputs: added(plan.buildInputs, buildInputs),
    environment: { ...plan.environment, ...need.environment },
    ...(plan.builder === "crate2nix" && crate !== undefined && { crateNeeds: withCrateNeed(plan, need, crate) }),
  };
}

/** Other names of attributes in older and newer nixpkgs, tried in this order. */
const OTHER_NAMES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    nixfmt: ["nixfmt-rfc-style", "nixpkgs-fmt"],
    "nixfmt-rfc-style": ["nixpkgs-fmt"],
    libpq: ["postgresql"],
    udev: ["systemd"],
    // Until 25.11 the libraries of X stood in a set of their own.
    libx11: ["xorg.libX11"],
    libxcb: ["xorg.libxcb"],
    libxcursor: ["xorg.libXcursor"],
    libxi: ["xorg.libXi"],
    libxrandr: ["xorg.libXrandr"],
    libxtst: ["xorg.libXtst"],
  }),
);

/** What may be left out of a shell without a criterion noticing. */
function replaceAttribute(plan: FlakePlan, missing: string, suggestion: string | undefined): Amendment {
  const name = missing.replace(/^pkgs\./, "");
  const matches = (attribute: string): boolean => attribute === name || attribute.endsWith(`.${name}`);
  const known = [...plan.nativeBuildInputs, ...plan.buildInputs].map((need) => need.attribute);
  const present = [...known, ...plan.shellPackages, ...(plan.formatter === undefined ? [] : [plan.formatter])].find(matches);
  const other = (present === undefined ? undefined : OTHER_NAMES.get(present)?.[0]) ?? suggestion;
  if (present === undefined || other === undefined)
    return none(
      "missing-in-nixpkgs",
      `The locked nixpkgs has no attribute ${missing}. Name another package, or move the nixpkgs input.`,
    );
  const renamed = (attribute: string): string => (attribute === present ? other : attribute);
  const renamedNeed = (need: PlannedNeed): PlannedNeed => ({ ...need, attribute: renamed(need.attribute) });
  return fix(
    {
      ...plan,
      nativeBuildInputs: plan.nativeBuildInputs.map(renamedNeed),
      buildInputs: plan.buildInputs.map(renamedNeed),
      ...(plan.crateNeeds && { crateNeeds: renamedCrateNeeds(plan.crateNeeds, renamedNeed) }),
      shellPackages: plan.shellPackages.map(renamed),
      ...(plan.formatter !== undefined && { formatter: renamed(plan.formatter) }),
    },
    `the locked nixpkgs calls ${present} ${other}`,
  );
}
