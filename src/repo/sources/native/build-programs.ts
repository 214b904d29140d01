import { BINDGEN, type NativeLibrary, tools } from "./row.ts";

/** Crates that are nothing but the call of a program during the build. */
export const BUILD_PROGRAM_CRATES: readonly NativeLibrary[] = [
  tools("clang-sys", BINDGEN),
  tools("autocxx-bindgen", BINDGEN),
  tools("cmake", "cmake"),
  tools("autotools", "autoconf automake libtool"),
  tools("prost-build", "protobuf"),
  tools("prost-wkt-types", "protobuf"),
  tools("protoc-rust", "protobuf"),
  tools("protoc-grpcio", "protobuf"),
  tools("capnpc", "capnproto"),
  tools("flatc-rust", "flatbuffers"),
  tools("nasm-rs", "nasm"),
];
