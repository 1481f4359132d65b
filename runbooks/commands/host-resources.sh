# Memory, load and disk of the host, and what each container takes of them.
memory=$(free -m)
read -r total available < <(printf '%s\n' "$memory" | awk '$1 == "Mem:" { print $2, $7 }')
read -r load1 _ < <(cat /proc/loadavg)
cpus=$(nproc)
root_free=$(df -P -k / | awk 'NR == 2 { printf "%.1f", 100 * $4 / ($3 + $4 + 0.001) }')

live=true containers=()
usage=$(timeout 30 docker stats --no-stream --format "${open}.Name}}|${open}.CPUPerc}}|${open}.MemPerc}}") || live=false
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
