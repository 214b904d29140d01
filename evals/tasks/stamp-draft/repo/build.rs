//! The revision that `stamp --version` names: what STAMP_REVISION says, else that nobody knows.
fn main() {
    println!("cargo:rerun-if-env-changed=STAMP_REVISION");
    let revision = std::env::var("STAMP_REVISION").unwrap_or_else(|_| "unknown".into());
    println!("cargo:rustc-env=REVISION={revision}");
}
