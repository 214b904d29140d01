# Index of a registry, as Cargo.lock names it → where its crates are downloaded.
{
  "https://github.com/rust-lang/crates.io-index" = "https://old-crates.example/api/v1/crates";
}
