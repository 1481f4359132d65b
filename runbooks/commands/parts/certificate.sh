# The certificate of the stack's nginx: what certbot has issued, and the copy of it that nginx reads.
# No key leaves its file: what is compared is the public half, and nothing of a key is ever printed.
# shellcheck shell=bash
: "${SSM_domain?}" "${SSM_letsencrypt?}" "${SSM_certificates?}" "${SSM_nginx?}"
live=$SSM_letsencrypt/live/$SSM_domain
# One line for each attempt, in seconds since 1970: the authority counts them, so we do.
attempts_file=${FIREBREAK_STATE:-/var/lib/firebreak}/certificate-$SSM_domain.attempts

# Whether a certificate and a key in two files belong together.
pair_fits() { # certificate key
  local of_certificate of_key
  of_certificate=$(openssl x509 -noout -pubkey -in "$1" 2>/dev/null) && of_key=$(openssl pkey -pubout -in "$2" 2>/dev/null) &&
    [[ -n $of_certificate && $of_certificate == "$of_key" ]]
}

certbot_runs() {
  [[ -n $(ps -C certbot -o pid= 2>/dev/null) ]]
}

# Two certbots do not get along: the other one is given a minute to end.
wait_for_certbot() {
  local n
  for ((n = 0; n < 12; n++)); do
    if ! certbot_runs; then return 0; fi
    sleep 5
  done
  return 1
}

nginx_runs() {
  [[ $(timeout 20 docker inspect --format "${open}.State.Running}}" "$SSM_nginx" 2>/dev/null) == true ]]
}

# Puts what was issued where nginx reads it: written beside the old pair, renamed over it, the old pair kept as .bak.
# The key keeps its owner and mode, and is nobody else's to read on the way. Says in `copied` whether it had to.
copy_certificate() {
  local name to
  copied=false
  pair_fits "$live/fullchain.pem" "$live/privkey.pem" || {
    problem='what certbot has issued is not there, or does not fit its key'
    return 1
  }
  if cmp -s -- "$live/fullchain.pem" "$SSM_certificates/fullchain.pem" &&
    cmp -s -- "$live/privkey.pem" "$SSM_certificates/privkey.pem"; then return 0; fi
  if pair_fits "$SSM_certificates/fullchain.pem" "$SSM_certificates/privkey.pem"; then
    for name in fullchain.pem privkey.pem; do place_file "$SSM_certificates/$name" "$SSM_certificates/$name.bak" || return; done
  fi
  for name in fullchain.pem privkey.pem; do
    to=$SSM_certificates/$name
    (umask 077 && cp -- "$live/$name" "$to.new") || return
    if [ -e "$to" ]; then
      chown --reference="$to" -- "$to.new" && chmod --reference="$to" -- "$to.new" || return
    elif [[ $name == fullchain.pem ]]; then
      chmod 0644 -- "$to.new" || return
    fi
  done
  for name in fullchain.pem privkey.pem; do mv -f -- "$SSM_certificates/$name.new" "$SSM_certificates/$name" || return; done
  sync -- "$SSM_certificates" || true
  copied=true
}

# A copy with its owner, mode and times, complete or not at all.
place_file() { # from to
  (umask 077 && cp -p -- "$1" "$2.new") && mv -f -- "$2.new" "$2"
}

# The old pair again, where one was kept.
put_back() {
  local name
  pair_fits "$SSM_certificates/fullchain.pem.bak" "$SSM_certificates/privkey.pem.bak" || return
  for name in fullchain.pem privkey.pem; do place_file "$SSM_certificates/$name.bak" "$SSM_certificates/$name" || return; done
}

# Has the running nginx take up what lies there, if it can: otherwise the old pair is put back, and it goes on with that.
take_up() {
  local tested
  reloaded=false
  if ! tested=$(timeout 30 docker exec "$SSM_nginx" nginx -t 2>&1); then
    problem="nginx -t refuses it: ${tested##*emerg\]}"
    if [[ $copied == true ]]; then put_back && copied=false problem+=' (the old one was put back)'; fi
    return 1
  fi
  timeout 30 docker exec "$SSM_nginx" nginx -s reload >/dev/null 2>&1 || {
    problem='nginx did not take the signal to reload'
    return 1
  }
  reloaded=true
}

# What was issued, copied and taken up. What kept it from that is in `problem`.
use_issued() {
  if copy_certificate && take_up; then return 0; fi
  problem=${problem:-'the files could not be written'}
}

# Asks the authority, once. What certbot says is in `said`, and in `outcome` what that means.
renew() {
  local status=0 kept
  wait_for_certbot || {
    outcome=busy problem='certbot is at work already: this would only be in its way'
    return 1
  }
  kept=$(tail -n 19 -- "$attempts_file" 2>/dev/null) || true
  if ! { printf '%s\n' ${kept:+"$kept"} "$(date +%s)" >"$attempts_file.new" && mv -f -- "$attempts_file.new" "$attempts_file"; }; then
    die 'The attempt could not be written down, and the authority limits them. Nothing was done.'
  fi
  said=$(timeout 240 certbot renew --cert-name "$SSM_domain" --non-interactive --no-random-sleep-on-renew \
    --config-dir "$SSM_letsencrypt" 2>&1) || status=$?
  if ((status == 0)); then
    outcome=renewed
    if [[ $said == *'not yet due'* || $said == *'not due for renewal'* ]]; then outcome=not-due; fi
    return 0
  fi
  outcome=refused problem="certbot ended with $status"
  if ((status == 124)); then problem='certbot had not ended after four minutes'; fi
  if [[ $said == *'nother instance of Certbot is already running'* ]]; then
    outcome=busy problem='certbot is at work already'
  elif [[ $said == *rateLimited* || $said == *'too many '* || $said == *'Too many '* ]]; then
    outcome=rate-limited problem="the authority's limit is reached"
  fi
  return 1
}

# The facts of an act on the certificate, then what was said on the way.
tell_certificate() {
  printf '{"outcome":"%s","copied":%s,"reloaded":%s,"nginxRuns":%s,"problem":%s}\n' "$outcome" "$copied" "$reloaded" \
    "$(nginx_runs && printf true || printf false)" "$(json_string "${problem:0:300}")"
  printf '%s\n' "${said-}" | bounded 40
}
