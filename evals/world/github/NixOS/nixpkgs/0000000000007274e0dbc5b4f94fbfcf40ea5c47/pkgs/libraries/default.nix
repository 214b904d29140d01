# Libraries of the host (/host/dev/NAME, one tree each), copied into the outputs that nixpkgs gives them.
{ lib, pkgs }:
let
  library = import ./library.nix { inherit lib pkgs; };
  l = lib.licenses;
  sdk = version: pkgs.runCommandLocal "apple-sdk-${version}" { pname = "apple-sdk"; inherit version; meta = { description = "Frameworks of macOS"; platforms = lib.platforms.darwin; }; } "exit 1";
in
{
  openssl = library {
    pname = "openssl";
    version = "3.5";
    outputs = [ "bin" "dev" "out" ];
    programs = [ "openssl" ];
    deps = [ pkgs.zlib pkgs.zstd ];
    mainProgram = "openssl";
    license = l.asl20;
    description = "Cryptographic library that implements the SSL and TLS protocols";
  };
  zlib = library { pname = "zlib"; version = "1.3.1"; outputs = [ "out" "dev" ]; license = l.zlib; description = "Lossless data-compression library"; };
  sqlite = library {
    pname = "sqlite";
    version = "3.46.1";
    outputs = [ "bin" "dev" "out" ];
    programs = [ "sqlite3" ];
    deps = [ pkgs.zlib ];
    mainProgram = "sqlite3";
    license = l.publicDomain;
    description = "Self-contained, serverless, zero-configuration, transactional SQL database engine";
  };
  zstd = library { pname = "zstd"; version = "1.5.7"; outputs = [ "bin" "dev" "out" ]; tools = pkgs.hostTools.zstd; mainProgram = "zstd"; license = l.bsd3; description = "Zstandard real-time compression algorithm"; };
  bzip2 = library { pname = "bzip2"; version = "1.0.8"; outputs = [ "bin" "dev" "out" ]; tools = pkgs.hostTools.bzip2; mainProgram = "bzip2"; license = l.bsd3; description = "High-quality data compression program"; };
  xz = library { pname = "xz"; version = "5.8.1"; outputs = [ "bin" "dev" "out" ]; tools = pkgs.hostTools.xz; mainProgram = "xz"; license = l.publicDomain; description = "General-purpose data compression software, successor of LZMA"; };
  curl = library {
    pname = "curl";
    version = "8.14.1";
    outputs = [ "bin" "dev" "out" ];
    programs = [ "curl" ];
    deps = [ pkgs.openssl pkgs.zlib pkgs.zstd ];
    mainProgram = "curl";
    license = l.curl;
    description = "Command line tool for transferring files with URL syntax";
  };
  libsodium = library { pname = "libsodium"; version = "1.0.18"; outputs = [ "out" "dev" ]; license = l.isc; description = "Modern and easy-to-use crypto library"; };
  libpq = library { pname = "libpq"; tree = "postgresql"; version = "17"; outputs = [ "out" "dev" ]; programs = [ "pg_config" ]; deps = [ pkgs.openssl pkgs.zlib pkgs.zstd ]; license = l.postgresql; description = "C application programmer's interface to PostgreSQL"; };
  protobuf = library { pname = "protobuf"; version = "21.12"; outputs = [ "out" ]; programs = [ "protoc" ]; deps = [ pkgs.zlib ]; mainProgram = "protoc"; license = l.bsd3; description = "Google's data interchange format"; };

  libclang = pkgs.callPackage ./libclang.nix { };
  llvmPackages = { inherit (pkgs) libclang; };
  nasm = library { pname = "nasm"; version = "2.16.03"; outputs = [ "out" ]; programs = [ "nasm" "ndisasm" ]; mainProgram = "nasm"; license = l.bsd2; description = "80x86 and x86-64 assembler designed for portability and modularity"; };
  protobuf_21 = pkgs.protobuf;

  # For Darwin alone, where flakes of several systems name them: they evaluate there, and nothing builds for Darwin here.
  apple-sdk = sdk "14.4";
  apple-sdk_14 = sdk "14.4";
  apple-sdk_15 = sdk "15.5";

  # Part of the C library here, as in nixpkgs.
  libiconv = pkgs.runCommandLocal "libcharset-iconv-2.41" { pname = "libiconv"; version = "2.41"; meta = { description = "Character set conversion (part of the C library)"; platforms = lib.platforms.all; }; } "mkdir -p $out/include";
}
