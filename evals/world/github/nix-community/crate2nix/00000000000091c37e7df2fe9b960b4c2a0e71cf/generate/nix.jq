# Writing Nix.
def string: "\"" + (gsub("(?<c>[\"\\\\])"; "\\\(.c)") | gsub("\\$\\{"; "\\${")) + "\"";
def strings: if length == 0 then "[ ]" else "[ " + (map(string) | join(" ")) + " ]" end;
# A folder relative to the file that is written.
def path: if . == "" or . == "." then "./." elif test("^[A-Za-z0-9_./+-]+$") then "./" + . else "(./. + " + ("/" + . | string) + ")" end;

# cfg(…) of a manifest, or the name of a target, as a condition over `target` and `features`.
def condition:
  def expression:
    def items:
      if .[0] == ")" then { list: [], rest: .[1:] }
      else expression as $e | ($e.rest | if .[0] == "," then .[1:] else . end | items) | { list: ([$e.nix] + .list), rest }
      end;
    def joined($operator; $none): if .list == [] then $none else "(" + (.list | join(" \($operator) ")) + ")" end;
    .[0] as $word
    | if .[1] == "(" then
        (.[2:] | items) as $all
        | { rest: $all.rest,
            nix: ($all | if $word == "not" then "(!" + .list[0] + ")"
                         elif $word == "all" then joined("&&"; "true")
                         elif $word == "any" then joined("||"; "false")
                         else error("cannot read the condition \($word)") end) }
      elif .[1] == "=" then
        (.[2] | ltrimstr("\"") | rtrimstr("\"") | string) as $value
        | { rest: .[3:],
            nix: (if $word == "feature" then "(builtins.elem \($value) features)"
                  elif $word == "target_feature" then "(builtins.elem \($value) targetFeatures)"
                  elif $word == "target_family" then "(builtins.elem \($value) target.\"family\")"
                  else "(\($value) == target.\($word | ltrimstr("target_") | string) or null)" end) }
      elif $word == "true" or $word == "false" then { nix: $word, rest: .[1:] }
      else { nix: "(target.\($word | string) or false)", rest: .[1:] }
      end;
  if startswith("cfg(") then .[4:-1] | [scan("\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*|[(),=]")] | expression | .nix
  else "(target.name == \(string))" end;
