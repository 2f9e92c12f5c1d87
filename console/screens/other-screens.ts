// One file of the built page: each screen alone would be compressed worse.
export { Coverage } from './coverage/coverage.tsx'
export { Policy } from './policy/policy.tsx'
export { Rights } from './rights/rights.tsx'
export { SeveralUsers } from './several-users/several-users.tsx'
export { User } from './user/user.tsx'
