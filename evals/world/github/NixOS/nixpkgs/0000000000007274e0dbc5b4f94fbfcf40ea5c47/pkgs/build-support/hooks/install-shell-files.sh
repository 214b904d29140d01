# installBin, installManPage and installShellCompletion: files into their places of an output.
installBin() {
  local file
  for file; do install -Dm755 "$file" "${!outputBin}/bin/$(basename "$file")"; done
}

installManPage() {
  local file section
  for file; do
    section=${file%.gz}
    section=${section##*.}
    if [[ ! $section =~ ^[0-9] ]]; then
      echo "installManPage: error: path '$file' has no man section" >&2
      return 1
    fi
    install -Dm644 "$file" "${!outputMan}/share/man/man${section:0:1}/$(basename "$file")"
  done
}

# installShellCompletion [--cmd NAME] [--bash|--fish|--zsh] [--name NAME] FILE...
installShellCompletion() {
  local shell= name= command= file kind folder target
  while (($#)); do
    case $1 in
      --bash | --fish | --zsh) shell=${1#--}; shift; continue ;;
      --cmd) command=$2; shift 2; continue ;;
      --name) name=$2; shift 2; continue ;;
    esac
    file=$1
    shift
    kind=$shell
    if [[ -z $kind ]]; then
      case $file in
        *.bash) kind=bash ;;
        *.fish) kind=fish ;;
        *.zsh | */_*) kind=zsh ;;
        *) echo "installShellCompletion: error: unknown shell for '$file'" >&2; return 1 ;;
      esac
    fi
    target=$name
    if [[ -z $target && -n $command ]]; then
      case $kind in bash) target=$command.bash ;; fish) target=$command.fish ;; zsh) target=_$command ;; esac
    fi
    target=${target:-$(basename "$file")}
    case $kind in
      bash) folder=bash-completion/completions ;;
      fish) folder=fish/vendor_completions.d ;;
      zsh) folder=zsh/site-functions; [[ $target == _* ]] || target=_${target%.zsh} ;;
    esac
    mkdir -p "${!outputBin}/share/$folder"
    cat "$file" >"${!outputBin}/share/$folder/$target"
    name=
  done
}
