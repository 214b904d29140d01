# Libraries of the inputs, for the linker.
bintoolsWrapper_addLDVars() {
  local folder
  for folder in "$1/lib64" "$1/lib"; do
    if [[ -d $folder && ! -L $folder ]] && compgen -G "$folder/lib*" >/dev/null; then export NIX_LDFLAGS+=" -L$folder"; fi
  done
}
addEnvHooks "$targetOffset" bintoolsWrapper_addLDVars

export AR=ar AS=as LD=ld NM=nm OBJCOPY=objcopy OBJDUMP=objdump RANLIB=ranlib READELF=readelf SIZE=size STRINGS=strings STRIP=strip
