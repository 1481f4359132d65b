# What the backend's log tells of recommendations: how many, how long they took, and what went wrong with them.
. parts/private.sh
. parts/error-kinds.sh
: "${SSM_container?}" "${SSM_tail?}" "${SSM_minutes?}" "${SSM_outside?}"
whole_number tail "$SSM_tail"
whole_number minutes "$SSM_minutes"

readable=true why=''
if ! log=$(timeout 30 docker logs --since "${SSM_minutes}m" --tail "$SSM_tail" "$SSM_container" 2>&1 | tr -d '\000\r' | cut -b 1-1000); then
  [[ $log == *'No such container'* ]] || die "docker logs $SSM_container: $(printf '%s' "$log" | tail -c 300)"
  readable=false why='there is no such container' log=''
fi
log=$(printf '%s\n' "$log" | grep -iE 'recommendation|llama|mistral|pinecone' || true)

# How long recommendations took, and each service in them: `all 5.2`, `mistral 4.8`, in seconds, one a line.
durations() {
  printf '%s\n' "$log" | awk -v services="$SSM_outside" '
    function seconds(text,  number) {
      match(text, /[0-9]+(\.[0-9]+)? ?(ms|s)/)
      number = substr(text, RSTART, RLENGTH)
      return number ~ /ms/ ? number / 1000 : number + 0
    }
    BEGIN { known = split(services, service, " ") }
    {
      low = tolower($0)
      if (low ~ /recommendation/ && match(low, /(in|took|duration|elapsed|latency|time)[=: ]+[0-9]+(\.[0-9]+)? ?(ms|s|sec|seconds)([^a-z]|$)/))
        printf "all %.3f\n", seconds(substr(low, RSTART, RLENGTH))
      for (n = 1; n <= known; n++)
        if (match(low, service[n] "[=: ]+[0-9]+(\\.[0-9]+)? ?(ms|s)([^a-z]|$)")) printf "%s %.3f\n", service[n], seconds(substr(low, RSTART, RLENGTH))
    }'
}

# Count, median, 95th percentile and maximum of one of them, as JSON, in REPLY.
summary() { # name
  REPLY=$(printf '%s\n' "$took" | awk -v name="$1" '$1 == name { print $2 }' | sort -n | awk '
    { value[NR] = $1 }
    function at(share,  n) { n = int(share * NR + 0.9999); return value[n < 1 ? 1 : n] }
    END {
      if (NR == 0) print "{\"count\":0,\"median\":null,\"p95\":null,\"most\":null}"
      else printf "{\"count\":%d,\"median\":%s,\"p95\":%s,\"most\":%s}\n", NR, at(0.5) + 0, at(0.95) + 0, value[NR] + 0
    }')
}

took=$(durations)
summary all
all=$REPLY
split_words "$SSM_outside"
services=("${words[@]}") each=()
for service in "${services[@]}"; do
  summary "$service"
  each+=("{\"service\":\"$service\",\"seconds\":$REPLY}")
done
error_facts "$readable" "$why" "$SSM_outside"
printf '{"seconds":%s,"services":%s,"errors":%s}\n' "$all" "$(json_array "${each[@]}")" "$REPLY"
printf '%s\n' "$log" | masked | tail -n 30 | bounded 30
