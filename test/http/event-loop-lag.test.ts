import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createEventLoopLag } from '../../src/http/event-loop-lag.ts'

function block(ms: number): void {
  const endsAtMs = performance.now() + ms
  while (performance.now() < endsAtMs);
}

it('knows of a loop that is late while it is late, right after, and no longer a while after that', async () => {
  const loop = createEventLoopLag(systemClock)
  await setTimeout(100)
  block(1_000)
  expect(loop.delayMs).toBeGreaterThan(900)
  await setTimeout(1)
  expect(loop.delayMs).toBeGreaterThan(190)
  await expect.poll(() => loop.delayMs, { timeout: 5_000 }).toBeLessThan(40)
  loop.close()
})
