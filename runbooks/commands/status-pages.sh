# What the status pages of services outside say, in the JSON of Statuspage or of Instatus.
: "${SSM_urls?}"
split_words "$SSM_urls"

pages=() evidence=''
for url in "${words[@]}"; do
  body=$(timeout 15 curl -q -sS -L --max-redirs 3 --proto '=http,https' --max-time 10 "$url" 2>/dev/null |
    head -c 100000 | tr -d '\000\r\n') || true
  says=unknown description=''
  if [[ $body =~ \"indicator\"[[:space:]]*:[[:space:]]*\"([a-z]+)\" ]]; then
    case ${BASH_REMATCH[1]} in
      none) says=well ;;
      minor) says=degraded ;;
      major | critical) says=outage ;;
      maintenance) says=maintenance ;;
    esac
    if [[ $body =~ \"indicator\"[^\}]*\"description\"[[:space:]]*:[[:space:]]*\"([^\"]{1,200}) ]]; then description=${BASH_REMATCH[1]}; fi
  elif [[ $body =~ \"page\"[[:space:]]*:[[:space:]]*\{[^\}]*\"status\"[[:space:]]*:[[:space:]]*\"(UP|HASISSUES|UNDERMAINTENANCE)\" ]]; then
    case ${BASH_REMATCH[1]} in
      UP) says=well ;;
      HASISSUES) says=degraded ;;
      UNDERMAINTENANCE) says=maintenance ;;
    esac
    if [[ $body =~ \"activeIncidents\"[[:space:]]*:[[:space:]]*\[[[:space:]]*\{[^\}]*\"name\"[[:space:]]*:[[:space:]]*\"([^\"]{1,200}) ]]; then
      description=${BASH_REMATCH[1]}
    fi
  fi
  pages+=("{\"url\":$(json_string "$url"),\"says\":\"$says\",\"description\":$(json_string "$description")}")
  evidence+="$url: $says ${description:-${body:0:200}}"$'\n'
done
printf '{"pages":%s}\n%s' "$(json_array "${pages[@]}")" "$evidence"
