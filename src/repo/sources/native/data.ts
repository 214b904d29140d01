import { BINDGEN, bound, library, linked, linkedBound, type NativeLibrary, tools } from "./row.ts";

/** Compression, databases, text and languages. */
export const DATA: readonly NativeLibrary[] = [
  // Compression
  library("libz-sys", "zlib", { bundled: { features: ["static", "zlib-ng"], nativeBuildInputs: [] } }),
  tools("libz-ng-sys", "cmake"),
  library("zstd-sys", "zstd", {
    environment: { ZSTD_SYS_USE_PKG_CONFIG: "1" },
    bundled: { features: ["default"], nativeBuildInputs: [], overruledBy: "ZSTD_SYS_USE_PKG_CONFIG" },
    carriers: ["zstd", "zstd-safe"],
  }),
  library("bzip2-sys", "bzip2", { bundled: { features: ["static"], nativeBuildInputs: [] }, carriers: ["bzip2"] }),
  library("lzma-sys", "xz", { bundled: { features: ["static"], nativeBuildInputs: [] }, carriers: ["xz2"] }),
  library("liblzma-sys", "xz", { bundled: { features: ["static"], nativeBuildInputs: [] }, carriers: ["liblzma"] }),
  library("libarchive3-sys", "libarchive"),
  library("compress-tools", "libarchive"),
  // Databases
  library("libsqlite3-sys", "sqlite", {
    environment: { LIBSQLITE3_SYS_USE_PKG_CONFIG: "1" },
    bundled: { features: ["bundled"], nativeBuildInputs: [], overruledBy: "LIBSQLITE3_SYS_USE_PKG_CONFIG" },
    byFeature: { sqlcipher: ["sqlcipher"] },
    carriers: ["rusqlite"],
  }),
  library("pq-sys", "libpq", { bundled: { features: ["bundled"], nativeBuildInputs: ["perl"], marker: "pq-src" } }),
  library("mysqlclient-sys", "libmysqlclient", {
    bundled: { features: ["bundled"], nativeBuildInputs: ["cmake"], marker: "mysqlclient-src" },
  }),
  library("lmdb-sys", "lmdb"),
  library("lmdb-rkv-sys", "lmdb"),
  linked("libduckdb-sys", "duckdb", { bundled: { features: ["bundled"], nativeBuildInputs: [] }, carriers: ["duckdb"] }),
  linked("odbc-sys", "unixodbc"),
  linkedBound("foundationdb-sys", "foundationdb"),
  tools("librocksdb-sys", BINDGEN),
  tools("mdbx-sys", BINDGEN),
  tools("reth-mdbx-sys", BINDGEN),
  tools("leveldb-sys", "cmake"),
  tools("libsql-ffi", "cmake"),
  // Text
  library("onig_sys", "oniguruma", {
    environment: { RUSTONIG_SYSTEM_LIBONIG: "1" },
    bundled: { features: ["default"], nativeBuildInputs: [], overruledBy: "RUSTONIG_SYSTEM_LIBONIG" },
  }),
  library("pcre2-sys", "pcre2"),
  library("expat-sys", "expat"),
  bound("libxml", "libxml2"),
  library("libxslt", "libxslt libxml2"),
  bound("hunspell-sys", "hunspell", { bundled: { features: ["bundled"], nativeBuildInputs: [BINDGEN] } }),
  bound("rust_icu_sys", "icu"),
  linked("jq-sys", "jq oniguruma", {
    bundled: { features: ["bundled"], nativeBuildInputs: ["autoconf", "automake", "libtool"] },
  }),
  library("magic-sys", "file"),
  // Languages
  library("mlua-sys", "", {
    bundled: { features: ["vendored"], nativeBuildInputs: [] },
    byFeature: { lua54: ["lua5_4"], lua53: ["lua5_3"], lua52: ["lua5_2"], lua51: ["lua5_1"], luajit: ["luajit"] },
    carriers: ["mlua"],
  }),
  tools("pyo3-build-config", "python3", { byFeature: { "auto-initialize": ["python3"] }, carriers: ["pyo3"] }),
  tools("rb-sys", `ruby ${BINDGEN}`),
];
