# Who holds the host's memory: processes by name, containers against their limits, and what the kernel has killed for want of it.
# Names only: what stands on a command line may be secret.
. parts/stack.sh
. parts/memory.sh
: "${SSM_composeProject?}"

memory=$(free -m)
numbers=$(printf '%s\n' "$memory" | awk '
  $1 == "Mem:" && !told++ { main = $2 " " $3 " " $6 " " $7 }
  $1 == "Swap:" && !said++ { swap = $2 " " $4 }
  END { print main " " (swap == "" ? "0 0" : swap) }')
[[ $numbers =~ ^([0-9]{1,12}\ ){5}[0-9]{1,12}$ ]] || die "free does not tell the memory: \"${memory:0:200}\""
read -r total used cache available swap_total swap_free < <(printf '%s\n' "$numbers")

# Control groups by the process id that they were asked for, in the array `groups`: one call for all, whoever is gone by now.
declare -A groups=()
read_groups() { # pids
  local line paths=()
  for line in "$@"; do paths+=("/proc/$line/cgroup"); done
  while IFS= read -r line; do
    if [[ $line =~ /proc/([0-9]+)/cgroup:(.*)$ ]]; then groups[${BASH_REMATCH[1]}]+=${BASH_REMATCH[2]}$'\n'; fi
  done < <(grep -sH . /dev/null "${paths[@]}")
}

# The file in which the kernel counts whom it has killed in a process's control group, into REPLY; empty when there is none.
events_of() { # pid
  REPLY=
  is_whole "$1" || return 0
  local text=${groups[$1]-}
  if [[ $text =~ (^|$'\n')0::(/[^$'\n']+) ]]; then
    REPLY=/sys/fs/cgroup${BASH_REMATCH[2]}/memory.events
  elif [[ $text =~ :memory:(/[^$'\n']+) ]]; then
    REPLY=/sys/fs/cgroup/memory${BASH_REMATCH[1]}/memory.oom_control
  fi
}

# Seconds since a time as Docker writes it, as JSON, into REPLY.
seconds_since() { # time
  epoch "$1"
  if [[ -n $REPLY ]]; then REPLY=$((now - REPLY)); else REPLY=null; fi
}

# --- Containers -----------------------------------------------------------------------------------------------------
format="${open}.Id}}|$(compose_label service)|$(compose_label oneoff)|${open}json .Name}}|${open}json .State.Status}}"
format+="|${open}.State.OOMKilled}}|${open}.State.ExitCode}}|${open}.HostConfig.Memory}}|${open}.State.StartedAt}}"
format+="|${open}.State.FinishedAt}}|${open}.State.Pid}}"
live=true found='' usage=''
found=$(stack_containers "$SSM_composeProject" "$format") && usage=$(containers_memory) || live=false

# One line a process: RSS in KB, pid, user, name.
list=$(timeout 20 ps -eo rss=,pid=,user:32=,comm= | sort -rn)
largest=$(printf '%s\n' "$list" | awk 'NR <= 10')
# What must be let finish: a dump, a restore, a migration, a build.
busy=$(printf '%s\n' "$list" |
  awk '$4 ~ /^(pg_dump|pg_dumpall|pg_restore|pg_basebackup|backup_.*|restore_.*|alembic|buildkitd|buildctl|docker-buildx|docker-build)$/ && ++n <= 20')
split_words "$(printf '%s\n%s\n' "$largest" "$busy" | awk '$2 ~ /^[1-9][0-9]*$/ && length($2) < 11 { printf "%s ", $2 } END { print "" }')$(
  printf '%s\n' "$found" | awk -F '|' '$NF ~ /^[1-9][0-9]*$/ { printf "%s ", $NF }'
)"
read_groups "${words[@]}"

declare -A kills=()
files=()
split_words "$(printf '%s\n' "$found" | awk -F '|' '$NF ~ /^[1-9][0-9]*$/ { printf "%s ", $NF }')"
for pid in "${words[@]}"; do
  events_of "$pid"
  if [[ -n $REPLY ]]; then files+=("$REPLY"); fi
done
while IFS= read -r line; do
  if [[ $line =~ (/sys/fs/cgroup/.*):oom_kill\ (0|[1-9][0-9]{0,14})$ ]]; then kills[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}; fi
done < <(grep -sH '^oom_kill ' /dev/null "${files[@]}")

