# Restarts services of the stack, and tells for each whether it came up.
# shellcheck shell=bash
service_label=$(compose_label service)

# The services that have a container, in the array `services`.
read_services() {
  local found
  found=$(stack_containers "${SSM_composeProject?}" "$service_label" | sort -u)
  found=${found//\"/}
  split_words "${found//$'\n'/ }"
  services=("${words[@]}")
  ((${#services[@]} > 0)) || die "The stack ${SSM_composeProject} has no containers."
}

# Restarts the services given; fails when one of them does not run afterwards.
restart_services() {
  local format begun found service state started restarted=() failed=() said
  whole_number stopTimeout "${SSM_stopTimeout?}"
  begun=$(date +%s)
  said=$(compose restart --timeout "$SSM_stopTimeout" "$@" 2>&1) || true
  format="$service_label|${open}.State.Status}}|${open}.State.StartedAt}}"
  found=$(stack_containers "$SSM_composeProject" "$format")
  while IFS='|' read -r service state started; do
    service=${service//\"/}
    if ! one_of "$service" "$@"; then continue; fi
    epoch "$started"
    # Docker's time and this script's may differ by the second that was begun.
    if [[ $state == running ]] && ((${REPLY:-0} >= begun - 1)); then
      restarted+=("$service")
    else
      failed+=("$service")
    fi
  done < <(printf '%s\n' "$found")
  printf '{"restarted":%s,"failed":%s}\n' \
    "$(json_strings "${restarted[@]}")" "$(json_strings "${failed[@]}")"
  printf '%s\n' "$said" | bounded 60
  ((${#failed[@]} == 0)) || die "Not running after the restart: ${failed[*]}"
}
