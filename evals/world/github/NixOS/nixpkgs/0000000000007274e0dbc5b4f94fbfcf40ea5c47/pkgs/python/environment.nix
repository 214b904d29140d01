# python3.withPackages: an interpreter that finds these packages and what they need.
{ lib, pkgs, python }:
chosen:
let
  modules = python.pkgs.requiredPythonModules chosen;
in
pkgs.runCommandLocal "python3-3.13.5-env"
{
  inherit modules;
  meta = { inherit (python.meta) description platforms; mainProgram = "python3"; };
  passthru = { inherit python; inherit (python) interpreter sitePackages pythonVersion pkgs; };
} ''
  mkdir -p $out/bin
  path=
  for module in $modules; do
    if [ -d $module/${python.sitePackages} ]; then path=$path''${path:+:}$module/${python.sitePackages}; fi
    for program in $module/bin/*; do
      if [ -e "$program" ]; then ln -sf "$program" $out/bin/; fi
    done
  done
  rm -f $out/bin/python*
  for name in python python3 python3.13; do
    printf '#!%s\nexport PYTHONPATH=%s''${PYTHONPATH:+:$PYTHONPATH}\nexec %s "$@"\n' "${pkgs.runtimeShell}" "$path" "${python}/bin/python3.13" >$out/bin/$name
    chmod +x $out/bin/$name
  done
''
