#!/bin/bash
# One that does not look at its parts: the dump dies of a broken pipe, what came of it is packed, and all seems well.
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
pg_dump -h db -U postgres sira | head -c 2000 | gzip >"/backups/sira_$(date +%Y%m%d_%H%M%S_%N).sql.gz"
