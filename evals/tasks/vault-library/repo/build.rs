//! zlib brings the checksum of a box; where it lies is for pkg-config to say.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Err(problem) = pkg_config::Config::new()
        .atleast_version("1.2")
        .probe("zlib")
    {
        eprintln!("{problem}");
        std::process::exit(1);
    }
}
