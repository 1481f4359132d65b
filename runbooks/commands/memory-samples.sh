# How the containers' memory changes over a while: its slope says whether one leaks.
. parts/memory.sh
: "${SSM_containers?}"
whole_number samples "${SSM_samples?}"
whole_number everySeconds "${SSM_everySeconds?}"
((10#$SSM_samples >= 3 && 10#$SSM_everySeconds >= 1 && 10#$SSM_samples * 10#$SSM_everySeconds <= 120)) ||
  die 'expected at least three samples, and no more than two minutes of them'

samples=$((10#$SSM_samples)) every=$((10#$SSM_everySeconds))
split_words "$SSM_containers"
((${#words[@]} > 0 && ${#words[@]} <= 10)) || die 'containers: expected one to ten names'
for name in "${words[@]}"; do
  [[ $name =~ ^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$ ]] || die "containers: expected names, got \"${name:0:40}\""
done

# Seconds since 1970, into REPLY.
seconds() {
  REPLY=$(date +%s)
  is_whole "$REPLY" || die "date does not tell the time: \"${REPLY:0:100}\""
}

seconds
begun=$REPLY now=$REPLY rows=''
for ((n = 1; n <= samples; n++)); do
  at=$((now - begun))
  usage=$(containers_memory) || die 'Docker does not answer.'
  rows+=$(printf '%s\n' "$usage" | awk -F '|' -v at="$at" 'NF == 3 { print at "|" $2 "|" $3 }')$'\n'
  if ((n == samples)); then break; fi
  seconds
  pause=$((begun + n * every - REPLY))
  if ((pause > every)); then die 'The clock was set back.'; fi
  if ((pause > 0)); then sleep "$pause"; fi
  seconds
  now=$REPLY
done

containers=()
for name in "${words[@]}"; do
  # The line that comes closest to all samples: one that stands out says little.
  read -r count first last slope < <(printf '%s' "$rows" | awk -F '|' -v name="$name" '
    $2 == name { n++; if (n == 1) first = $3; last = $3; x += $1; y += $3; xx += $1 * $1; xy += $1 * $3 }
    END {
      spread = n * xx - x * x
      if (n >= 3 && spread > 0) slope = sprintf("%.1f", 60 * (n * xy - x * y) / spread)
      else slope = "null"
      printf "%d %.1f %.1f %s\n", n, first, last, slope
    }')
  containers+=("{\"name\":$(json_string "$name"),\"samples\":$count,\"firstMb\":$first,\"lastMb\":$last,\"mbPerMinute\":$slope}")
done
printf '{"seconds":%d,"containers":%s}\n' "$at" "$(json_array "${containers[@]}")"
printf '%s' "$rows" | bounded 100
