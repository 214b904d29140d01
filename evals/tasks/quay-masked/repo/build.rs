fn main() {
    println!("cargo:rerun-if-changed=csrc");
    cc::Build::new().file("csrc/digit.c").include("csrc").compile("digit");
}
