import { Find } from './find/find.tsx'
import { lazyScreen } from './lazy-screen.tsx'

/** Every screen by its path below the console. Find is in the first file, and each other one is loaded when it opens. */
export const SCREENS = [
  { path: '', screen: Find },
  { path: 'users/:userId', screen: lazyScreen(async () => (await import('./user/user.tsx')).User) },
  { path: 'coverage', screen: lazyScreen(async () => (await import('./coverage/coverage.tsx')).Coverage) },
  { path: 'policy', screen: lazyScreen(async () => (await import('./policy/policy.tsx')).Policy) },
  {
    path: 'several-users',
    screen: lazyScreen(async () => (await import('./several-users/several-users.tsx')).SeveralUsers),
  },
  { path: 'rights', screen: lazyScreen(async () => (await import('./rights/rights.tsx')).Rights) },
]
