# What Docker says of its containers' memory. Docker itself takes the cache that can be had back out of it.
# shellcheck shell=bash

# What `docker stats` measures once. A container that ends meanwhile makes Docker fail for all of them, as does a measurement that
# takes more than two seconds on a busy host: then it measures those that are there, anew.
docker_stats() { # format
  local tries status usage
  for tries in 1 2 3; do
    status=0
    usage=$(timeout 30 docker stats --no-stream --no-trunc --format "$1") || status=$?
    if ((status == 0)); then
      printf '%s\n' "$usage"
      return 0
    fi
    # A Docker that hangs is not asked again.
    if ((status == 124)); then break; fi
  done
  return 1
}

# Prints `id|name|MB` for each container that runs; MB of 2^20 bytes.
containers_memory() {
  local usage
  usage=$(docker_stats "${open}.ID}}|${open}.Name}}|${open}.MemUsage}}") || return
  printf '%s\n' "$usage" | awk -F '|' '
    {
      split($3, part, " ")
      unit = part[1]
      sub(/^[0-9.]+/, "", unit)
      size = -1
      if (unit == "B") size = 1 / 1048576
      if (unit == "kB" || unit == "KB") size = 1000 / 1048576
      if (unit == "KiB") size = 1 / 1024
      if (unit == "MB") size = 1000000 / 1048576
      if (unit == "MiB") size = 1
      if (unit == "GB") size = 1000000000 / 1048576
      if (unit == "GiB") size = 1024
      if (unit == "TiB") size = 1048576
      # One that has just ended has no numbers.
      if (NF == 3 && size >= 0 && length(part[1]) < 20 && part[1] ~ /^[0-9]+(\.[0-9]+)?[A-Za-z]+$/) printf "%s|%s|%.1f\n", $1, $2, part[1] * size
    }'
}
