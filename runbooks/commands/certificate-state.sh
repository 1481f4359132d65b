# The certificate that is served, the copy that nginx reads, and what certbot has issued; how it is renewed, by what, and how
# often that was tried in the last day.
. parts/certificate.sh
: "${SSM_address?}" "${SSM_port?}" "${SSM_certbotLogs?}"
whole_number port "$SSM_port"
now=$(date +%s)

# Asks openssl about a certificate: in a file, or (`-`) the one that is served, in `pem`.
x509() { # file words
  local file=$1
  shift
  if [[ $file != - ]]; then
    openssl x509 -noout -in "$file" "$@" 2>/dev/null
  else
    printf '%s\n' "$pem" | openssl x509 -noout "$@" 2>/dev/null
  fi
}

# What a certificate says of itself, as JSON without its closing brace in `told`; fails where there is none.
describe() { # file
  local text line key value from='' until='' serial='' names=()
  text=$(x509 "$1" -startdate -enddate -serial -text) || return
  # To take the end off a line of a megabyte takes bash minutes.
  text=${text:0:20000}
  while IFS= read -r line; do
    key=${line%%=*} value=${line#*=}
    case $key in
      notBefore) from=$(date -d "$value" +%s) ;;
      notAfter) until=$(date -d "$value" +%s) ;;
      serial) serial=$value ;;
      *DNS:*) split_words "${line//,/ }" && names=("${words[@]#DNS:}") ;;
    esac
  done < <(printf '%s\n' "$text")
  [[ $from =~ ^[0-9]+$ && $until =~ ^[0-9]+$ ]] || return
  notes+="$1: valid from $(date -d "@$from" +%FT%TZ) until $(date -d "@$until" +%FT%TZ), serial $serial, for ${names[*]:0:20}"$'\n'
  told="{\"notBefore\":$from,\"notAfter\":$until,\"serial\":$(json_string "$serial"),\"names\":$(json_strings "${names[@]:0:20}")"
}

# Whether a certificate is for the domain: openssl knows what a wildcard covers.
for_domain() { # file
  local said
  said=$(x509 "$1" -checkhost "$SSM_domain") || return
  [[ $said == *'does match'* ]]
}
yes_or_no() { if "$@"; then printf true; else printf false; fi; }

# A certificate with its key, in two files of one folder, in `pair`.
describe_pair() { # folder
  local mode='' owner=''
  pair=null
  if ! describe "$1/fullchain.pem"; then return 0; fi
  pair="$told,\"nameMatches\":$(yes_or_no for_domain "$1/fullchain.pem"),\"keyMatches\":$(yes_or_no pair_fits "$1/fullchain.pem" "$1/privkey.pem")"
  IFS='|' read -r mode owner < <(stat -L -c '%a|%U' -- "$1/privkey.pem" 2>/dev/null) || true
  pair+=",\"keyMode\":$(json_string "$mode"),\"keyOwner\":$(json_string "$owner")}"
}

# What is served, fresh. Of the answer only the certificate is kept: the rest holds the session's secrets.
notes='' served=null served_error='' verify=''
answer=$(timeout 20 openssl s_client -connect "$SSM_address:$SSM_port" -servername "$SSM_domain" -verify_hostname "$SSM_domain" \
  2>&1 </dev/null) || true
# A chain has some thousand bytes. Readers read to the end: one that leaves early ends the writer before it, and the script with it.
answer=${answer:0:50000}
pem=$(printf '%s\n' "$answer" | awk '/-----BEGIN CERTIFICATE-----/ && !told++ { on = 1 } on { print } /-----END CERTIFICATE-----/ { on = 0 }')
if [[ -n $pem ]] && describe -; then
  verify=$(printf '%s\n' "$answer" | awk '/Verify return code:/ && !told++ { sub(/.*Verify return code: */, ""); print }')
  served="$told,\"nameMatches\":$(yes_or_no for_domain -)"
  served+=",\"trusted\":$(yes_or_no test "${verify%% *}" = 0),\"verification\":$(json_string "$verify")}"
else
  served_error=$(printf '%s\n' "$answer" | awk '/errno|rror|refused|no peer certificate/ && !told++')
  served_error=${served_error:-no certificate came}
fi

describe_pair "$SSM_certificates"
file=$pair
describe_pair "$live"
issued=$pair

# How certbot renews it. Without such a file it is not certbot's.
configuration=$SSM_letsencrypt/renewal/$SSM_domain.conf
authenticator=none port=80 hook=false
if [ -e "$configuration" ]; then
  while IFS='|' read -r key value; do
    case $key in
      authenticator) authenticator=$value ;;
      http01_port) port=$value ;;
      renew_hook) hook=true ;;
    esac
  done < <(awk '{ key = $1; sub(/^[^=]*= */, ""); print key "|" $0 }' "$configuration")
fi
if [[ -n $(find "$SSM_letsencrypt/renewal-hooks/deploy" -maxdepth 1 -type f -print -quit 2>/dev/null) ]]; then hook=true; fi
[[ $port =~ ^[0-9]{1,5}$ ]] || port=80

# What renews it by itself: a timer, or a job of cron. Debian's own job does nothing where systemd runs.
scheduled=none
for unit in certbot.timer snap.certbot.renew.timer certbot-renew.timer; do
  if [[ $(timeout 10 systemctl is-active "$unit" 2>/dev/null) == active ]]; then
    scheduled=$unit
    break
  fi
done
if [[ $scheduled == none ]]; then
  jobs=$(grep -rhEs '^[^#]*certbot' /etc/crontab /etc/cron.d /etc/cron.daily /var/spool/cron) || true
  if [ -d /run/systemd/system ]; then jobs=$(printf '%s\n' "$jobs" | grep -v '/run/systemd/system') || true; fi
  if [[ -n $jobs ]]; then scheduled=cron; fi
fi

# Attempts of the last day: ours, and those that certbot's own logs tell of. Ours are in both, so the larger number counts.
own=$(awk -v after=$((now - 86400)) '$1 > after { n++ } END { print n + 0 }' "$attempts_file" 2>/dev/null) || own=0
logged=0 limited=''
split_words "$(find "$SSM_certbotLogs" -maxdepth 1 -type f -name 'letsencrypt.log*' -newermt "@$((now - 86400))" 2>/dev/null | head -n 50 | tr '\n' ' ')"
if ((${#words[@]} > 0)); then
  logged=$(grep -lF '"identifiers"' -- "${words[@]}" 2>/dev/null | wc -l) || true
  limited=$(grep -hE 'acme:error:rateLimited|too many ' -- "${words[@]}" 2>/dev/null | tail -n 1 | cut -b 1-300) || true
fi

running=null nginx=null
if type -P ps >/dev/null; then running=$(yes_or_no certbot_runs); fi
state=$(timeout 20 docker inspect --format "${open}.State.Running}}" "$SSM_nginx" 2>/dev/null) || true
if [[ $state == true || $state == false ]]; then nginx=$state; fi

printf '{"now":%s,"served":%s,"servedError":%s,"file":%s,"issued":%s' "$now" "$served" "$(json_string "${served_error:0:200}")" "$file" "$issued"
printf ',"authenticator":%s,"challengePort":%d,"deployHook":%s,"scheduledBy":"%s"' "$(json_string "$authenticator")" "$((10#$port))" "$hook" "$scheduled"
printf ',"attempts":%d,"rateLimited":%s,"certbotRuns":%s,"nginxRuns":%s}\n' $((own > logged ? own : logged)) \
  "$(json_string "$limited")" "$running" "$nginx"
printf '%s' "$notes"
printf 'verification: %s\n' "${verify:-none}"
