# Whether somebody is deploying, or has just done so: acting in the middle of it makes things worse.
. parts/stack.sh
: "${SSM_projectDir?}" "${SSM_composeProject?}"

release_of() {
  local release=${1#v}
  printf '%s' "${release%%[-+~]*}"
}

found=$(stack_containers "$SSM_composeProject" "$(compose_label service)|${open}.Created}}|$(compose_label config-hash)|$(compose_label version)|$(compose_label oneoff)")
now=$(date +%s)
signs=() changed=() under_way=false ended=null

marker=$(find "$SSM_projectDir" -maxdepth 1 -name .deploying -printf '%T@' 2>/dev/null) || true
if [[ -n $marker ]]; then
  under_way=true
  signs+=("the marker .deploying is in $SSM_projectDir, $((now - ${marker%%.*})) s old")
fi

hashes='' comparable=true
if find_compose && hashes=$(compose config --hash '*'); then :; else comparable=false; fi
newest=0
while IFS='|' read -r service created hash version oneoff; do
  plain "$service" && service=$REPLY
  if [[ -z $service || $oneoff == '"True"' ]]; then continue; fi
  plain "$hash" && hash=$REPLY
  plain "$version" && version=$REPLY
  epoch "$created"
  if ((${REPLY:-0} > newest)); then newest=$REPLY; fi
  # Each version of Compose has its own way to make the hash. A distribution's own part of its number (2.26.1-4) is not in the label.
  if [[ -n $version && $(release_of "$version") != "$(release_of "$compose_version")" ]]; then comparable=false; fi
  wanted=$(printf '%s\n' "$hashes" | awk -v service="$service" '$1 == service { print $2 }')
  if [[ -n $hash && -n $wanted && $hash != "$wanted" && " ${changed[*]-} " != *" $service "* ]]; then changed+=("$service"); fi
done < <(printf '%s\n' "$found")

if [[ $comparable == false ]]; then
  changed=()
  signs+=('unknown whether the compose file has changed: Compose can not read it, or the stack was made by another version')
elif ((${#changed[@]} > 0)); then
  under_way=true
  signs+=("the compose file has changed since these were last brought up: ${changed[*]}")
fi
if ((newest > 0 && now - newest <= 900)); then
  ended=$((now - newest))
  signs+=("the newest container was created $ended s ago")
fi

sign=none
if ((${#signs[@]} > 0)); then printf -v sign '%s; ' "${signs[@]}"; fi
printf '{"underWay":%s,"endedSecondsAgo":%s,"comparable":%s,"sign":%s,"configChanged":%s}\n' \
  "$under_way" "$ended" "$comparable" "$(json_string "${sign%; }")" "$(json_strings "${changed[@]}")"
printf '%s\n' "$found" | bounded 40
