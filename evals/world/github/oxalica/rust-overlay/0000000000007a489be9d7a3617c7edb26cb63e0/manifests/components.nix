# The components of a release, which are facts about Rust. `since` and `until` are the first and last minor version that knows the name (1.29 and
# still, where there is none); `short` is the first in which the name without -preview is known. A component is there for every host that has a
# compiler, with `std` for every target that has a standard library, with `any` once for all; with `nights` only the nightly releases have it;
# with `nowhere` a release lists it for other machines than the hosts of this world.
{
  cargo = { };
  clippy-preview = { short = "1.31"; };
  enzyme-preview = { since = "1.97"; short = "1.97"; nights = true; };
  gcc-x86_64-unknown-linux-gnu-preview = { since = "1.95"; short = "1.95"; nights = true; };
  lldb-preview = { since = "1.30"; until = "1.44"; nowhere = true; };
  llvm-bitcode-linker-preview = { since = "1.79"; short = "1.79"; };
  llvm-tools-preview = { short = "1.67"; };
  miri-preview = { since = "1.35"; short = "1.35"; nights = true; };
  offload-preview = { since = "1.99"; short = "1.99"; nights = true; };
  reproducible-artifacts = { since = "1.50"; };
  rls-preview = { until = "1.86"; short = "1.29"; };
  rust = { };
  rust-analysis = { };
  rust-analyzer-preview = { since = "1.64"; short = "1.64"; };
  rust-docs = { };
  rust-docs-json-preview = { since = "1.66"; short = "1.66"; nights = true; };
  rust-mingw = { nowhere = true; };
  rust-src = { any = true; };
  rust-std = { std = true; };
  rustc = { };
  rustc-codegen-cranelift-preview = { since = "1.75"; short = "1.75"; nights = true; };
  rustc-codegen-gcc-preview = { since = "1.95"; short = "1.95"; nights = true; };
  rustc-dev = { since = "1.40"; };
  rustc-docs = { since = "1.47"; };
  rustfmt-preview = { short = "1.31"; };
}
