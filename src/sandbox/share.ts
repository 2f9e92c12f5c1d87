/** The choices that are made for each user, each independent of the others. */
const TOPICS = {
  application: 1,
  binding: 2,
  department: 3,
  email: 4,
  factors: 5,
  family: 6,
  given: 7,
  group: 8,
  mfaTime: 9,
  phone: 10,
  secondDepartment: 11,
  signIn: 12,
  status: 13,
} as const

export type Topic = keyof typeof TOPICS

/**
 * Returns a number from 0 to 1, without 1, for a user's place and a topic. It is the same at every start, and looks
 * like chance: the last step of the hash MurmurHash3, over 32 bits.
 */
export function toShare(place: number, topic: Topic): number {
  let bits = place ^ Math.imul(TOPICS[topic], 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32
}
