# What of the things that the runbooks need is on this host: tools, paths, Docker, and the services of the compose file.
# Nothing here ends the look early: what is missing is its result.
. parts/stack.sh
: "${SSM_tools?}" "${SSM_paths?}" "${SSM_composeProject?}"

# Of the end of it alone: bash takes very long over a very long text.
last_line() {
  local end=${1:${#1}>1000?-1000:0}
  printf '%s' "${end##*$'\n'}"
}

missing=()
split_words "$SSM_tools"
for tool in "${words[@]}"; do
  if ! type -P "$tool" >/dev/null; then missing+=("$tool"); fi
done
# BusyBox has tools of the same names that do not know what the scripts ask of them.
not_gnu=()
if ! find / -maxdepth 0 -printf '' 2>/dev/null; then not_gnu+=(find); fi
if [[ $(date -d @60 +%s 2>/dev/null) != 60 ]]; then not_gnu+=(date); fi

paths=()
split_words "$SSM_paths"
for path in "${words[@]}"; do
  kind=missing owner='' mode='' readable=false writable=false
  if described=$(stat -L -c '%U|%a|%F' -- "$path" 2>/dev/null); then
    IFS='|' read -r owner mode kind < <(printf '%s\n' "$described") || true
    case $kind in directory) kind='folder' ;; regular*) kind='file' ;; *) kind='other' ;; esac
    if [ -r "$path" ]; then readable=true; fi
    if [ -w "$path" ]; then writable=true; fi
  fi
  fact="{\"path\":$(json_string "$path"),\"kind\":\"$kind\",\"owner\":$(json_string "$owner"),\"mode\":$(json_string "$mode")"
  paths+=("$fact,\"readable\":$readable,\"writable\":$writable}")
done

# Where acts keep their markers, or the folder in which it would be made.
markers=${FIREBREAK_STATE:-/var/lib/firebreak}
while [ ! -e "$markers" ] && [[ $markers == */* ]]; do markers=${markers%/*}; done
markers_writable=false
if [ -w "${markers:-/}" ]; then markers_writable=true; fi

docker='' docker_error='' compose_found=''
if type -P docker >/dev/null; then
  docker=$(timeout 20 docker version --format "${open}.Server.Version}}" 2>&1) || { docker_error=$(last_line "$docker") docker=''; }
fi
if find_compose 2>/dev/null; then compose_found="${compose_tool[*]} ${compose_version#v}"; fi

services=() compose_error=''
if [[ -z $compose_found ]]; then
  compose_error='there is no Compose'
elif config=$(compose config 2>/dev/null); then
  while IFS='|' read -r service container; do
    services+=("{\"service\":$(json_string "$service"),\"container\":$(json_string "$container")}")
    # mawk takes minutes to replace in a line of a megabyte.
  done < <(printf '%s\n' "$config" | awk '
    function told() { if (service != "") print service "|" container; service = container = "" }
    { $0 = substr($0, 1, 2000); gsub(/["\047]/, "") }
    /^[a-z]/ { told(); section = $1 }
    section == "services:" && /^  [^ ]/ { told(); sub(/:.*/, "", $1); service = $1 }
    section == "services:" && /^    container_name: / { container = $2 }
    END { told() }')
else
  compose_error=$(compose config 2>&1 >/dev/null) || true
  compose_error=$(last_line "$compose_error")
fi

printf '{"bash":%s,"now":%s,"missingTools":%s,"notGnu":%s,"paths":%s,"markersWritable":%s' "$(json_string "$BASH_VERSION")" \
  "$(date +%s)" "$(json_strings "${missing[@]}")" "$(json_strings "${not_gnu[@]}")" "$(json_array "${paths[@]}")" "$markers_writable"
printf ',"docker":%s,"dockerError":%s,"compose":%s,"composeError":%s,"services":%s}\n' "$(json_string "$docker")" \
  "$(json_string "${docker_error:0:300}")" "$(json_string "$compose_found")" "$(json_string "${compose_error:0:300}")" \
  "$(json_array "${services[@]:0:60}")"
