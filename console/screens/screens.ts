import { Find } from './find/find.tsx'
import { lazyScreen } from './lazy-screen.tsx'

/** Every screen by its path below the console. Find is in the first file. The others are loaded when one is opened. */
export const SCREENS = [
  { path: '', screen: Find },
  { path: 'users/:userId', screen: lazyScreen('User') },
  { path: 'coverage', screen: lazyScreen('Coverage') },
  { path: 'policy', screen: lazyScreen('Policy') },
  { path: 'several-users', screen: lazyScreen('SeveralUsers') },
  { path: 'rights', screen: lazyScreen('Rights') },
]
