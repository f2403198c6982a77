#!/bin/bash
# The first process in user-mode-linux: makes / writable in memory, mounts what a machine has, runs the script that the
# kernel's command line names, tells its status and switches the machine off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
kernel=$(uname -r)
said() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

if [ "${1:-}" != inside ]; then
  mount -t proc proc /proc
  insmod "/usr/lib/uml/modules/$kernel/kernel/fs/overlayfs/overlay.ko"
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root || echo 'no overlay'
  # Not chroot: who enters the mount namespace of another process lands at the namespace's own root.
  cd /mnt/root && mkdir -p .before && pivot_root . .before && exec chroot . "$0" inside
fi

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /dev/net
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
mkdir -p "/lib/modules/$kernel" && cp -rs "/usr/lib/uml/modules/$kernel/." "/lib/modules/$kernel/" 2>/dev/null
[ -f "/lib/modules/$kernel/modules.dep" ] || depmod "$kernel"
for module in ipv6 sch_netem sch_htb sch_tbf veth bridge openvswitch; do modprobe "$module" || echo "no module $module"; done
share=$(said share)
mount -t hostfs -o "$share" hostfs "$share"
ip link set lo up
export TMPDIR=/run
# Mininet's mnexec closes every descriptor that may be open.
ulimit -n 1024
cd "$share" && bash ./script.sh >script.log 2>&1
echo $? >status
sync
echo o >/proc/sysrq-trigger
sleep 10
