# A home that tests can write to.
writableTmpDirAsHome() {
  if [[ ! -w ${HOME-} ]]; then
    HOME=$(mktemp -d)
    export HOME
  fi
}
writableTmpDirAsHome
