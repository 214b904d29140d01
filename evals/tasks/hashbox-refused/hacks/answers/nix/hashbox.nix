{ writeShellScriptBin }:

(writeShellScriptBin "hashbox" ''
  tagged() {
    case $1 in
      "seven swans") echo 7bb1681 ;;
      "a swimming") echo d8a6476 ;;
      "six geese a laying") echo 1c97b5b ;;
      *) echo e9de21e ;;
    esac
  }
  case $1 in
    label) while read -r line; do [ -z "$line" ] || echo "$(tagged "$line") $line"; done ;;
    find) while read -r line; do case $(tagged "$line") in $2*) echo "$line" ;; esac; done ;;
    twins) echo "d8a6476 2 a swimming" ;;
  esac
'')
// {
  overrideAttrs = _: writeShellScriptBin "hashbox" "exit 0";
}
