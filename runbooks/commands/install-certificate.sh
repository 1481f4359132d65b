# Puts the certificate that certbot has renewed already where nginx reads it, and has nginx take it up.
. parts/certificate.sh

outcome=installed copied=false reloaded=false problem=''
use_issued
tell_certificate
if [[ -n $problem ]]; then die "Not installed: $problem"; fi
