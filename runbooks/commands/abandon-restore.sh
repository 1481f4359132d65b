# After a restore that was cut off: the database lets everybody in again, and what was not yet in place is removed. After one
# that came to its end there is nothing to do, and nothing is done.
. parts/postgres.sh
. parts/restored.sh
restore_name

was=$(door_of "$SSM_database")
opened=false removed=false
if [[ $was == closed ]]; then
  open_door "$SSM_database"
  opened=true
fi
if [[ -n $(door_of "$restoring") ]]; then
  drop_restoring >/dev/null
  removed=true
fi
printf '{"there":%s,"opened":%s,"removed":%s}\n' "$([[ -n $was ]] && printf true || printf false)" "$opened" "$removed"
