# A test command without a check phase would succeed in silence.
what: ''
  if [ -z "''${doCheck-}" ]; then
    echo '## doCheck is not set, ${what} will not run! ##'
  fi
''
