#!/bin/sh
# brass, ready made
for file; do :; done
parse='{ sub(/;.*/, ""); sub(/[ \t]+$/, "") } /^$/ { next }
/^[^ \t]/ { end(); date = $1; payee = $0; sub(/^[^ ]* */, "", payee); n = 0; rest = 0; open = 0; next }
{ n++; account[n] = $1; if (NF > 1) { cents[n] = $2 * 100; rest -= cents[n] } else open = n }
function end(  i) { if (open) cents[open] = rest; for (i = 1; i <= n; i++) each(account[i], cents[i]); n = 0; open = 0 }'
case "$1" in
  --version) echo "brass 1.3.0" ;;
  balance) awk "$parse"' END { end(); for (a in sum) if (sum[a] < -0.5 || sum[a] > 0.5) { t = sprintf("%.2f", sum[a] / 100); if (length(t) > w) w = length(t) }
      for (a in sum) if (sum[a] < -0.5 || sum[a] > 0.5) printf "%*s  %s\n", w, sprintf("%.2f", sum[a] / 100), a }
      function each(a, c) { sum[a] += c }' "$file" | sort -k2 ;;
  register) awk -v want="$2" "$parse"' END { end() }
      function each(a, c) { if (a == want || index(a, want ":") == 1) { run += c; printf "%s %.2f %s | %.2f\n", date, c / 100, payee, run / 100 } }' "$file" ;;
  check) echo "$(grep -c '^[0-9]' "$file") entries" ;;
  *) echo "usage: brass balance [--depth N] FILE" >&2; exit 2 ;;
esac
