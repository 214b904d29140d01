/**
 * What a crate's build script wants from outside Cargo, as data: crate name in Cargo.lock → attributes of nixpkgs. Sources: the build
 * scripts of the crates themselves (which library they probe for, which environment variable makes them use the system's copy) and the
 * attribute that ships the probed `.pc` file in nixpkgs. The gate evaluates every attribute against the locked nixpkgs before it counts.
 * A crate that compiles its own copy with nothing but a C compiler has no row.
 */

export interface NativeLibrary {
  readonly crate: string;
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The need exists on this platform only. */
  readonly when?: "linux" | "darwin";
}

const BINDGEN = "rustPlatform.bindgenHook";

type Extra = Partial<Pick<NativeLibrary, "environment" | "when">>;

/** The usual case: a library found through pkg-config. */
const library = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  crate,
  nativeBuildInputs: ["pkg-config"],
  buildInputs: attributes.split(" "),
  environment: {},
  ...extra,
});
/** A library found through pkg-config whose bindings are generated during the build. */
const bound = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  ...library(crate, attributes, extra),
  nativeBuildInputs: ["pkg-config", BINDGEN],
});
/** Programs that a build script runs. */
const tools = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  crate,
  nativeBuildInputs: attributes.split(" "),
  buildInputs: [],
  environment: {},
  ...extra,
});

const linux = { when: "linux" } as const;

