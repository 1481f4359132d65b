# Looking through a dump before anything is made of it: whether it is whole, what it holds, and whether it would leave the
# database that it is read into.
# shellcheck shell=bash

# One pass over an archive. Sets intact, complete, foreign (the first line that it must not have), rows (in COPY blocks) and
# unpacked (bytes); `tables` holds lines of `<table> <rows>`, the largest first. What pg_dumpall writes is not complete here.
read_dump() { # file seconds
  local said
  intact=false complete=false foreign='' rows=0 unpacked=0 tables=''
  # awk reads to the end, so gzip's own end says whether the archive is.
  said=$(
    set +e
    timeout "$2" gzip -dc -- "$1" 2>/dev/null | awk '
      { bytes += length($0) + 1 }
      copying { if ($0 == "\\.") copying = 0; else { rows++; count[table]++ } next }
      /^COPY .* FROM stdin;$/ { copying = 1; table = $2; if (!(table in count)) count[table] = 0; next }
      # Orders to psql itself: \connect would lead the rest into another database. Newer dumps have \restrict around them.
      /^\\/ && !/^\\(un)?restrict / { if (foreign == "") foreign = substr($0, 1, 80) }
      /^(CREATE|DROP|ALTER) DATABASE / { if (foreign == "") foreign = substr($0, 1, 80) }
      /^-- PostgreSQL database dump complete$/ { whole = NR }
      END {
        printf "%d %.0f %d\n%s\n", rows, bytes, whole && NR - whole < 20 && !copying, foreign
        for (name in count) print name, count[name]
      }'
    printf 'gzip %d\n' "${PIPESTATUS[0]}"
  ) || return
  read -r rows unpacked complete < <(printf '%s\n' "$said" | sed -n 1p)
  foreign=$(printf '%s\n' "$said" | sed -n 2p)
  tables=$(printf '%s\n' "$said" | sed '1,2d;$d' | sort -k 2 -rn | awk 'NR <= 20')
  if [[ $complete == 1 ]]; then complete=true; else complete=false; fi
  if [[ $said == *$'\ngzip 0' ]]; then intact=true; fi
}

# Tables with their rows, as a JSON array.
table_facts() { # lines of `<table> <rows>`
  local name count out=()
  while read -r name count; do
    if [[ $count =~ ^[0-9]+$ ]]; then out+=("{\"name\":$(json_string "$name"),\"rows\":$count}"); fi
  done < <(printf '%s\n' "$1")
  json_array "${out[@]}"
}
