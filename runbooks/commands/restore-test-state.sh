# How the last restore test ended, what a new one would find on this host, and whether one has left something behind.
. parts/restore-test.sh
: "${SSM_container?}"

image=''
if found=$(timeout 20 docker inspect --format "${open}.State.Status}} ${open}.Image}}" "$SSM_container" 2>&1); then
  if [[ $found =~ ^running\ (sha256:[0-9a-f]{64})$ ]]; then image=${BASH_REMATCH[1]}; fi
elif [[ ${found,,} != *'no such'* ]]; then
  die "docker inspect $SSM_container: ${found:0:300}"
fi
left=$(scratch_containers "$SSM_container")
split_words "${left//$'\n'/ }"

root=$(timeout 20 docker info --format "${open}.DockerRootDir}}")
[[ $root == /* ]] || die "Docker does not say where its files are: \"${root:0:100}\""
disk=$(df -P -k -- "$root" | awk 'NR == 2 { print int($4 / 1024) }')
memory=$(free -m | awk '$1 == "Mem:" { print $7 }')
read -r load _ < <(cat /proc/loadavg)

# One line of JSON that test-restore.sh has written.
restore_test_result "$SSM_container"
last=null
if kept=$(cat -- "$REPLY" 2>/dev/null) && [[ $kept =~ ^\{\"at\":([0-9]{1,12}),(.*)\}$ ]]; then
  last="{\"ageSeconds\":$(($(date +%s) - BASH_REMATCH[1])),${BASH_REMATCH[2]}}"
fi
printf '{"image":%s,"leftOver":%d,"dockerFreeMb":%d,"memoryAvailableMb":%d,"load1":%s,"cpus":%d,"last":%s}\n' \
  "$(json_string "$image")" "${#words[@]}" "$disk" "$memory" "$load" "$(nproc)" "$last"
if [[ -n $left ]]; then printf 'Left over: %s\n' "$left" | bounded 10; fi
