import { firstMatch, type Recogniser } from "../finding.ts";

/** Names that are not there: variables, attributes, arguments, outputs. Texts seen with Nix 2.26 and 2.34 unless a line says otherwise. */

const SYSTEM = /^(?:x86_64|aarch64|i686|armv[67]l|riscv64|powerpc64le)-(?:linux|darwin|freebsd)$/u;

export const undefinedVariable: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /undefined variable '([^']+)'/u);
  const attribute = found?.match[1];
  if (!found || attribute === undefined) return undefined;
  return {
    facts: { kind: "attribute", attribute, undefinedVariable: true },
    message: `undefined variable '${attribute}'`,
    next: `Nothing in scope is called '${attribute}': add it to the function's arguments or a let, or write where it comes from (pkgs.${attribute}, lib.${attribute}).`,
    at: found.at,
  };
};

/** The nearest name that Nix or callPackage gives, and how many it gives where it gives several. */
function suggested(text: string): { readonly suggestion?: string; readonly alternatives?: number } {
  const said = text.match(/[Dd]id you mean (one of )?([^?]*)\?/u);
  const names = [...(said?.[2] ?? "").matchAll(/[A-Za-z_][\w'-]*/gu)].map(([name]) => name).filter((name) => name !== "or");
  const [suggestion] = names;
  if (suggestion === undefined) return {};
  return { suggestion, ...(said?.[1] !== undefined && names.length > 1 && { alternatives: names.length }) };
}

export const missingAttribute: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /attribute '([^']+)' missing/u);
  const attribute = found?.match[1];
  if (!found || attribute === undefined) return undefined;
  const near = suggested(evidence.text);
  const suggestion = near.suggestion;
  if (/^(?:rev|shortRev|dirtyRev|dirtyShortRev|revCount|lastModified|lastModifiedDate)$/u.test(attribute)) {
    return {
      facts: { kind: "git-metadata", variable: `self.${attribute}` },
      message: `the tree has no '${attribute}' (an uncommitted tree has no revision)`,
      next: 'Write self.shortRev or self.dirtyShortRev or "unknown", so that it evaluates in a dirty tree too.',
      at: found.at,
    };
  }
  if (SYSTEM.test(attribute)) {
    return {
      facts: { kind: "missing-output", attribute },
      message: `nothing is defined for the system '${attribute}'`,
      next: `Produce the outputs for '${attribute}' too (genAttrs over the list of systems), or take it out of the declared systems.`,
      at: found.at,
    };
  }
  if (/^currentSystem$/u.test(attribute)) {
    return {
      facts: { kind: "attribute", attribute, undefinedVariable: false },
      message: "builtins.currentSystem does not exist in a flake (evaluation is pure)",
      next: "Pass the system as an argument: genAttrs over the list of systems, or eachDefaultSystem.",
      at: found.at,
    };
  }
  return {
    facts: { kind: "attribute", attribute, ...near, undefinedVariable: false },
    message: `attribute '${attribute}' missing${suggestion === undefined ? "" : `; did you mean '${suggestion}'?`}`,
    next:
      suggestion === undefined
        ? `Look the name up in the locked nixpkgs (nix_attr ${attribute}) before writing it again.`
        : `If '${suggestion}' is what is meant, write that; else look the name up in the locked nixpkgs (nix_attr).`,
    at: found.at,
  };
};

