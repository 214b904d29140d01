# defaultCrateOverrides: what well-known crates need of the package set, as the original has it for the libraries that there are here. What is
# not in this list (zstd-sys, bzip2-sys, libsodium-sys, …) is not in the original's either.
{ pkg-config, openssl, zlib, sqlite, curl, libpq, libsodium, protobuf, ... }:
let
  linked = libraries: _: { nativeBuildInputs = [ pkg-config ]; buildInputs = libraries; };
in
{
  curl-sys = _: { nativeBuildInputs = [ pkg-config ]; buildInputs = [ zlib curl ]; propagatedBuildInputs = [ curl zlib ]; extraLinkFlags = [ "-L${zlib.out}/lib" ]; };
  libz-sys = _: { nativeBuildInputs = [ pkg-config ]; buildInputs = [ zlib ]; extraLinkFlags = [ "-L${zlib.out}/lib" ]; };
  libsqlite3-sys = linked [ sqlite ];
  openssl = _: { buildInputs = [ openssl ]; };
  openssl-sys = linked [ openssl ];
  pq-sys = linked [ libpq ];
  prost-build = _: { nativeBuildInputs = [ protobuf ]; };
  thrussh-libsodium = linked [ libsodium ];
}
