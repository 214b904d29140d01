# The small tools: which programs make up a package, and the version that Debian 13 has.
let
  words = s: builtins.filter (w: builtins.isString w && w != "") (builtins.split "[ \n]+" s);
in
{
  bash = { version = "5.2.37"; mainProgram = "bash"; programs = words "bash"; description = "GNU Bourne-Again Shell"; };
  coreutils = {
    version = "9.7";
    description = "GNU Core Utilities";
    programs = words ''
      [ arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir dircolors dirname du
      echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv
      nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum sha224sum
      sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate
      tsort tty uname unexpand uniq unlink users vdir wc who whoami yes
    '';
  };
  findutils = { version = "4.10.0"; programs = words "find xargs"; description = "GNU Find Utilities"; };
  diffutils = { version = "3.10"; programs = words "cmp diff diff3 sdiff"; description = "GNU file comparison"; };
  gnused = { version = "4.9"; mainProgram = "sed"; programs = words "sed"; description = "GNU stream editor"; };
  gnugrep = { version = "3.11"; mainProgram = "grep"; programs = words "grep egrep fgrep"; description = "GNU grep"; };
  gawk = { version = "5.2.1"; mainProgram = "gawk"; programs = words "gawk awk"; description = "GNU awk"; };
  gnutar = { version = "1.35"; mainProgram = "tar"; programs = words "tar"; description = "GNU tar"; };
  gzip = { version = "1.13"; mainProgram = "gzip"; programs = words "gzip gunzip zcat"; description = "GNU zip"; };
  bzip2 = { version = "1.0.8"; mainProgram = "bzip2"; programs = words "bzip2 bunzip2 bzcat"; description = "Block-sorting compressor"; };
  xz = { version = "5.8.1"; mainProgram = "xz"; programs = words "xz unxz xzcat"; description = "LZMA compressor"; };
  zstd = { version = "1.5.7"; mainProgram = "zstd"; programs = words "zstd unzstd zstdcat"; description = "Zstandard compressor"; };
  gnumake = { version = "4.4.1"; mainProgram = "make"; programs = words "make"; description = "GNU make"; };
  patch = { pname = "gnupatch"; version = "2.8"; mainProgram = "patch"; programs = words "patch"; description = "GNU patch"; };
  file = { version = "5.46"; mainProgram = "file"; programs = words "file"; description = "Finds out what a file is"; };
  which = { version = "5.23.2"; mainProgram = "which"; programs = words "which"; description = "Where a command is"; };
  patchelf = { version = "0.18.0"; mainProgram = "patchelf"; programs = words "patchelf"; description = "Changes the loader and library path of ELF programs"; };
  jq = { version = "1.7.1"; mainProgram = "jq"; programs = words "jq"; description = "Command-line JSON processor"; };
}
