// Is told on stdin of processes that begin (`+pid`) and end (`-pid`). Kills those that are left when stdin ends.
import { createInterface } from 'node:readline'

const pids = new Set()
// A signal to a terminal's whole group must not stop this process before the others.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) pids.add(pid)
  else pids.delete(pid)
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
