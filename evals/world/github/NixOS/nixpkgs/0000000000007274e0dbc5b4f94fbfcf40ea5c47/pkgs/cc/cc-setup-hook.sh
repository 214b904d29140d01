# Headers of the inputs, for the compiler.
ccWrapper_addCVars() {
  if [[ -d $1/include ]]; then export NIX_CFLAGS_COMPILE+=" -isystem $1/include"; fi
}
addEnvHooks "$targetOffset" ccWrapper_addCVars

export CC=gcc CXX=g++
export NIX_HARDENING_ENABLE=${NIX_HARDENING_ENABLE-"bindnow format fortify pic relro stackprotector strictoverflow"}
