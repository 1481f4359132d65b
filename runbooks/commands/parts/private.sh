# What must not leave the host with a line of a log: addresses of networks and people, numbers of accounts, tokens.

# A path with `:id` in place of each part that may be somebody's: what has a digit (versions such as `v1` are none), an
# escape, or more letters than a word has.
without_ids() {
  awk '
    function private(part) { return (part ~ /[0-9]/ && part !~ /^v[0-9]$/) || part ~ /[^A-Za-z0-9._~-]/ || length(part) > 24 }
    {
      path = $NF
      count = split(path, part, "/")
      for (n = 1; n <= count; n++) if (private(part[n])) part[n] = ":id"
      path = part[1]
      for (n = 2; n <= count && n <= 12; n++) path = path "/" part[n]
      $NF = path
      print
    }'
}

# Lines of a log for a person to read. PostgreSQL repeats the statement and its values in lines of their own: those go.
masked() {
  sed -E -e '/(STATEMENT|DETAIL|CONTEXT|QUERY|PARAMETERS): /d' -e '/^\[(SQL|parameters): /d' \
    -e 's/[A-Za-z0-9._%+-]+(@|%40)[A-Za-z0-9.-]+/[address]/g' \
    -e 's/[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]+)?/[ip]/g' \
    -e 's/([0-9A-Fa-f]{0,4}:){4,7}[0-9A-Fa-f]{0,4}/[ip]/g' \
    -e 's/[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/[id]/g' \
    -e 's/[A-Za-z0-9_+=-]{28,}/[id]/g' \
    -e 's/[0-9]{7,}/[id]/g'
}
