# Targets and when they came and went, which are facts about Rust: NAME, NAME@FIRST, NAME!LAST or NAME@FIRST!LAST, with the minor versions of the
# first and the last release that has them. `hosts` are those for which there is a compiler, `std` those for which there is a standard library.
{
  hosts = ''
    aarch64-apple-darwin@1.49 aarch64-pc-windows-gnullvm@1.91 aarch64-pc-windows-msvc@1.49 aarch64-unknown-freebsd@1.98
    aarch64-unknown-linux-gnu aarch64-unknown-linux-musl@1.48 aarch64-unknown-linux-ohos@1.93 arm-unknown-linux-gnueabi
    arm-unknown-linux-gnueabihf armv7-unknown-linux-gnueabihf i686-apple-darwin!1.41 i686-pc-windows-gnu i686-pc-windows-msvc
    i686-unknown-linux-gnu loongarch64-unknown-linux-gnu@1.71 loongarch64-unknown-linux-musl@1.81 mips-unknown-linux-gnu!1.71
    mips64-unknown-linux-gnuabi64!1.71 mips64el-unknown-linux-gnuabi64!1.71 mipsel-unknown-linux-gnu!1.71 powerpc-unknown-linux-gnu
    powerpc64-unknown-linux-gnu powerpc64-unknown-linux-musl@1.95 powerpc64le-unknown-linux-gnu powerpc64le-unknown-linux-musl@1.85
    riscv64gc-unknown-linux-gnu@1.47 s390x-unknown-linux-gnu sparcv9-sun-solaris@1.89 x86_64-apple-darwin x86_64-pc-solaris@1.89
    x86_64-pc-windows-gnu x86_64-pc-windows-gnullvm@1.91 x86_64-pc-windows-msvc x86_64-unknown-freebsd x86_64-unknown-illumos@1.47
    x86_64-unknown-linux-gnu x86_64-unknown-linux-musl@1.35 x86_64-unknown-netbsd
  '';
  std = ''
    aarch64-apple-darwin@1.49 aarch64-apple-ios aarch64-apple-ios-macabi@1.82 aarch64-apple-ios-sim@1.56 aarch64-apple-tvos@1.95
    aarch64-apple-tvos-sim@1.95 aarch64-apple-visionos@1.95 aarch64-apple-visionos-sim@1.95 aarch64-apple-watchos@1.95
    aarch64-apple-watchos-sim@1.95 aarch64-fuchsia!1.67 aarch64-linux-android aarch64-pc-windows-gnullvm@1.79 aarch64-pc-windows-msvc@1.32
    aarch64-unknown-freebsd@1.98 aarch64-unknown-fuchsia@1.68 aarch64-unknown-linux-gnu aarch64-unknown-linux-musl
    aarch64-unknown-linux-ohos@1.78 aarch64-unknown-none@1.44 aarch64-unknown-none-softfloat@1.44 aarch64-unknown-uefi@1.67
    arm-linux-androideabi arm-unknown-linux-gnueabi arm-unknown-linux-gnueabihf arm-unknown-linux-musleabi arm-unknown-linux-musleabihf
    arm64ec-pc-windows-msvc@1.81 armebv7r-none-eabi@1.30!1.91 armebv7r-none-eabihf@1.30!1.91 armv5te-unknown-linux-gnueabi
    armv5te-unknown-linux-musleabi armv7-apple-ios!1.41 armv7-linux-androideabi armv7-unknown-linux-gnueabi@1.38
    armv7-unknown-linux-gnueabihf armv7-unknown-linux-musleabi@1.38 armv7-unknown-linux-musleabihf armv7-unknown-linux-ohos@1.78
    armv7a-none-eabi@1.42 armv7a-none-eabihf@1.92 armv7r-none-eabi@1.30 armv7r-none-eabihf@1.30 armv7s-apple-ios!1.41
    armv8r-none-eabihf@1.92 asmjs-unknown-emscripten!1.75 i386-apple-ios!1.41 i586-pc-windows-msvc!1.86 i586-unknown-linux-gnu
    i586-unknown-linux-musl i686-apple-darwin!1.41 i686-linux-android i686-pc-windows-gnu i686-pc-windows-gnullvm@1.79 i686-pc-windows-msvc
    i686-unknown-freebsd i686-unknown-linux-gnu i686-unknown-linux-musl i686-unknown-uefi@1.67 loongarch64-unknown-linux-gnu@1.71
    loongarch64-unknown-linux-musl@1.81 loongarch64-unknown-none@1.74 loongarch64-unknown-none-softfloat@1.74 mips-unknown-linux-gnu!1.71
    mips-unknown-linux-musl!1.74 mips64-unknown-linux-gnuabi64!1.71 mips64-unknown-linux-muslabi64@1.40!1.74
    mips64el-unknown-linux-gnuabi64!1.71 mips64el-unknown-linux-muslabi64@1.40!1.74 mipsel-unknown-linux-gnu!1.71
    mipsel-unknown-linux-musl!1.74 nvptx64-nvidia-cuda@1.34 powerpc-unknown-linux-gnu powerpc64-unknown-linux-gnu
    powerpc64-unknown-linux-musl@1.95 powerpc64le-unknown-linux-gnu powerpc64le-unknown-linux-musl@1.85 riscv32i-unknown-none-elf@1.38
    riscv32im-unknown-none-elf@1.79 riscv32imac-unknown-none-elf@1.30 riscv32imafc-unknown-none-elf@1.76 riscv32imc-unknown-none-elf@1.30
    riscv64a23-unknown-linux-gnu@1.93 riscv64gc-unknown-linux-gnu@1.42 riscv64gc-unknown-linux-musl@1.82 riscv64gc-unknown-none-elf@1.34
    riscv64imac-unknown-none-elf@1.34 s390x-unknown-linux-gnu sparc64-unknown-linux-gnu sparcv9-sun-solaris thumbv6m-none-eabi
    thumbv7a-none-eabi@1.98 thumbv7a-none-eabihf@1.98 thumbv7em-none-eabi thumbv7em-none-eabihf thumbv7m-none-eabi
    thumbv7neon-linux-androideabi@1.33 thumbv7neon-unknown-linux-gnueabihf@1.33 thumbv7r-none-eabi@1.98 thumbv7r-none-eabihf@1.98
    thumbv8m.base-none-eabi@1.35 thumbv8m.main-none-eabi@1.33 thumbv8m.main-none-eabihf@1.35 thumbv8r-none-eabihf@1.98
    wasm32-unknown-emscripten wasm32-unknown-unknown wasm32-unknown-wasi@1.35!1.35 wasm32-wasi@1.36!1.83
    wasm32-wasi-preview1-threads@1.73!1.77 wasm32-wasip1@1.78 wasm32-wasip1-threads@1.78 wasm32-wasip2@1.82 wasm32v1-none@1.84
    x86_64-apple-darwin x86_64-apple-ios x86_64-apple-ios-macabi@1.82 x86_64-fortanix-unknown-sgx@1.33 x86_64-fuchsia!1.67
    x86_64-linux-android x86_64-pc-solaris@1.52 x86_64-pc-windows-gnu x86_64-pc-windows-gnullvm@1.79 x86_64-pc-windows-msvc
    x86_64-rumprun-netbsd!1.51 x86_64-sun-solaris!1.75 x86_64-unknown-cloudabi!1.46 x86_64-unknown-freebsd x86_64-unknown-fuchsia@1.68
    x86_64-unknown-illumos@1.47 x86_64-unknown-linux-gnu x86_64-unknown-linux-gnuasan@1.95 x86_64-unknown-linux-gnumsan@1.96
    x86_64-unknown-linux-gnutsan@1.96 x86_64-unknown-linux-gnux32 x86_64-unknown-linux-musl x86_64-unknown-linux-ohos@1.78
    x86_64-unknown-netbsd x86_64-unknown-none@1.62 x86_64-unknown-redox x86_64-unknown-uefi@1.67
  '';
  # In no stable release yet.
  std-unstable = ''
    loongarch32-unknown-none@1.99 loongarch32-unknown-none-softfloat@1.99
  '';
}
