# After a renewal that was cut off half-way: nginx runs again, with a certificate and a key that fit each other.
. parts/stack.sh
. parts/certificate.sh
: "${SSM_nginxService?}"

restored=false
wait_for_certbot || true
if ! pair_fits "$SSM_certificates/fullchain.pem" "$SSM_certificates/privkey.pem" && put_back; then restored=true; fi
rm -f -- "$SSM_certificates"/{fullchain,privkey}.pem{,.bak}.new
said=''
for ((n = 0; n < 6; n++)); do
  if nginx_runs; then break; fi
  said=$(compose start "$SSM_nginxService" 2>&1) || true
  if ! nginx_runs; then sleep 5; fi
done
running=false
if nginx_runs; then running=true; fi
printf '{"running":%s,"restored":%s}\n' "$running" "$restored"
printf '%s\n' "$said" | bounded 20
if [[ $running == false ]]; then die 'nginx does not start'; fi
