import type { QueueAddress } from './bullmq/queue-connection.ts'
import type { Dispatcher } from './dispatcher.ts'
import { LocalDispatcher, type LocalDispatcherOptions } from './local-dispatcher.ts'
import { createRunToEnd, type RunToEndOptions } from './run-to-end.ts'

export interface JobsOptions extends RunToEndOptions, Omit<LocalDispatcherOptions, 'runToEnd'> {
  readonly scans: RunToEndOptions['scans'] & LocalDispatcherOptions['scans']
  /** `null` if the store belongs to this process alone. Then BullMQ is not loaded. */
  readonly queue: QueueAddress | null
}

/** Starts to run the scans that are due, now and from now on. */
export async function startJobs({ queue, ...options }: JobsOptions): Promise<Dispatcher> {
  const shared = { ...options, runToEnd: createRunToEnd(options) }
  if (queue === null) return new LocalDispatcher(shared)
  const { QueueDispatcher } = await import('./bullmq/queue-dispatcher.ts')
  return new QueueDispatcher({ ...shared, address: queue })
}
