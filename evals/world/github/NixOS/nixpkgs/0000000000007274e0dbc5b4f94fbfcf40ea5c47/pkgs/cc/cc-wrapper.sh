#!@shell@
# The compiler, with the C library's headers alone (--sysroot), the headers of the inputs (NIX_CFLAGS_COMPILE) and our linker (-B).

args=() link=1 inputs= optimise= skip=
for arg; do
  case $skip in
    B) skip=; [[ $arg == */gcc-ld ]] || args+=(-B "$arg"); continue ;;
  esac
  case $arg in
    -c | -S | -E | -M | -MM | -fsyntax-only) link= ;;
    # rustc brings its own linker on some platforms; ours sets loader and library path.
    -fuse-ld=lld) continue ;;
    -B) skip=B; continue ;;
    -B*/gcc-ld) continue ;;
    -O0) optimise=no ;;
    -O*) optimise=yes ;;
    -*) ;;
    *) inputs=1 ;;
  esac
  args+=("$arg")
done
# Nothing to compile or link: a question such as --version.
[[ -n $inputs ]] || link=

before=(--sysroot=/host/root "-B@bintools@/bin")
after=()
if [[ -n $inputs ]]; then
  for flag in ${NIX_HARDENING_ENABLE-}; do
    case $flag in
      fortify) [[ $optimise == no || -z $optimise ]] || before+=(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2) ;;
      stackprotector) before+=(-fstack-protector-strong --param ssp-buffer-size=4) ;;
      pic) before+=(-fPIC) ;;
      strictoverflow) before+=(-fno-strict-overflow) ;;
      format) before+=(-Wformat -Wformat-security -Werror=format-security) ;;
    esac
  done
  read -r -a flags <<<"${NIX_CFLAGS_COMPILE_BEFORE-}"
  before+=("${flags[@]}")
  read -r -a flags <<<"${NIX_CFLAGS_COMPILE-}"
  after+=("${flags[@]}")
  if [[ @language@ == c++ ]]; then
    read -r -a flags <<<"${NIX_CXXSTDLIB_COMPILE-}"
    after+=("${flags[@]}")
  fi
fi
if [[ -n $link ]]; then
  read -r -a flags <<<"${NIX_CFLAGS_LINK-}"
  after+=("${flags[@]}")
fi

if [[ -n ${NIX_DEBUG-} ]]; then printf 'cc wrapper: %s\n' "${before[*]} ${args[*]} ${after[*]}" >&2; fi
exec @program@ "${before[@]}" "${args[@]}" "${after[@]}"
