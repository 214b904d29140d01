# The smallest package: a C program of one line, so that templates which name `hello` have something to build.
{ lib, stdenv }:
stdenv.mkDerivation {
  pname = "hello";
  version = "2.12";
  src = ./hello;
  buildPhase = ''
    runHook preBuild
    $CC -O2 -o hello hello.c
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    install -D hello $out/bin/hello
    runHook postInstall
  '';
  meta = {
    description = "Program that produces a familiar, friendly greeting (a stand-in of GNU hello)";
    license = lib.licenses.gpl3Plus;
    mainProgram = "hello";
    platforms = lib.platforms.all;
  };
}
