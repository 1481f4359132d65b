# The end of each container's log: errors, stack traces, and the causes that can be told from the words.
: "${SSM_containers?}" "${SSM_tail?}"
whole_number tail "$SSM_tail"
split_words "$SSM_containers"
containers=("${words[@]}")

# Reads a log; prints its counts, its last line, and up to three stack traces: their first line with the exception's.
analyse() {
  awk '
    function trace(text) { if (traces++ < 3) found[traces] = substr(text, 1, 300) }
    { line = $0; low = tolower(line); last = line == "" ? last : line }
    low ~ /error|exception|fatal|panic|critical/ { errors++ }
    low ~ /connection refused|econnrefused/ { refused++ }
    low ~ /time[d]?[ -]?out|etimedout/ { timeouts++ }
    low ~ /no space left on device|enospc/ { space++ }
    line ~ /^Traceback / { python = 1; first = line; next }
    python && line ~ /^[^ \t]/ { trace(line " (" place ")"); python = 0; place = "" }
    python && line ~ /^  File / { place = line; sub(/^ +/, "", place) }
    !python && line ~ /^[ \t]+at / && before !~ /^[ \t]+(at|\.\.\.) / { at = line; sub(/^[ \t]+/, "", at); trace(before " (" at ")") }
    { before = line }
    END {
      printf "%d %d %d %d %d\n%s\n", NR, errors, refused, timeouts, space, substr(last, 1, 300)
      for (n = 1; n <= traces && n <= 3; n++) print found[n]
    }'
}

facts=() evidence='' bytes=$((14000 / ${#containers[@]}))
for container in "${containers[@]}"; do
  found=true
  if ! log=$(timeout 20 docker logs --tail "$SSM_tail" "$container" 2>&1 | tr -d '\000\r' | cut -b 1-1000); then
    [[ $log == *'No such container'* ]] || die "docker logs $container: $(printf '%s' "$log" | tail -c 300)"
    found=false log=''
  fi
  split=()
  while IFS= read -r line; do split+=("$line"); done < <(printf '%s' "${log:+$log$'\n'}" | analyse)
  read -r lines errors refused timeouts space < <(printf '%s\n' "${split[0]}")
  fact="{\"container\":$(json_string "$container"),\"found\":$found,\"lines\":$lines,\"errors\":$errors"
  fact+=",\"connectionRefused\":$refused,\"timeouts\":$timeouts,\"noSpaceLeft\":$space"
  fact+=",\"stackTraces\":$(json_strings "${split[@]:2}"),\"lastLine\":$(json_string "${split[1]}")}"
  facts+=("$fact")
  evidence+="== $container"$'\n'"$(printf '%s\n' "$log" | cut -b 1-300 | tail -c "$bytes")"$'\n'
done
printf '{"logs":%s}\n%s' "$(json_array "${facts[@]}")" "$evidence"
