# How long a URL takes to answer, asked from this host a few times, one after the other.
: "${SSM_url?}"
whole_number samples "${SSM_samples?}"
samples=$((10#$SSM_samples))
((samples >= 1 && samples <= 20)) || die 'samples: expected 1 to 20'
[[ $SSM_url =~ ^https?:// ]] || die 'url: expected http or https'

times=() failed=0 evidence=''
for ((n = 1; n <= samples; n++)); do
  answer=$(curl -sS -o /dev/null --max-time 10 -w '\n%{http_code} %{time_total}\n' "$SSM_url" 2>&1) || true
  line=$(printf '%s\n' "$answer" | awk 'NF == 2 && $1 ~ /^[0-9][0-9][0-9]$/ && !told++')
  if [[ $line =~ ^([0-9]{3})\ ([0-9]{1,6})[.,]([0-9]{3}) && ${BASH_REMATCH[1]} != 000 ]]; then
    times+=("$((10#${BASH_REMATCH[2]}${BASH_REMATCH[3]}))")
    if ((10#${BASH_REMATCH[1]} >= 500)); then failed=$((failed + 1)); fi
  else
    failed=$((failed + 1))
  fi
  evidence+="${line:-no answer}"$'\n'
done
read -r median p95 slowest < <(printf '%s\n' "${times[@]}" | sort -n | awk '
  NF { at[++n] = $1 }
  END {
    if (n == 0) { print "null null null"; exit }
    half = int((n + 1) / 2); most = int(n * 0.95); if (most < n * 0.95) most++
    print at[half], at[most], at[n]
  }')
printf '{"samples":%d,"answered":%d,"failed":%d,"medianMs":%s,"p95Ms":%s,"slowestMs":%s}\n' \
  "$samples" "${#times[@]}" "$failed" "$median" "$p95" "$slowest"
printf '%s' "$evidence" | bounded 40