now=$(date +%s)
is_whole "$now" || die "date does not tell the time: \"${now:0:100}\""
containers=() named=$'\n' ours=' '
while IFS='|' read -r id service oneoff name state oom exit_code limit started finished pid; do
  plain "$service" && service=$REPLY
  if [[ $live == false || -z $service || $oneoff == '"True"' ]]; then continue; fi
  plain "$name" && name=${REPLY#/}
  plain "$state" && state=$REPLY
  if ! [[ $id =~ ^[0-9a-f]{64}$ ]] || ! is_whole "$exit_code" || ! is_whole "$limit" || [[ $oom != true && $oom != false ]]; then
    die "Docker can not be understood: of $service it says \"$id|$exit_code|$limit|$oom\"."
  fi
  named+="$id $name"$'\n'
  ours+="$id "
  used_mb=0
  if [[ $'\n'$usage =~ $'\n'$id\|[^\|]*\|([0-9.]+) ]]; then used_mb=${BASH_REMATCH[1]}; fi
  fact="{\"service\":$(json_string "$service"),\"name\":$(json_string "$name"),\"state\":$(json_string "$state"),\"oomKilled\":$oom,\"exitCode\":$exit_code"
  fact+=",\"usedMb\":$used_mb,\"limitMb\":$(megabytes "$limit")"
  seconds_since "$started" && fact+=",\"startedSecondsAgo\":$REPLY"
  seconds_since "$finished" && fact+=",\"finishedSecondsAgo\":$REPLY"
  events_of "$pid"
  count=null
  if [[ -n $REPLY ]]; then count=${kills[$REPLY]:-null}; fi
  containers+=("$fact,\"oomKills\":$count}")
done < <(printf '%s\n' "$found")

others=()
while IFS='|' read -r id name used_mb; do
  if [[ ! $id =~ ^[0-9a-f]{64}$ || $ours == *" $id "* ]]; then continue; fi
  named+="$id $name"$'\n'
  others+=("{\"name\":$(json_string "$name"),\"usedMb\":$used_mb}")
done < <(printf '%s\n' "$usage")

# --- Processes ------------------------------------------------------------------------------------------------------
# The name of the container that a process is in, as JSON, into REPLY: null for none, the id's beginning where it has no name here.
named_container() { # pid
  REPLY=null
  if [[ ! ${groups[$1]-} =~ ([0-9a-f]{64}) ]]; then return 0; fi
  REPLY=${BASH_REMATCH[1]:0:12}
  if [[ $named == *$'\n'"${BASH_REMATCH[1]} "* ]]; then
    REPLY=${named#*$'\n'"${BASH_REMATCH[1]} "}
    REPLY=${REPLY%%$'\n'*}
  fi
  REPLY=$(json_string "$REPLY")
}

process_facts() { # lines; into the array `facts`
  local rss pid user name
  facts=()
  while read -r rss pid user name; do
    if [[ ! $rss =~ ^[0-9]{1,12}$ || ! $pid =~ ^[1-9][0-9]{0,9}$ ]]; then continue; fi
    named_container "$pid"
    facts+=("{\"name\":$(json_string "${name:0:60}"),\"pid\":$pid,\"user\":$(json_string "$user"),\"rssMb\":$(megabytes $((10#$rss * 1024))),\"container\":$REPLY}")
  done < <(printf '%s\n' "$1")
}
process_facts "$largest" && processes=("${facts[@]}")
process_facts "$busy" && at_work=("${facts[@]}")

# --- The kernel -----------------------------------------------------------------------------------------------------
kernel_kills=$(awk '$1 == "oom_kill" && $2 ~ /^(0|[1-9][0-9]*)$/ && length($2) < 15 { print $2; exit }' /proc/vmstat 2>/dev/null) || true
log=$(timeout 10 dmesg 2>/dev/null | tr -d '\000\r' | cut -b 1-400 | grep -aE 'Killed process [0-9]+ \(' | tail -n 5) || true
booted=$(awk '$1 == "btime" { print $2; exit }' /proc/stat 2>/dev/null) || true
killed=()
while IFS= read -r line; do
  if [[ ! $line =~ Killed\ process\ ([1-9][0-9]{0,9})\ \(([^\)]{1,60})\) ]]; then continue; fi
  fact="{\"pid\":${BASH_REMATCH[1]},\"name\":$(json_string "${BASH_REMATCH[2]}"),\"secondsAgo\":"
  if [[ $booted =~ ^[1-9][0-9]{1,11}$ && $line =~ ^\[\ *([0-9]{1,12})\. ]]; then
    killed+=("$fact$((now - booted - 10#${BASH_REMATCH[1]}))}")
  else
    killed+=("${fact}null}")
  fi
done < <(printf '%s\n' "$log")

printf '{"totalMb":%d,"usedMb":%d,"cacheMb":%d,"availableMb":%d,"swapTotalMb":%d,"swapFreeMb":%d' \
  "$total" "$used" "$cache" "$available" "$swap_total" "$swap_free"
printf ',"dockerLive":%s,"containers":%s,"others":%s' \
  "$live" "$(json_array "${containers[@]:0:30}")" "$(json_array "${others[@]:0:30}")"
printf ',"processes":%s,"busy":%s,"kernelKills":%s,"killed":%s}\n' \
  "$(json_array "${processes[@]}")" "$(json_array "${at_work[@]}")" "${kernel_kills:-null}" "$(json_array "${killed[@]}")"
printf '%s\n%s\n%s\n%s\n' "$memory" "$usage" "$largest" "$log" | bounded 60
