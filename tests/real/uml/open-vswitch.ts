/** Commands that start Open vSwitch in user-mode-linux; the first failure ends the script. */
export const OPEN_VSWITCH = [
  'set -e',
  'mkdir -p /run/openvswitch && ovsdb-tool create /run/ovs.db',
  'ovsdb-server /run/ovs.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --log-file=/dev/null',
  'ovs-vsctl --no-wait init && ovs-vswitchd --pidfile --detach --log-file=/dev/null',
];
