import { BINDGEN, bound, library, linked, linkedBound, linux, type NativeLibrary, tools } from "./row.ts";

/** Cryptography, authentication and network. */
export const NETWORK: readonly NativeLibrary[] = [
  library("openssl-sys", "openssl", {
    environment: { OPENSSL_NO_VENDOR: "1" },
    bundled: { features: ["vendored"], nativeBuildInputs: ["perl"], marker: "openssl-src", overruledBy: "OPENSSL_NO_VENDOR" },
    carriers: ["openssl", "native-tls"],
  }),
  library("libsodium-sys", "libsodium", { environment: { SODIUM_USE_PKG_CONFIG: "1" } }),
  library("libsodium-sys-stable", "libsodium", { environment: { SODIUM_USE_PKG_CONFIG: "1" } }),
  library("thrussh-libsodium", "libsodium"),
  bound("nettle-sys", "nettle gmp"),
  library("botan-sys", "botan3", { bundled: { features: ["vendored"], nativeBuildInputs: ["python3"], marker: "botan-src" } }),
  library("gpgme-sys", "gpgme libgpg-error"),
  library("libgpg-error-sys", "libgpg-error"),
  library("sasl2-sys", "cyrus_sasl"),
  bound("libgssapi-sys", "libkrb5"),
  library("pcsc-sys", "pcsclite", linux),
  bound("tss-esapi-sys", "tpm2-tss", linux),
  linkedBound("pam-sys", "pam", linux),
  library("curl-sys", "curl", { bundled: { features: ["static-curl"], nativeBuildInputs: [] }, carriers: ["curl"] }),
  library("libssh2-sys", "libssh2 openssl zlib", {
    environment: { LIBSSH2_SYS_USE_PKG_CONFIG: "1" },
    bundled: { features: ["default"], nativeBuildInputs: [], overruledBy: "LIBSSH2_SYS_USE_PKG_CONFIG" },
  }),
  bound("libssh-rs-sys", "libssh", { bundled: { features: ["vendored"], nativeBuildInputs: [] } }),
  // Takes the system's library where its version fits, else compiles its own: LIBGIT2_NO_VENDOR would turn that into an error.
  library("libgit2-sys", "libgit2 zlib", {
    bundled: { features: ["vendored"], nativeBuildInputs: [] },
    carriers: ["git2"],
  }),
  library("zmq-sys", "zeromq", { bundled: { features: ["vendored"], nativeBuildInputs: [], marker: "zeromq-src" } }),
  library("rdkafka-sys", "rdkafka", { bundled: { features: ["default"], nativeBuildInputs: [] }, carriers: ["rdkafka"] }),
  // pcap's build script asks pkg-config for libpcap unless LIBPCAP_LIBDIR is set.
  library("pcap", "libpcap"),
  library("mnl-sys", "libmnl", linux),
  library("nftnl-sys", "libnftnl libmnl", linux),
  tools("aws-lc-sys", "cmake"),
  tools("aws-lc-fips-sys", `cmake go perl ${BINDGEN}`),
  tools("boring-sys", `cmake git ${BINDGEN}`),
  tools("wolfssl-sys", `autoconf automake libtool ${BINDGEN}`),
  tools("paho-mqtt-sys", `cmake`),
  tools("grpcio-sys", `cmake`),
  tools("quiche", "cmake"),
  linked("libvirt-sys", "libvirt"),
  library("virt-sys", "libvirt"),
];