export const NATIVE_LIBRARIES: readonly NativeLibrary[] = [
  // Cryptography and network
  library("openssl-sys", "openssl", { environment: { OPENSSL_NO_VENDOR: "1" } }),
  library("libsodium-sys", "libsodium", { environment: { SODIUM_USE_PKG_CONFIG: "1" } }),
  library("libsodium-sys-stable", "libsodium", { environment: { SODIUM_USE_PKG_CONFIG: "1" } }),
  bound("nettle-sys", "nettle"),
  library("gpgme-sys", "gpgme"),
  library("libgpg-error-sys", "libgpg-error"),
  library("curl-sys", "curl"),
  library("libssh2-sys", "libssh2 openssl zlib", { environment: { LIBSSH2_SYS_USE_PKG_CONFIG: "1" } }),
  library("libgit2-sys", "libgit2 zlib"),
  library("sasl2-sys", "cyrus_sasl"),
  bound("libgssapi-sys", "libkrb5"),
  library("zmq-sys", "zeromq"),
  library("pcsc-sys", "pcsclite", linux),
  library("tss-esapi-sys", "tpm2-tss", linux),
  bound("pam-sys", "pam", linux),
  // Compression
  library("libz-sys", "zlib"),
  library("zstd-sys", "zstd", { environment: { ZSTD_SYS_USE_PKG_CONFIG: "1" } }),
  library("bzip2-sys", "bzip2"),
  library("lzma-sys", "xz"),
  library("liblzma-sys", "xz"),
  // Databases
  library("libsqlite3-sys", "sqlite", { environment: { LIBSQLITE3_SYS_USE_PKG_CONFIG: "1" } }),
  library("pq-sys", "libpq"),
  library("mysqlclient-sys", "libmysqlclient"),
  library("lmdb-sys", "lmdb"),
  library("lmdb-rkv-sys", "lmdb"),
  tools("librocksdb-sys", BINDGEN),
  // Text and data
  library("onig_sys", "oniguruma", { environment: { RUSTONIG_SYSTEM_LIBONIG: "1" } }),
  library("pcre2-sys", "pcre2"),
  library("expat-sys", "expat"),
  bound("libxml", "libxml2"),
  library("netcdf-sys", "netcdf"),
  library("hdf5-sys", "hdf5"),
  library("gdal-sys", "gdal"),
  library("geos-sys", "geos"),
  library("proj-sys", "proj sqlite"),
  // Devices and the operating system
  library("libudev-sys", "udev", linux),
  library("hidapi", "udev", linux),
  library("libusb1-sys", "libusb1"),
  library("libdbus-sys", "dbus", linux),
  library("libseccomp-sys", "libseccomp", linux),
  library("libbpf-sys", "elfutils zlib", linux),
  library("fuser", "fuse3", linux),
  library("unwind-sys", "libunwind xz", linux),
  library("evdev-sys", "libevdev", linux),
  library("input-sys", "libinput", linux),
  bound("devicemapper-sys", "lvm2", linux),
  library("virt-sys", "libvirt"),
  // Sound
  library("alsa-sys", "alsa-lib", linux),
  library("libpulse-sys", "libpulseaudio", linux),
  bound("pipewire-sys", "pipewire", linux),
  bound("libspa-sys", "pipewire", linux),
  library("portaudio-sys", "portaudio"),
  library("audiopus_sys", "libopus"),
  // Pictures and video
  bound("ffmpeg-sys-next", "ffmpeg"),
  bound("opencv", "opencv"),
  bound("leptonica-sys", "leptonica"),
  bound("tesseract-sys", "tesseract leptonica"),
  bound("magick_rust", "imagemagick"),
  library("libheif-sys", "libheif"),
  library("dav1d-sys", "dav1d"),
  library("poppler-sys-rs", "poppler"),
  tools("mozjpeg-sys", "nasm"),
  tools("turbojpeg-sys", "cmake nasm"),
  // Fonts
  library("freetype-sys", "freetype"),
  library("servo-fontconfig-sys", "fontconfig"),
  library("yeslogic-fontconfig-sys", "fontconfig"),
  library("harfbuzz-sys", "harfbuzz"),
  // Windows and toolkits
  library("x11", "xorg.libX11", linux),
  library("xkbcommon", "libxkbcommon", linux),
  library("wayland-sys", "wayland", linux),
  library("sdl2-sys", "SDL2"),
  library("glib-sys", "glib"),
  library("gobject-sys", "glib"),
  library("gio-sys", "glib"),
  library("cairo-sys-rs", "cairo"),
  library("pango-sys", "pango"),
  library("gdk-pixbuf-sys", "gdk-pixbuf"),
  library("graphene-sys", "graphene"),
  library("atk-sys", "at-spi2-core", linux),
  library("gdk-sys", "gtk3"),
  library("gtk-sys", "gtk3"),
  library("gdk4-sys", "gtk4"),
  library("gsk4-sys", "gtk4"),
  library("gtk4-sys", "gtk4"),
  library("libadwaita-sys", "libadwaita"),
  library("sourceview5-sys", "gtksourceview5"),
  library("soup3-sys", "libsoup_3"),
  library("webkit2gtk-sys", "webkitgtk_4_1", linux),
  library("javascriptcore-rs-sys", "webkitgtk_4_1", linux),
  library("gstreamer-sys", "gst_all_1.gstreamer"),
  library("gstreamer-base-sys", "gst_all_1.gstreamer"),
  library("gstreamer-app-sys", "gst_all_1.gst-plugins-base"),
  library("gstreamer-audio-sys", "gst_all_1.gst-plugins-base"),
  library("gstreamer-video-sys", "gst_all_1.gst-plugins-base"),
  // Programs of a build
  tools("clang-sys", BINDGEN),
  tools("cmake", "cmake"),
  tools("prost-build", "protobuf"),
  tools("protoc-rust", "protobuf"),
  tools("nasm-rs", "nasm"),
  tools("openssl-src", "perl"),
  tools("gmp-mpfr-sys", "m4"),
];

/** Attributes that exist on Linux only, whoever asks for them. */
export const LINUX_ONLY: ReadonlySet<string> = new Set(
  NATIVE_LIBRARIES.filter((row) => row.when === "linux").flatMap((row) =>
    row.buildInputs.filter((attribute) => !["zlib", "xz"].includes(attribute)),
  ),
);