/** nixpkgs' aliases throw; the text names the heir. Texts of nixpkgs' pkgs/top-level/aliases.nix. */
export const renamedAttribute: Recogniser = (evidence) => {
  const renamed = firstMatch(
    evidence,
    /['`]?([A-Za-z0-9_.+-]+)['`]? (?:has been|was) (?:renamed to(?:\/replaced by)?|replaced (?:by|with)|moved to|removed in favou?r of) ['`]?([A-Za-z0-9_.+-]+?)['`]?(?:[\s.,;]|$)/u,
  );
  const removed = renamed ?? firstMatch(evidence, /['`]?([A-Za-z0-9_.+-]+)['`]? (?:has been|was) removed\b/u);
  const attribute = removed?.match[1];
  if (!removed || attribute === undefined) return undefined;
  if (/apple_sdk|darwin\.(?:stubs|Libsystem|cf-private)/u.test(evidence.text)) return undefined;
  const suggestion = renamed?.match[2];
  return {
    facts: { kind: "attribute", attribute, ...(suggestion !== undefined && { suggestion }), undefinedVariable: false },
    message: removed.line.replace(/^error: /u, ""),
    next:
      suggestion === undefined
        ? `'${attribute}' is gone from this nixpkgs: read the reason in the excerpt and take what it recommends.`
        : `Write '${suggestion}' instead of '${attribute}'.`,
    at: removed.at,
  };
};

/** nixpkgs since the Darwin SDK rework (24.11): frameworks come with stdenv. */
export const darwinSdk: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /\b((?:darwin\.)?apple_sdk(?:_\d+_\d+)?(?:\.[A-Za-z.]+)?)[`'"]? (?:has been|was) removed/u) ??
    firstMatch(evidence, /\b(darwin\.(?:stubs|Libsystem|cf-private))[`'"]? (?:has been|was) removed/u);
  const framework = found ? undefined : firstMatch(evidence, /ld: framework not found (\S+)/u);
  const hit = found ?? framework;
  const attribute = hit?.match[1];
  if (!hit || attribute === undefined) return undefined;
  return {
    facts: { kind: "darwin-sdk", attribute },
    message: hit.line.replace(/^error: /u, ""),
    next: framework
      ? "Use a nixpkgs whose stdenv brings the SDK (24.11 or later), or add apple-sdk."
      : "Delete the framework inputs: stdenv brings the SDK by itself; keep libiconv where the linker asks for it.",
    at: hit.at,
  };
};

export const wrongArgument: Recogniser = (evidence) => {
  // nixpkgs' callPackage says it with double quotes, and its own guess behind it.
  const found = firstMatch(evidence, /called (without required|with unexpected) argument ['"]([^'"]+)['"]/u);
  const attribute = found?.match[2];
  if (!found || attribute === undefined) return undefined;
  const missing = found.match[1] === "without required";
  const near = suggested(evidence.text);
  const { suggestion } = near;
  return {
    facts: { kind: "attribute", attribute, ...near, undefinedVariable: false },
    message: found.line.replace(/^error: /u, "").replace(/^evaluation aborted with the following error message: /u, ""),
    next: missing
      ? `Pass '${attribute}' where the function is called, or, if callPackage should fill it, use a name that this nixpkgs has (nix_attr ${attribute}).`
      : `Take '${attribute}' out of the call${suggestion === undefined ? "" : ` (or write '${suggestion}')`}, or let the function accept it.`,
    at: found.at,
  };
};

export const missingOutput: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /does not provide attribute '([^']+)'/u) ??
    firstMatch(evidence, /expected flake output attribute '([^']+)' to be a derivation/u) ??
    firstMatch(evidence, /flake attribute '([^']+)' is not a derivation/u);
  const attribute = found?.match[1];
  if (!found || attribute === undefined) return undefined;
  const exists = !/does not provide/u.test(found.line);
  return {
    facts: { kind: "missing-output", attribute },
    message: exists ? `${attribute} is not a derivation` : `the flake has no ${attribute}`,
    next: exists
      ? `Let ${attribute} be a derivation (a package or a check), not a plain value.`
      : `Define ${attribute} in outputs (packages, devShells, checks and apps are sets by system, then by name).`,
    at: found.at,
  };
};

/** nixpkgs' buildRustPackage wants to know where the crates come from. */
export const crateSource: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /cargoHash, cargoVendorDir, cargoDeps, or cargoLock must be set|requires a `?(?:hash|cargoHash)`? value to be set/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "attribute", attribute: "cargoLock", undefinedVariable: false },
    message: "buildRustPackage is not told which crates to vendor",
    next: "Give it cargoLock.lockFile = ./Cargo.lock; (or cargoHash = lib.fakeHash; and let the tool fill it).",
    at: found.at,
  };
};

/** nixpkgs' check-meta: what its configuration forbids. */
export const forbiddenPackage: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /Package [‘'"]([^’'"]+)[’'"] in .* (is marked as broken|has an unfree license|is marked as insecure|is not available on the requested hostPlatform)/u,
  );
  const name = found?.match[1];
  if (!found || name === undefined) return undefined;
  const reason = found.match[2] ?? "";
  const setting = /broken/u.test(reason)
    ? "allowBroken"
    : /unfree/u.test(reason)
      ? "allowUnfree"
      : /insecure/u.test(reason)
        ? "permittedInsecurePackages"
        : "allowUnsupportedSystem";
  return {
    facts: { kind: "refused-setting", setting },
    message: `the package ${name} ${reason}`,
    next:
      setting === "allowUnsupportedSystem"
        ? `Leave ${name} out on this system (lib.optionals), or take a package that supports it.`
        : `Take another package or version than ${name}; ${setting} is a person's decision and counts as weakening.`,
    at: found.at,
  };
};
