/** A made-up user in every new sandbox, for people who try it. */
export interface SandboxPerson {
  readonly id: string
  readonly name: string
  /** The speciality of the user, in a few words. */
  readonly about: string
}

/** The users that were made by hand, each for one odd case. More than fifty others are generated. */
export const SANDBOX_PEOPLE: readonly SandboxPerson[] = [
  person(1, 'Ada Lovelace', 'SMS and OTP on and bound; ada@example.com, 13800000001, ada'),
  person(2, 'Grace Hopper', 'EMAIL and FACE on, nothing bound; grace@example.com'),
  person(3, 'Alan Turing', 'no factor at all'),
  person(
    4,
    'Katherine Johnson',
    'SMS on; +1 2025550104, the national number that Tim has in another country',
  ),
  person(5, 'Barbara Liskov', 'has PASSKEY, a factor that this version does not know'),
  person(6, 'Charles Babbage', 'suspended: reads work, changes are refused'),
  person(7, '李雷', 'Unicode names, ids with colons'),
  person(8, 'Tim Berners-Lee', '+44 2025550104: no phone finds him, because Katherine comes first'),
]

function person(place: number, name: string, about: string): SandboxPerson {
  return { id: `65a0000000000000000000${String(place).padStart(2, '0')}`, name, about }
}
