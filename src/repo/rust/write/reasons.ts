import type { LeftOutReason } from "../types.ts";

/** Each reason as one sentence, with what to do about it. */
export function whyLeftOut(reason: LeftOutReason): string {
  switch (reason.kind) {
    case "parse-error":
      return "the grammar cannot read this; if rustc can, tell us, else mend the syntax";
    case "too-deep":
      return `its syntax nests ${reason.depth} levels deep; flatten it`;
    case "missing-file":
      return `there is no such module file (looked for ${reason.looked.join(" and ")}); commit it`;
    case "path-by-attribute":
      return "its file is chosen by cfg_attr; write one `mod` under `#[cfg]` for each file";
    case "test":
      return "it is compiled for tests only; tests stay with the crate";
    case "cfg-off":
      return `#[cfg(${reason.cfg})] does not hold with the default features; make the feature a default one to have it`;
    case "external-crate":
      return `it uses the crate ${reason.crate}, which is no node of this lattice; keep it in the crate or put an own interface before it`;
    case "attribute-macro":
      return `${reason.name} is a macro of another crate that may rewrite it; write out what it generates`;
    case "unknown-macro":
      return `the macro ${reason.name}! is not of this crate or the standard library; keep it in the crate`;
    case "macro-defines-macro":
      return "it writes other macros, whose names are not known before it runs; write these out";
    case "module-in-macro":
      return "a macro gets `mod …;`, whose file is known only after it ran; write the module's declaration outside";
    case "macro-redefined":
      return `the macro ${reason.name}! is defined more than once in its module; give each definition its own name`;
    case "reads-own-place":
      return `${reason.macro} tells its own file, line or path, which would be another one in a node; pass the place in`;
    case "build-environment":
      return `${reason.macro}! reads a file beside it or a variable of its own build, which a node does not have; pass the value in`;
    case "extern-block":
      return "it declares symbols of a native library that the crate's own build links; keep it in the crate";
    case "linker-symbol":
      return `#[${reason.attribute}] ties it to the final link; keep it in the crate`;
    case "unstable-feature":
      return `the crate asks for unstable features (${reason.features.join(", ")}); a stable compiler cannot build it`;
    case "owner-unknown":
      return "Rust wants an impl in the crate of its type or trait, and neither could be told from the source; write the impl out";
    case "seen-by-glob":
      return `a macro names it, so it would become public, and \`use ${reason.glob}::*\` in ${reason.by} would then bring it in; give it a name of its own there`;
    case "needs-left-out":
      return `it needs ${reason.needs}, which is left out`;
    default:
      return reason satisfies never;
  }
}
