# How busy the disks are, in a few bounded samples: from iostat where the host has it, and from the kernel's counters otherwise.
device() { # name util await
  devices+=("{\"name\":$(json_string "$1"),\"utilPercent\":$2,\"awaitMs\":$3}")
}

devices=() source=unknown
# Five reports, a second apart. The first is since the host was started and says nothing of now.
if report=$(timeout 20 iostat -d -x 1 5 2>/dev/null) && [[ -n $report ]]; then
  lines=$(printf '%s\n' "$report" | awk '
    $1 ~ /^Device:?$/ { report++; util = 0; single = 0; read = 0; write = 0
      for (n = 1; n <= NF; n++) {
        if ($n == "%util") util = n
        if ($n == "await") single = n
        if ($n == "r_await") read = n
        if ($n == "w_await") write = n
      }
      next
    }
    report > 1 && util && NF >= util && $util ~ /^[0-9]+(\.[0-9]+)?$/ {
      wait = single ? $single : ($read > $write ? $read : $write)
      if (!($1 in count)) order[++names] = $1
      count[$1]++; busy[$1] += $util; waits[$1] += wait
    }
    END { for (n = 1; n <= names; n++) printf "%s %.1f %.1f\n", order[n], busy[order[n]] / count[order[n]], waits[order[n]] / count[order[n]] }')
  while read -r name util await; do
    if [[ $name =~ ^[A-Za-z0-9/_.-]{1,40}$ && $util =~ ^[0-9]{1,9}\.[0-9]$ && $await =~ ^[0-9]{1,9}\.[0-9]$ ]]; then
      source=iostat
      device "$name" "$util" "$await"
    fi
  done < <(printf '%s\n' "$lines")
fi
if [[ $source == unknown ]]; then
  # Whole disks only: milliseconds in which each had something to do, by its name.
  counters() { awk '$3 ~ /^(sd[a-z]+|xvd[a-z]+|vd[a-z]+|nvme[0-9]+n[0-9]+)$/ && $13 ~ /^[0-9]+$/ { print $3, $13 }' /proc/diskstats 2>/dev/null; }
  before=$(counters) || before=''
  if [[ -n $before ]]; then
    sleep 5
    after=$(counters) || after=''
    while read -r name util; do
      if [[ $name =~ ^[a-z0-9]{1,40}$ && $util =~ ^[0-9]{1,9}\.[0-9]$ ]]; then
        source=diskstats
        device "$name" "$util" null
      fi
    done < <(printf '%s\n%s\n' "$before" "$after" | awk '$1 in first { printf "%s %.1f\n", $1, ($2 - first[$1]) / 50; next } NF == 2 { first[$1] = $2 }')
  fi
fi
printf '{"source":"%s","devices":%s}\n' "$source" "$(json_array "${devices[@]:0:20}")"
printf '%s\n' "${report-}" | bounded 40
