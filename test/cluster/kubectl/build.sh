# Builds kubectl into the folder $1, for the version $2 of Kubernetes, of the package $3. It has a module of its own, so that the
# control plane beside it is not built anew for its sake; with the same versions, so that most of it is built already.
set -euo pipefail
final=$1 version=$2 package=$3
if [[ -d $final ]]; then exit 0; fi
part=$(mktemp -d "$final.part.XXXXXX")
trap 'rm -rf "$part"' EXIT
IFS=. read -r major minor _ <<<"${version#v}"
component=k8s.io/component-base/version
flags="-s -w -X $component.gitVersion=$version -X $component.gitMajor=$major -X $component.gitMinor=$minor -X $component.gitTreeState=clean"
CGO_ENABLED=0 nice -n 10 go build -p 2 -trimpath -buildvcs=false -mod=readonly -o "$part/" -ldflags "$flags" "$package"
chmod 755 "$part"
mv -T "$part" "$final"
