# How the last restore test ended, what a new one would find on this host, and whether one has left something behind.
. parts/restore-test.sh
. parts/room.sh
: "${SSM_container?}"

image=''
if found=$(timeout 20 docker inspect --format "${open}.State.Status}} ${open}.Image}}" "$SSM_container" 2>&1); then
  if [[ $found =~ ^running\ (sha256:[0-9a-f]{64})$ ]]; then image=${BASH_REMATCH[1]}; fi
elif [[ ${found,,} != *'no such'* ]]; then
  die "docker inspect $SSM_container: ${found:0:300}"
fi
left=$(scratch_containers "$SSM_container") || die 'Docker does not list its containers.'
split_words "${left//$'\n'/ }"

root=$(docker_root)
disk=$(free_kb "$root")
memory=$(available_memory_mb)
load='' cpus=$(nproc)
read -r load _ < <(cat /proc/loadavg) || true
[[ $load =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "/proc/loadavg does not tell the load: \"${load:0:100}\""
is_whole "$cpus" || die "nproc does not tell how many processors there are: \"${cpus:0:100}\""

# One line of JSON that test-restore.sh has written.
restore_test_result "$SSM_container"
last=null
if kept=$(cat -- "$REPLY" 2>/dev/null) && [[ $kept =~ ^\{\"at\":([0-9]{1,12}),(.*)\}$ ]]; then
  last="{\"ageSeconds\":$(($(date +%s) - BASH_REMATCH[1])),${BASH_REMATCH[2]}}"
fi
printf '{"image":%s,"leftOver":%d,"dockerFreeMb":%d,"memoryAvailableMb":%d,"load1":%s,"cpus":%d,"last":%s}\n' \
  "$(json_string "$image")" "${#words[@]}" "$((disk / 1024))" "$memory" "$load" "$cpus" "$last"
if [[ -n $left ]]; then printf 'Left over: %s\n' "$left" | bounded 10; fi
