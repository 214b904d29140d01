# The packages that come from git: the key of their hash, where they are, and the hash if crate-hashes.json has it under either spelling.
($old[0]) as $known
| [.packages[] | select((.source // "") | startswith("git+"))
    | (.source | capture("^(?<base>git\\+(?<url>[^?#]+)[^#]*)#(?<revision>.*)$")) as $s
    | "\($s.base)#\(.name)@\(.version)" as $key
    | { id, key: $key, url: $s.url, revision: $s.revision, hash: ($known[$key] // $known["\(.name) \(.version) (\(.source))"]) }]
