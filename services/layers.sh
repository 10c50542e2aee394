#!/usr/bin/env bash
# Sorts what `mvn package` made of each service into the layers of its image, target/layers, from what changes seldom to what
# changes with every commit: libtorch, the libraries of others, Quarkus' own, ours, the service. Links where it can.
set -euo pipefail
cd "$(dirname "$0")"

copy() {
  cp -al "$1" "$2" 2>/dev/null || cp -a "$1" "$2"
}

for service in pretrainer fine-tuner labeler student-trainer gateway; do
  app="$service/target/quarkus-app"
  layers="$service/target/layers"
  rm -rf "$layers"
  mkdir -p "$layers/own" "$layers/libtorch"
  copy "$app/lib" "$layers/lib"
  copy "$app/quarkus" "$layers/quarkus"
  copy "$app/app" "$layers/app"
  copy "$app/quarkus-run.jar" "$layers/quarkus-run.jar"
  find "$layers/lib/main" -name 'dev.tutelage.*.jar' -exec mv -t "$layers/own" {} +
  # DJL would unpack it at every start, into a directory that ends with the container. The jar stays, without it: Quarkus has a
  # list of its jars.
  for jar in "$layers"/lib/main/ai.djl.pytorch.pytorch-native-*.jar; do
    [ -f "$jar" ] || continue
    unzip -q -j "$jar" 'pytorch/*.so*' -d "$layers/libtorch"
    rest="$(mktemp -d)"
    unzip -q "$jar" 'META-INF/*' 'native/*' -d "$rest"
    rm "$jar"
    jar --create --no-manifest --file "$jar" -C "$rest" .
    rm -r "$rest"
  done
done

layers=cli/target/layers
rm -rf "$layers"
mkdir -p "$layers/own"
copy cli/target/lib "$layers/lib"
find "$layers/lib" \( -name 'ai.djl.pytorch.pytorch-native-*.jar' -delete \) -o \
  \( \( -name 'proto-*.jar' -o -name 'learning-*.jar' -o -name 'platform-*.jar' -o -name 'stages-*.jar' -o -name 'control-*.jar' \) \
  -exec mv -t "$layers/own" {} \; \)
copy "$(ls cli/target/cli-*.jar | grep -v -e tests -e sources | head -n 1)" "$layers/cli.jar"
