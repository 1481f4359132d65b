# Whether the services that the application calls can be reached from this host. Any answer at all means that they can.
: "${SSM_urls?}"
split_words "$SSM_urls"

services=() evidence=''
for url in "${words[@]}"; do
  answer=$(curl -sS -o /dev/null --max-time 5 -w '\n%{http_code} %{time_total}\n' "$url" 2>&1) || true
  status=0 took=0 error=''
  while IFS= read -r line; do
    if [[ $line =~ ^([0-9]{3})\ ([0-9]+)[.,]([0-9]{3}) ]]; then
      status=$((10#${BASH_REMATCH[1]})) took=$((10#${BASH_REMATCH[2]}${BASH_REMATCH[3]}))
    elif [[ -n $line ]]; then
      error+="${error:+ }$line"
    fi
  done < <(printf '%s\n' "$answer")
  reachable=false
  if ((status > 0)); then reachable=true; fi
  service="{\"url\":$(json_string "$url"),\"reachable\":$reachable,\"status\":$status,\"tookMs\":$took"
  services+=("$service,\"error\":$(json_string "${error:0:300}")}")
  evidence+="$url: status $status after $took ms ${error:0:300}"$'\n'
done
printf '{"services":%s}\n%s' "$(json_array "${services[@]}")" "$evidence"
