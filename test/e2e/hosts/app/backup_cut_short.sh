#!/bin/bash
# One whose archive is cut short.
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
pg_dump -h db -U postgres sira | gzip | head -c 2000 >"/backups/sira_$(date +%Y%m%d_%H%M%S_%N).sql.gz"
