#!/usr/bin/env bash
# Prints the SHA-256 of every jar that `mvn package` made in a checkout: ours, and what Quarkus generated for each service. Two
# checkouts of one commit are compared by
#
#   diff <(services/digests.sh /tmp/a) <(services/digests.sh /tmp/b)
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
find proto libs services \( -path '*/target/*.jar' -o -path '*/quarkus-app/app/*' -o -path '*/quarkus-app/quarkus/*' \) -type f \
  ! -path '*/target/lib/*' ! -path '*/target/layers/*' ! -path '*/quarkus-app/lib/boot/*' \
  \( ! -path '*/quarkus-app/lib/main/*' -o -name 'dev.tutelage.*' \) -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
