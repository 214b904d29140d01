set -eu
sift=$1
same() {
	[ "$1" = "$2" ] || { printf 'expected <%s>, got <%s>\n' "$2" "$1"; exit 1; }
}
same "$(printf 'reed\nrush\nsedge\n' | "$sift" 's*e')" 'sedge'
same "$(printf 'reed\nrush\nsedge\n' | "$sift" -c -v sh)" '2'
same "$(printf 'reed\nRush\n' | "$sift" -ik US)" '2:Rush'
! "$sift" none /dev/null
