# Renews the certificate while nginx goes on: certbot proves the domain by a file of the site, by DNS, or by nginx itself.
. parts/certificate.sh

outcome=refused copied=false reloaded=false problem='' said=''
if renew; then use_issued; fi
tell_certificate
if [[ -n $problem ]]; then die "Not renewed: $problem"; fi
