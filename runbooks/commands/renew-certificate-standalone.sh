# Renews the certificate where certbot needs port 80 for itself: nginx is stopped for that, and comes back whatever happens.
. parts/stack.sh
. parts/certificate.sh
: "${SSM_nginxService?}"

outcome=refused copied=false reloaded=false problem='' said='' stopped=false

# However this ends: nginx runs, with the certificate that it had. Only then is the new one tried.
start_nginx() {
  local n
  for ((n = 0; n < 5; n++)); do
    compose start "$SSM_nginxService" >/dev/null 2>&1 || timeout 60 docker start "$SSM_nginx" >/dev/null 2>&1 || true
    if nginx_runs; then return 0; fi
    sleep 2
  done
  return 1
}
finish() {
  local status=$?
  trap - EXIT
  set +e
  if [[ $stopped == true ]]; then start_nginx || problem+="${problem:+; }nginx does not start"; fi
  if [[ -z $problem && $outcome != refused ]]; then use_issued; fi
  if ((status != 0)) && [[ -z $problem ]]; then problem='it was ended on its way'; fi
  tell_certificate
  if [[ -n $problem ]]; then
    printf 'Not renewed: %s\n' "$problem" >&2
    exit 1
  fi
  exit 0
}
trap finish EXIT
trap 'exit 143' HUP INT TERM

wait_for_certbot || {
  outcome=busy problem='certbot is at work already: nginx was not stopped'
  exit 1
}
if nginx_runs; then
  # One that would not start again is not stopped.
  tested=$(timeout 30 docker exec "$SSM_nginx" nginx -t 2>&1) || {
    problem="nginx would not start again: ${tested##*emerg\]}"
    exit 1
  }
fi
stopped=true
compose stop --timeout 20 "$SSM_nginxService" >/dev/null 2>&1 || {
  problem='nginx could not be stopped'
  exit 1
}
renew || exit 1
