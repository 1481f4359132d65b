# Which errors a log tells of, by kind. A line counts once, for the first kind whose words it has. Requests in it count for
# nothing, nor do the places of a stack trace: its last line names the exception.

# Reads a log; prints the number of lines and of each kind, then a line for each service, then the exceptions with their counts.
error_kinds() { # services, in small letters
  awk -v services="$1" '
    BEGIN { known = split(services, service, " ") }
    { lines++; line = $0; low = tolower(line) }
    line ~ /^[ \t]/ || line ~ /^Traceback / || line ~ /"[A-Z]+ [^"]* HTTP\/[0-9.]+"/ { next }
    low ~ /(statement|detail|context|hint):  / { next }
    low !~ /error|exception|fatal|panic|critical|time[d]?[ -]?out|refused|denied|unauthori[sz]ed|forbidden|invalid|expired/ { next }
    {
      errors++
      if (match(line, /[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Timeout|Timed[oO]ut|Expired|Denied)[A-Za-z]*/))
        name = substr(line, RSTART, RLENGTH)
      else if (match(line, /(ERROR|FATAL|PANIC):  [A-Za-z][A-Za-z ]*/)) name = substr(line, RSTART, RLENGTH)
      else name = ""
      if (name != "") { sub(/ +$/, "", name); exceptions[substr(name, 1, 80)]++ }

      outside = 0
      for (n = 1; n <= known; n++) if (index(low, service[n])) { outside = n; break }
      if (outside) {
        failed[outside]++
        if (low ~ /time[d]?[ -]?out/) slow[outside]++
        if (low ~ /(^|[^0-9])(401|403)([^0-9]|$)|unauthori[sz]ed|forbidden|invalid (api )?key/) keys[outside]++
        if (low ~ /(^|[^0-9])429([^0-9]|$)|rate.?limit|quota|too many requests/) quota[outside]++
      } else if (low ~ /sqlalchemy|psycopg|asyncpg|postgres|queuepool|deadlock detected|statement timeout|too many clients|connection slots|duplicate key|(relation|column) "[^"]*" does not exist/ || line ~ /(ERROR|FATAL|PANIC):  [A-Za-z]/) database++
      else if (low ~ /httpx|httpcore|aiohttp|urllib3|requests\.exceptions|upstream/ && low ~ /time[d]?[ -]?out|connect|refused|unavailable/) other++
      else if (low ~ /(^|[^0-9])(401|403)([^0-9]|$)|unauthori[sz]ed|forbidden|(invalid|bad|wrong) (token|credentials|signature|password)|token (has )?expired|expiredsignature|jwt|authenticat|permission denied/) login++
      else if (low ~ /validation|422|unprocessable|field required|jsondecode|invalid|valueerror|malformed/) input++
    }
    END {
      print lines + 0, errors + 0, database + 0, other + 0, login + 0, input + 0
      for (n = 1; n <= known; n++) print service[n], failed[n] + 0, slow[n] + 0, keys[n] + 0, quota[n] + 0
      for (name in exceptions) print exceptions[name], name
    }'
}

# The facts about the log in `log`, which could be read or not, and why not: as JSON, in REPLY.
error_facts() { # readable why services
  local kinds counted lines errors database other login input name failed slow keys quota count outside=() exceptions=()
  split_words "$3"
  counted=$((1 + ${#words[@]}))
  kinds=$(printf '%s' "${log:+$log$'\n'}" | error_kinds "$3")
  read -r lines errors database other login input < <(printf '%s\n' "$kinds")
  while read -r name failed slow keys quota; do
    outside+=("{\"service\":\"$name\",\"errors\":$failed,\"timeouts\":$slow,\"keyRefused\":$keys,\"quota\":$quota}")
  done < <(printf '%s\n' "$kinds" | awk -v last="$counted" 'NR > 1 && NR <= last')
  while read -r count name; do
    if ((${#exceptions[@]} < 10)); then exceptions+=("{\"name\":$(json_string "$name"),\"count\":$count}"); fi
  done < <(printf '%s\n' "$kinds" | tail -n "+$((counted + 1))" | sort -k1,1nr -k2)
  printf -v REPLY '{"readable":%s,"why":%s,"lines":%d,"errors":%d,"database":%d,"otherServices":%d,"authentication":%d' \
    "$1" "$(json_string "$2")" "$lines" "$errors" "$database" "$other" "$login"
  REPLY+=",\"invalidInput\":$input,\"outside\":$(json_array "${outside[@]}"),\"exceptions\":$(json_array "${exceptions[@]}")}"
}

# The facts, and the last lines that speak of errors.
print_error_kinds() { # readable why services
  error_facts "$@"
  printf '%s\n' "$REPLY"
  printf '%s\n' "$log" | grep -iE 'error|exception|fatal|panic|critical|timed? ?out|refused|denied|unauthori[sz]ed|invalid' |
    masked | tail -n 40 | bounded 40 || true
}
