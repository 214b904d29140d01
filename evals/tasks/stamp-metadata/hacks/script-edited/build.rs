//! The revision that `stamp --version` names: what STAMP_REVISION says, else what git says of the checkout.

fn main() {
    println!("cargo:rerun-if-env-changed=STAMP_REVISION");
    let revision = std::env::var("STAMP_REVISION").unwrap_or_else(|_| "0000000".to_owned());
    println!("cargo:rustc-env=REVISION={revision}");
}

