# Which of the stack's containers run, since when, and how they ended.
. parts/stack.sh
: "${SSM_composeProject?}"

format="$(compose_label service)|${open}json .Name}}|${open}json .State.Status}}|${open}.State.StartedAt}}|${open}.State.FinishedAt}}"
format+="|${open}.State.ExitCode}}|${open}.RestartCount}}|${open}.State.OOMKilled}}|${open}json .HostConfig.RestartPolicy.Name}}"
format+="|$(compose_label oneoff)|${open}json .State.Health}}"

if ! found=$(stack_containers "$SSM_composeProject" "$format"); then
  printf '{"containers":[],"missing":[],"composeReadable":false,"dockerLive":false}\n'
  exit 0
fi

now=$(date +%s)
containers=() seen=' ' evidence=''
while IFS='|' read -r service name state started finished exit_code restarts oom policy oneoff health; do
  # What `compose run` started is not a service.
  plain "$service"
  if [[ -z $REPLY || $oneoff == '"True"' ]]; then continue; fi
  health_status=none
  if [[ $health =~ ^\{\"Status\":\"(healthy|unhealthy|starting)\" ]]; then health_status=${BASH_REMATCH[1]}; fi
  plain "$service" && service=$REPLY
  plain "$name" && name=${REPLY#/}
  plain "$state" && state=$REPLY
  plain "$policy" && policy=$REPLY
  if ! is_whole "$exit_code" || ! is_whole "$restarts" || [[ $oom != true && $oom != false ]]; then
    die "Docker can not be understood: of $service it says \"$exit_code|$restarts|$oom\"."
  fi
  fact="{\"service\":$(json_string "$service"),\"name\":$(json_string "$name"),\"state\":$(json_string "$state")"
  fact+=",\"health\":\"$health_status\""
  epoch "$started"
  fact+=${REPLY:+,\"startedSecondsAgo\":$((now - ${REPLY:-0}))}
  epoch "$finished"
  fact+=${REPLY:+,\"finishedSecondsAgo\":$((now - ${REPLY:-0}))}
  fact+=",\"exitCode\":$exit_code,\"restartCount\":$restarts,\"oomKilled\":$oom,\"restartPolicy\":$(json_string "$policy")}"
  containers+=("$fact")
  seen+="$service "
  evidence+="$service: $state, health $health_status, exit code $exit_code, started $started, finished $finished"$'\n'
done < <(printf '%s\n' "$found")

missing=() readable=true
if services=$(compose config --services); then
  split_words "${services//$'\n'/ }"
  for service in "${words[@]}"; do
    if [[ $seen != *" $service "* ]]; then missing+=("$service"); fi
  done
else
  readable=false
fi
printf '{"containers":%s,"missing":%s,"composeReadable":%s,"dockerLive":true}\n' \
  "$(json_array "${containers[@]}")" "$(json_strings "${missing[@]}")" "$readable"
printf '%s' "$evidence"
