import { BINDGEN, bound, library, linked, linkedBound, type NativeLibrary, opened, tools } from "./row.ts";

/** Numbers, maps, solvers, machine learning and shaders. */
export const SCIENCE: readonly NativeLibrary[] = [
  library("openblas-src", "openblas", { bundled: { features: ["default"], nativeBuildInputs: ["gfortran", "perl"] } }),
  tools("netlib-src", "cmake gfortran"),
  library("fftw-src", "fftw", { bundled: { features: ["default"], nativeBuildInputs: [] } }),
  bound("GSL-sys", "gsl"),
  library("netcdf-sys", "netcdf", { bundled: { features: ["static"], nativeBuildInputs: ["cmake"] } }),
  library("hdf5-sys", "hdf5", { bundled: { features: ["static"], nativeBuildInputs: ["cmake"] } }),
  library("hdf5-metno-sys", "hdf5", { bundled: { features: ["static"], nativeBuildInputs: ["cmake"] } }),
  library("gdal-sys", "gdal"),
  library("geos-sys", "geos"),
  library("proj-sys", "proj sqlite", {
    bundled: { features: ["bundled_proj"], nativeBuildInputs: ["cmake"] },
    carriers: ["proj"],
  }),
  bound("mpi-sys", "mpi"),
  linkedBound("z3-sys", "z3", {
    bundled: { features: ["bundled"], nativeBuildInputs: ["cmake", "python3", BINDGEN] },
    carriers: ["z3"],
  }),
  library("coin_cbc_sys", "cbc"),
  tools("highs-sys", `cmake ${BINDGEN}`),
  tools("gmp-mpfr-sys", "m4"),
  library("shaderc-sys", "shaderc", {
    bundled: { features: ["build-from-source"], nativeBuildInputs: ["cmake", "python3"] },
    carriers: ["shaderc"],
  }),
  tools("whisper-rs-sys", `cmake ${BINDGEN}`),
  tools("llama-cpp-sys-2", `cmake ${BINDGEN}`),
  tools("sentencepiece-sys", "cmake"),
  linked("cl-sys", "ocl-icd"),
  linked("opencl-sys", "ocl-icd"),
  opened("ocl-core", "ocl-icd"),
];
