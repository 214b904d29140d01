import { BINDGEN, bound, darwin, library, linked, linux, type NativeLibrary, opened, tools } from "./row.ts";

/** Sound, pictures, video and fonts. */
export const MEDIA: readonly NativeLibrary[] = [
  // Sound
  library("alsa-sys", "alsa-lib", linux),
  library("libpulse-sys", "libpulseaudio", linux),
  library("libpulse-simple-sys", "libpulseaudio", linux),
  bound("pipewire-sys", "pipewire", linux),
  bound("libspa-sys", "pipewire", linux),
  library("jack-sys", "libjack2", { ...linux, runtimeLibraries: ["libjack2"] }),
  library("portaudio-sys", "portaudio"),
  library("audiopus_sys", "libopus", { bundled: { features: ["static"], nativeBuildInputs: ["cmake"] } }),
  tools("opusic-sys", "cmake"),
  library("magnum-opus", "libopus"),
  library("sndfile-sys", "libsndfile"),
  bound("aubio-sys", "aubio", { bundled: { features: ["builtin"], nativeBuildInputs: [BINDGEN] } }),
  library("libsoxr-sys", "soxr"),
  tools("coreaudio-sys", BINDGEN, darwin),
  // Video
  bound("ffmpeg-sys-next", "ffmpeg", {
    bundled: { features: ["build"], nativeBuildInputs: ["nasm", BINDGEN] },
    carriers: ["ffmpeg-next"],
  }),
  bound("ffmpeg-sys-the-third", "ffmpeg", {
    bundled: { features: ["build"], nativeBuildInputs: ["nasm", BINDGEN] },
    carriers: ["ffmpeg-the-third"],
  }),
  bound("rusty_ffmpeg", "ffmpeg"),
  bound("x264-sys", "x264"),
  library("env-libvpx-sys", "libvpx"),
  library("dav1d-sys", "dav1d"),
  tools("libaom-sys", "cmake nasm perl"),
  linked("libmpv2-sys", "mpv-unwrapped"),
  // Pictures
  bound("opencv", "opencv"),
  bound("leptonica-sys", "leptonica"),
  bound("tesseract-sys", "tesseract leptonica"),
  bound("magick_rust", "imagemagick"),
  bound("libheif-sys", "libheif", { bundled: { features: ["embedded-libheif"], nativeBuildInputs: ["cmake"] } }),
  library("jpegxl-sys", "libjxl", { bundled: { features: ["vendored"], nativeBuildInputs: ["cmake"] }, carriers: ["jpegxl-rs"] }),
  library("lcms2-sys", "lcms2", { bundled: { features: ["static"], nativeBuildInputs: [] }, carriers: ["lcms2"] }),
  library("gexiv2-sys", "gexiv2"),
  linked("zbar-rust", "zbar"),
  library("poppler-sys-rs", "poppler"),
  tools("mozjpeg-sys", "nasm"),
  tools("turbojpeg-sys", "cmake nasm"),
  // Fonts
  library("freetype-sys", "freetype", { bundled: { features: ["bundled"], nativeBuildInputs: [] }, carriers: ["freetype-rs"] }),
  library("servo-fontconfig-sys", "fontconfig"),
  library("yeslogic-fontconfig-sys", "fontconfig", { runtimeLibraries: ["fontconfig"] }),
  library("harfbuzz-sys", "harfbuzz", { bundled: { features: ["bundled"], nativeBuildInputs: [] } }),
  opened("openxr", "openxr-loader"),
];
