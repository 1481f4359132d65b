# The scratch containers of the restore test, and where its last result is kept.
# shellcheck shell=bash
SCRATCH_LABEL=firebreak.restore-test
SCRATCH_PREFIX=firebreak-restore-test-

# The ids of this database's scratch containers, whether they run or not. Both the label and the name must be ours.
scratch_containers() { # database container
  timeout 20 docker ps --all --quiet --no-trunc --filter "label=$SCRATCH_LABEL=$1" --filter "name=^/?$SCRATCH_PREFIX"
}

# A folder of its own: what lies beside the markers is forgotten after a week, and this is wanted a month later.
restore_test_result() { # database container
  REPLY=${FIREBREAK_STATE:-/var/lib/firebreak}/restore-test/$1.json
}
