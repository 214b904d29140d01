# What bindgen has to know: where libclang is, its own headers, and those that the C compiler sees. The inputs' are known once all hooks have run.
populateBindgenEnv() {
  local own
  own=$(echo @libclang@/lib/clang/*/include)
  export LIBCLANG_PATH=@libclang@/lib
  export BINDGEN_EXTRA_CLANG_ARGS="--sysroot=/host/root -isystem ${own##* } ${NIX_CFLAGS_COMPILE-} ${BINDGEN_EXTRA_CLANG_ARGS-}"
}
postHooks+=(populateBindgenEnv)
