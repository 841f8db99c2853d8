#!/usr/bin/env bash
# Starts Docker and Podman from Debian's packages for the container tests, on a machine with or without systemd,
# and makes the test image in both. Needs root. Says what it could not start and goes on: the tests then skip that part.
#
#   scripts/ci/engines.sh          install what is missing, start, build the image; prints the variables to export
#   scripts/ci/engines.sh stop     stop what it started
set -uo pipefail

STATE=${CLAWBERNETES_ENGINES_DIR:-/var/lib/clawbernetes-engines}
DOCKER_SOCKET=/var/run/docker.sock
PODMAN_SOCKET=/run/podman/podman.sock
IMAGE=localhost/bb:1
PACKAGES=(podman runc conmon netavark aardvark-dns busybox-static catatonit iptables nftables uidmap docker.io)

say() { printf 'engines: %s\n' "$*" >&2; }

# Debian starts daemons while it installs them; here they are started below with settings of our own.
forbid_autostart() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
}

install_packages() {
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  forbid_autostart
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$STATE/apt.log" 2>&1 ||
    say "some packages could not be installed, see $STATE/apt.log"
}

write_settings() {
  mkdir -p /etc/containers /run/podman "$STATE/docker"
  # runc, because crun refuses hybrid cgroups; modest limits, because a root without CAP_SYS_RESOURCE cannot raise them.
  [ -e /etc/containers/containers.conf ] || cat >/etc/containers/containers.conf <<'CONF'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
[network]
network_backend = "netavark"
CONF
  cat >"$STATE/daemon.json" <<CONF
{
  "data-root": "$STATE/docker/data",
  "exec-root": "$STATE/docker/exec",
  "pidfile": "$STATE/docker/docker.pid",
  "hosts": ["unix://$DOCKER_SOCKET"],
  "bip": "172.29.0.1/24",
  "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 20000, "Hard": 20000 } },
  "exec-opts": ["native.cgroupdriver=cgroupfs"]
}
CONF
  # Docker 20.10 takes --gpus only where it finds this hook on its PATH; the fake one lets the GPU path be tested.
  mkdir -p "$STATE/bin"
  printf '#!/bin/sh\nexit 0\n' >"$STATE/bin/nvidia-container-runtime-hook"
  chmod +x "$STATE/bin/nvidia-container-runtime-hook"
}

# A GPU for the CDI path of Podman and newer Docker: an environment value, a device node and an nvidia-smi that answers.
write_fake_gpu() {
  [ -e /etc/cdi/nvidia.yaml ] && return
  mkdir -p /etc/cdi "$STATE/cdi"
  cat >"$STATE/cdi/nvidia-smi" <<'SMI'
#!/bin/sh
# What is run in a container later (exec) does not get the values that a device brought, its first process does.
tr '\0' '\n' </proc/1/environ | sed -n 's/^FAKE_GPU_\([0-9]*\)=1$/GPU \1: Fake GPU (UUID: GPU-fake-\1)/p' | sort
SMI
  chmod +x "$STATE/cdi/nvidia-smi"
  {
    printf 'cdiVersion: "0.5.0"\nkind: nvidia.com/gpu\ndevices:\n'
    local index
    for index in 0 1; do
      printf '  - name: "%s"\n    containerEdits:\n      env: ["FAKE_GPU_%s=1"]\n' "$index" "$index"
      printf '      deviceNodes: [{ path: "/dev/nvidia%s", type: c, major: 1, minor: 3 }]\n' "$index"
    done
    printf '  - name: all\n    containerEdits:\n      env: ["FAKE_GPU_0=1", "FAKE_GPU_1=1"]\n'
    printf 'containerEdits:\n  mounts:\n    - { hostPath: "%s", containerPath: "/bin/nvidia-smi", options: [ro, bind] }\n' \
      "$STATE/cdi/nvidia-smi"
  } >/etc/cdi/nvidia.yaml
}

# await SECONDS COMMAND…: until the command succeeds or the time is over.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -ge $deadline ] && return 1
    sleep 0.2
  done
}

docker_ready() { docker -H "unix://$DOCKER_SOCKET" version; }
podman_ready() { podman --url "unix://$PODMAN_SOCKET" version; }

start_docker() {
  command -v dockerd >/dev/null || { say 'Docker is not installed'; return 1; }
  docker_ready >/dev/null 2>&1 && return
  # What a killed daemon left: a pid that another program may have by now keeps the next one from starting its own containerd.
  rm -f "$STATE/docker/docker.pid"
  rm -rf "$STATE/docker/exec/containerd"
  PATH="$STATE/bin:$PATH" setsid nohup dockerd --config-file "$STATE/daemon.json" >"$STATE/dockerd.log" 2>&1 </dev/null &
  if await 60 docker_ready; then return; fi
  say "Docker did not start: $(grep -v level=info "$STATE/dockerd.log" | tail -n 1)"
  return 1
}

start_podman() {
  command -v podman >/dev/null || { say 'Podman is not installed'; return 1; }
  podman_ready >/dev/null 2>&1 && return
  rm -f "$PODMAN_SOCKET"
  # From a folder of its own: conmon leaves a file called `oom` where Podman was started.
  cd "$STATE" || return 1
  setsid nohup podman system service --time=0 "unix://$PODMAN_SOCKET" >"$STATE/podman.log" 2>&1 </dev/null &
  echo $! >"$STATE/podman.pid"
  if await 30 podman_ready; then return; fi
  say "Podman did not start: $(tail -n 1 "$STATE/podman.log")"
  return 1
}

# A busybox world, made here because no image registry is needed or reached.
make_rootfs() {
  local root="$STATE/rootfs" applet
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,root,data}
  chmod 1777 "$root/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
  cp /bin/busybox "$root/bin/"
  for applet in $(/bin/busybox --list | grep -vx busybox); do ln -sf busybox "$root/bin/$applet"; done
  tar -C "$root" -cf "$STATE/rootfs.tar" .
}

import_image() {
  "$@" image inspect "$IMAGE" >/dev/null 2>&1 && return
  "$@" import --change 'CMD ["/bin/sh"]' --change 'ENV PATH=/bin' "$STATE/rootfs.tar" "$IMAGE" >/dev/null
}

up() {
  mkdir -p "$STATE"
  install_packages
  write_settings
  write_fake_gpu
  [ -e "$STATE/rootfs.tar" ] || make_rootfs || say 'the test image could not be made'
  start_docker && import_image docker -H "unix://$DOCKER_SOCKET" && echo "CLAWBERNETES_TEST_DOCKER=unix://$DOCKER_SOCKET"
  start_podman && import_image podman && echo "CLAWBERNETES_TEST_PODMAN=unix://$PODMAN_SOCKET"
  echo "CLAWBERNETES_TEST_IMAGE=$IMAGE"
}

down() {
  local file
  for file in "$STATE/docker/docker.pid" "$STATE/podman.pid"; do
    [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null && rm -f "$file"
  done
  return 0
}

case "${1:-up}" in
  up) up ;;
  stop) down ;;
  *) say "unknown command $1"; exit 2 ;;
esac
