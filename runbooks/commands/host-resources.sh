# Memory, load and disk of the host, and what each container takes of them.
. parts/memory.sh
memory=$(free -m)
total='' available='' load1=''
read -r total available < <(printf '%s\n' "$memory" | awk '$1 == "Mem:" && !told++ { print $2, $7 }') || true
{ is_whole "$total" && is_whole "$available" && ((total > 0)); } || die "free does not tell the memory: \"${memory:0:200}\""
read -r load1 _ < <(cat /proc/loadavg) || true
[[ $load1 =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "/proc/loadavg does not tell the load: \"${load1:0:100}\""
cpus=$(nproc)
is_whole "$cpus" || die "nproc does not tell how many processors there are: \"${cpus:0:100}\""
root=$(df -P -k /)
root_free=$(printf '%s\n' "$root" | awk '$6 == "/" && $3 ~ /^[0-9]+$/ && $4 ~ /^[0-9]+$/ && !told++ { printf "%.1f", 100 * $4 / ($3 + $4 + 0.001) }')
[[ $root_free =~ ^[0-9]+\.[0-9]$ ]] || die "df does not tell how full / is: \"${root:0:200}\""

live=true containers=()
usage=$(docker_stats "${open}.Name}}|${open}.CPUPerc}}|${open}.MemPerc}}") || live=false
while IFS='|' read -r name cpu memory_percent; do
  # One that has just ended has no numbers.
  if [[ $cpu =~ ^[0-9.]+%$ && $memory_percent =~ ^[0-9.]+%$ ]]; then
    containers+=("{\"name\":$(json_string "$name"),\"cpuPercent\":${cpu%\%},\"memoryPercent\":${memory_percent%\%}}")
  fi
done < <(printf '%s\n' "$usage")

percent=$(awk -v free="$available" -v all="$total" 'BEGIN { printf "%.1f", 100 * free / all }')
printf '{"memoryFreePercent":%s,"memoryAvailableMb":%d,"load1":%s,"cpus":%d,"rootFreePercent":%s' \
  "$percent" "$available" "$load1" "$cpus" "$root_free"
printf ',"dockerLive":%s,"containers":%s}\n' "$live" "$(json_array "${containers[@]:0:60}")"
printf '%s\n%s\n' "$memory" "$usage" | bounded 60
