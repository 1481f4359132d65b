# Builds the programs of a control plane into the folder $1, for the version $2 of Kubernetes: $3 and on are their packages.
# Whoever waited for another builder's lock finds the folder there, and is done. It is moved into place whole, so that half
# a build is never taken for one.
set -euo pipefail
final=$1 version=$2
shift 2
if [[ -d $final ]]; then exit 0; fi
part=$(mktemp -d "$final.part.XXXXXX")
trap 'rm -rf "$part"' EXIT
IFS=. read -r major minor _ <<<"${version#v}"
# Kubernetes' own build says its version so; without it kubectl and the clients are told of v0.0.0.
component=k8s.io/component-base/version
flags="-s -w -X $component.gitVersion=$version -X $component.gitMajor=$major -X $component.gitMinor=$minor -X $component.gitTreeState=clean"
build() { CGO_ENABLED=0 nice -n 10 go build -p 2 -trimpath -buildvcs=false -mod=readonly -o "$part/" -ldflags "$@"; }
build "$flags" "$@"
# kwok is built by itself, since it wants an older client than this Kubernetes brings, from a copy that is patched.
patches=$PWD/kwok
cd kwok
go mod download sigs.k8s.io/kwok
kwok=$part/source
cp -r "$(go list -mod=readonly -m -f '{{.Dir}}' sigs.k8s.io/kwok)" "$kwok"
chmod -R u+w "$kwok"
cd "$kwok"
for change in "$patches"/*.patch; do patch --quiet -p1 <"$change"; done
build '-s -w' ./cmd/kwok
# kwok's own resources (how a fake pod answers exec and logs, and what becomes of it) come with its module.
mkdir "$part/crds" "$part/stages"
install -m 644 "$kwok"/kustomize/crd/bases/*.yaml "$part/crds/"
# Not that by which pods of Jobs are over at once: short-lived.ts runs them.
install -m 644 "$kwok"/kustomize/stage/node/{fast/node-initialize,heartbeat-with-lease/node-heartbeat-with-lease}.yaml \
  "$kwok"/kustomize/stage/pod/fast/pod-{ready,delete}.yaml "$part/stages/"
install -m 644 "$kwok"/kustomize/metrics/usage/usage-from-annotation.yaml \
  "$kwok"/kustomize/metrics/resource/metrics-resource.yaml "$part/stages/"
rm -rf "$kwok"
chmod 755 "$part"
mv -T "$part" "$final"
