# A service's workers, what waits in its queue, and whether it could be given more without changing anything else.
. parts/stack.sh
. parts/override.sh
compose_tool=() compose_version=''
find_compose 2>/dev/null || compose_version=''

read_running
workers='' processes=null why='' listed='' added=false
if [ -e "$override" ]; then added=true; fi
if [[ -n $running_id && $running_state == running ]]; then
  hash_of compose
  not_as_written "$REPLY"
  why=$REPLY
  read_command
  why=${why:-$REPLY}
  read_workers
  listed=$(timeout 20 docker top "$running_id" -eo pid,ppid,comm 2>/dev/null | awk 'NR > 1 && $1 ~ /^[0-9]+$/') || listed=''
  if [[ -n $listed ]]; then processes=$(printf '%s\n' "$listed" | awk 'END { print NR }'); fi
else
  why="$SSM_service does not run"
fi

# Connections that wait to be accepted: what the kernel calls the receive queue of a socket that listens (state 0A).
waiting=null
pid=$(printf '%s\n' "$listed" | awk 'NR == 1 { print $1 }')
if [[ $pid =~ ^[1-9][0-9]{0,9}$ ]]; then
  queues=$(awk '$4 == "0A" { split($5, queue, ":"); print queue[2] }' "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null) || true
  while IFS= read -r queue; do
    if [[ ! $queue =~ ^[0-9A-Fa-f]{1,8}$ ]]; then continue; fi
    if [[ $waiting == null ]]; then waiting=0; fi
    waiting=$((waiting + 16#$queue))
  done < <(printf '%s\n' "$queues")
fi

printf '{"state":%s,"workers":%s,"processes":%s,"waiting":%s,"asWritten":%s,"why":%s,"added":%s}\n' \
  "$(json_string "${running_state:-missing}")" "${workers:-null}" "$processes" "$waiting" \
  "$(if [[ -z $why ]]; then printf true; else printf false; fi)" "$(json_string "$why")" "$added"
printf '%s\n' "$listed" | bounded 40
