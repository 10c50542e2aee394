# Runs a command as a container would: in the root file system of its image, as the image's user, with its environment alone.
# The system's own directories stand in for the base image's. Runs in namespaces of its own.
#
#   run.sh HOST ROOT JAVA_HOME HOSTS READ_ONLY USER WORKDIR VOLUME=PATH... -- KEY=VALUE... -- COMMAND...
set -eu
host=$1 root=$2 java=$3 hosts=$4 read_only=$5 user=$6 workdir=$7
shift 7
echo "$host" >/proc/sys/kernel/hostname
mount --make-rprivate /
mount --bind "$root" "$root"
for directory in usr etc dev; do
  mkdir -p "$root/$directory"
  mount --bind "/$directory" "$root/$directory"
done
for link in bin sbin lib lib64; do
  [ -e "$root/$link" ] || ln -s "usr/$link" "$root/$link"
done
mount --bind "$hosts" "$root/etc/hosts"
mkdir -p "$root/opt/java/openjdk" "$root/proc" "$root/tmp" "$root$workdir"
mount --bind "$java" "$root/opt/java/openjdk"
mount -t proc proc "$root/proc"
mount -t tmpfs -o size=512m,mode=1777 tmpfs "$root/tmp"
while [ "$1" != -- ]; do
  volume=${1%%=*} path=${1#*=}
  mkdir -p "$root$path"
  mount --bind "$volume" "$root$path"
  shift
done
shift
if [ "$read_only" = true ]; then
  mount -o remount,bind,ro "$root"
  mount -o remount,bind,ro "$root/usr"
  mount -o remount,bind,ro "$root/etc"
fi
environment=
while [ "$1" != -- ]; do
  environment="$environment
$1"
  shift
done
shift
# What is left are the words of the command; the environment is put before them.
newline='
'
IFS=$newline
set -f
exec chroot "$root" /usr/bin/setpriv --reuid "${user%%:*}" --regid "${user##*:}" --clear-groups --bounding-set=-all \
  --inh-caps=-all --no-new-privs /usr/bin/env -i --chdir="$workdir" $environment "$@"
