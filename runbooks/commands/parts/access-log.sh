# Reading nginx' access log. Lines that are no requests are passed over.

# The log's end, in `log`.
read_access_log() { # container lines, and what else `docker logs` is to be told
  local container=$1 lines=$2
  shift 2
  log=$(timeout 20 docker logs --tail "$lines" "$@" "$container" 2>&1 | tr -d '\000\r' | cut -b 1-2000) ||
    die "docker logs $container: $(printf '%s' "$log" | tail -c 300)"
}

# The requests in `log`, one a line: status, method, and path without its query.
requests() {
  printf '%s\n' "$log" | awk '
    match($0, /"[A-Z]+ [^ "]+[^"]*" [1-5][0-9][0-9] /) {
      request = substr($0, RSTART + 1, RLENGTH - 2)
      status = substr(request, length(request) - 2)
      split(request, part, " ")
      sub(/[?#].*/, "", part[2])
      print status, part[1], substr(part[2], 1, 200)
    }'
}
