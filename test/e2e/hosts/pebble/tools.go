//go:build tools

// The certificate authority that the hosts' stories renew with, at a version that the Go of Debian 12 can build.
package tools

import _ "github.com/letsencrypt/pebble/v2/cmd/pebble"
