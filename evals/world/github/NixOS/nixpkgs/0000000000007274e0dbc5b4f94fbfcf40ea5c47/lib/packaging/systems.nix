# The platforms that flakes name. A platform is a set of facts about one.
{ lib }:
let
  cpus = {
    x86_64 = { bits = 64; family = "x86"; arch = "x86-64"; rust = "x86_64"; };
    i686 = { bits = 32; family = "x86"; arch = "i686"; rust = "i686"; };
    aarch64 = { bits = 64; family = "arm"; arch = "armv8-a"; rust = "aarch64"; };
    armv7l = { bits = 32; family = "arm"; arch = "armv7-a"; rust = "armv7"; };
    riscv64 = { bits = 64; family = "riscv"; arch = "rv64gc"; rust = "riscv64gc"; };
    powerpc64le = { bits = 64; family = "power"; arch = "powerpc64le"; rust = "powerpc64le"; };
    armv6l = { bits = 32; family = "arm"; arch = "armv6"; rust = "arm"; };
  };
  linuxCpus = [ "x86_64" "aarch64" "i686" "armv6l" "armv7l" "powerpc64le" "riscv64" ];
  darwinCpus = [ "aarch64" "x86_64" ];
  linux = map (cpu: "${cpu}-linux") linuxCpus;
  darwin = map (cpu: "${cpu}-darwin") darwinCpus;
  freebsd = [ "x86_64-freebsd" ];

  facts = system:
    let
      parts = builtins.match "([^-]+)-(.+)" system;
      cpu = builtins.elemAt parts 0;
      kernel = builtins.elemAt parts 1;
      about = cpus.${cpu} or (throw "Unknown CPU type: ${cpu}");
      isLinux = kernel == "linux";
      isDarwin = kernel == "darwin";
      isFreeBSD = kernel == "freebsd";
      vendor = if isDarwin then "apple" else "unknown";
      abi = if isLinux then (if cpu == "armv7l" then "gnueabihf" else if cpu == "armv6l" then "gnueabihf" else "gnu") else null;
      rustTriple = "${if isDarwin && cpu == "aarch64" then "aarch64" else about.rust}-${vendor}-${if isLinux then "linux-${abi}" else kernel}";
    in
    if parts == null || !(isLinux || isDarwin || isFreeBSD) then throw "lib.systems: the platform \"${system}\" is not known to this package set"
    else builtins.seq about rec {
      _type = "platform";
      inherit system isLinux isDarwin isFreeBSD;
      isMacOS = isDarwin;
      isUnix = true;
      isWindows = false; isMinGW = false; isCygwin = false; isWasi = false; isWasm = false; isBSD = isFreeBSD; isAndroid = false; isiOS = false; isRedox = false;
      isNone = false; isGhcjs = false; isGenode = false; isOpenBSD = false; isNetBSD = false; isSunOS = false;
      isGnu = isLinux; isMusl = false; isStatic = false; isUClibc = false; isLLVMLibc = false;
      isx86_64 = cpu == "x86_64"; isi686 = cpu == "i686"; isx86 = about.family == "x86"; isx86_32 = cpu == "i686";
      isAarch64 = cpu == "aarch64"; isAarch32 = about.family == "arm" && about.bits == 32; isAarch = about.family == "arm"; isArmv7 = cpu == "armv7l";
      isRiscV = about.family == "riscv"; isRiscV64 = cpu == "riscv64"; isRiscV32 = false; isPower = about.family == "power"; isPower64 = isPower; isMips = false; isS390 = false; isS390x = false;
      is32bit = about.bits == 32; is64bit = about.bits == 64; isLittleEndian = true; isBigEndian = false;
      isElf = !isDarwin; isMacho = isDarwin; isEfi = isLinux;
      isAbiElfv2 = isPower;
      hasSharedLibraries = true;
      config = if isDarwin then "${if cpu == "aarch64" then "arm64" else cpu}-apple-darwin" else "${cpu}-${vendor}-${kernel}${if isLinux then "-${abi}" else ""}";
      libc = if isDarwin then "libSystem" else if isFreeBSD then "fblibc" else "glibc";
      uname = { system = if isLinux then "Linux" else if isDarwin then "Darwin" else "FreeBSD"; processor = if isDarwin && isAarch64 then "arm64" else cpu; release = null; };
      linuxArch = if isx86 then "x86" else if isAarch64 then "arm64" else cpu;
      darwinArch = if isAarch64 then "arm64" else cpu;
      qemuArch = cpu;
      parsed = {
        _type = "system";
        cpu = { _type = "cpu-type"; name = cpu; inherit (about) bits family arch; significantByte.name = "littleEndian"; };
        kernel = { _type = "kernel"; name = kernel; execFormat.name = if isDarwin then "macho" else "elf"; };
        vendor = { _type = "vendor"; name = vendor; };
        abi = { _type = "abi"; name = if abi == null then "unknown" else abi; };
      };
      extensions = { sharedLibrary = if isDarwin then ".dylib" else ".so"; staticLibrary = ".a"; library = if isDarwin then ".dylib" else ".so"; executable = ""; };
      gcc = { }; rustc = { };
      rust = {
        rustcTarget = rustTriple;
        rustcTargetSpec = rustTriple;
        cargoShortTarget = rustTriple;
        cargoEnvVarTarget = lib.toUpper (lib.replaceStrings [ "-" ] [ "_" ] rustTriple);
        isNoStdTarget = false;
        platform = { arch = about.rust; os = if isDarwin then "macos" else kernel; target-family = [ "unix" ]; vendor = vendor; };
      };
      canExecute = other: other.system == system;
      emulatorAvailable = _pkgs: false;
    };
in
rec {
  # A system string, or a platform, or a set of changes over one.
  elaborate = arg:
    if builtins.isString arg then facts arg
    else if arg ? _type && arg._type == "platform" then arg
    else facts (arg.system or (systemOfTriple arg.config)) // builtins.removeAttrs arg [ "system" ];
  systemOfTriple = triple:
    let parts = builtins.match "([^-]+)-[^-]+-([a-z]+).*" triple;
      cpu = builtins.elemAt parts 0;
    in "${if cpu == "arm64" then "aarch64" else cpu}-${builtins.elemAt parts 1}";
  equals = a: b: a.system == b.system;

  doubles = {
    all = linux ++ darwin ++ freebsd;
    inherit linux darwin freebsd;
    unix = linux ++ darwin ++ freebsd;
    x86_64 = [ "x86_64-linux" "x86_64-darwin" "x86_64-freebsd" ];
    aarch64 = [ "aarch64-linux" "aarch64-darwin" ];
    x86 = [ "x86_64-linux" "x86_64-darwin" "i686-linux" "x86_64-freebsd" ];
    arm = [ "armv6l-linux" "armv7l-linux" ];
    riscv64 = [ "riscv64-linux" ];
    gnu = linux;
    none = [ ];
    windows = [ ];
  };

  flakeExposed = [
    "x86_64-linux" "aarch64-linux" "armv6l-linux" "armv7l-linux" "i686-linux" "powerpc64le-linux" "riscv64-linux"
    "x86_64-darwin" "aarch64-darwin" "x86_64-freebsd"
  ];

  examples = { gnu64.config = "x86_64-unknown-linux-gnu"; aarch64-multiplatform.config = "aarch64-unknown-linux-gnu"; };

  inspect.predicates = lib.genAttrs [ "isLinux" "isDarwin" "isx86_64" "isAarch64" "isUnix" ] (name: platform: (elaborate platform).${name});
}
