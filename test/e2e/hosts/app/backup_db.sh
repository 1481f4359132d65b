#!/bin/bash
# A backup as it should be: it fails when any part of it does.
set -euo pipefail
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
pg_dump -h db -U postgres sira | gzip >"/backups/sira_$(date +%Y%m%d_%H%M%S_%N).sql.gz"
