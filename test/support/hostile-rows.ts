/** The test of a row: a file of `test/`, and a title there or the name of a row of a table. */
type Cover = readonly [file: string, title: string]

/** The tests of a row, or the reason why it does not apply to this version. */
export type HostileRow = readonly Cover[] | string

const NO_USER_RIGHTS = 'There are no per-user rights and no tenants: whoever may write may write any user.'
const NO_IDEMPOTENCY_KEYS =
  'There are no idempotency keys: a set names the state to reach, and a repeated one changes nothing.'

const DOCUMENTS = 'hostile-documents.test.ts'
const HTTP = 'hostile-http.test.ts'
const TOKENS = 'hostile-tokens.test.ts'
const EDGE = 'edge.test.ts'
const USER_MFA = 'user-mfa.test.ts'
const CHANGES = 'changes.test.ts'
const CALLERS = 'callers.test.ts'
const GUARD_RAILS = 'guard-rails.test.ts'
const AUDIT_STORY = 'audit-story.test.ts'
const SET = 'set-user-mfa-status.test.ts'

/**
 * The hostile requests that the product must withstand, by table: A documents and bodies, B tokens, C rights, D HTTP.
 */
export const HOSTILE_ROWS: Readonly<Record<string, HostileRow>> = {
  A1: [
    [DOCUMENTS, 'A1 a document nested a thousand levels deep'],
    [DOCUMENTS, 'A1 nested six levels too deep'],
  ],
  A2: [[DOCUMENTS, 'A2 a default value of 50,000 lists']],
  A3: [
    [DOCUMENTS, 'A3 fragments that double eighteen times'],
    [DOCUMENTS, 'A3 fragments that double 25 times'],
  ],
  A4: [[DOCUMENTS, 'A4 fragments in a circle']],
  A5: [
    [DOCUMENTS, 'A5 101 aliases of __typename'],
    [DOCUMENTS, 'A5 sixteen aliases through fragments'],
    [DOCUMENTS, 'A5 an alias of 129 characters'],
  ],
  A6: [
    [DOCUMENTS, 'A6 two mutations in one operation'],
    [DOCUMENTS, 'A6 two mutations through a fragment'],
    [DOCUMENTS, 'A6 two different mutations'],
  ],
  A7: [
    [DOCUMENTS, 'A7 fourteen mutations'],
    [DOCUMENTS, 'A7 101 mutations'],
  ],
  A8: [
    [DOCUMENTS, 'A8 three thousand fields'],
    [DOCUMENTS, 'A8 eleven root fields'],
  ],
  A10: [
    [DOCUMENTS, 'A10 a thousand directives'],
    [DOCUMENTS, 'A10 six directives, one on a variable'],
  ],
  A12: [[DOCUMENTS, 'A12 a batch']],
  A13: [
    [DOCUMENTS, 'A13 two operations without a name'],
    [DOCUMENTS, 'A13 a name that is none of them'],
  ],
  A14: [[DOCUMENTS, 'A14 the operation that is named is the one that is run, judged and logged']],
  A15: [
    [DOCUMENTS, 'A15 a subscription'],
    [DOCUMENTS, 'A15 defer'],
    [DOCUMENTS, 'A15 stream'],
  ],
  A16: [
    [DOCUMENTS, 'A16 introspection'],
    [DOCUMENTS, 'A16 one type'],
    [DOCUMENTS, 'A16 introspection below an alias'],
  ],
  A17: [
    [DOCUMENTS, '%s that is nearly right gets no suggestion'],
    [DOCUMENTS, '%s in a variable that is nearly right gets no suggestion, published schema or not'],
  ],
  A18: [[DOCUMENTS, 'A18 a number for an id']],
  A20: [
    [USER_MFA, 'with a line break'],
    [USER_MFA, 'with a NUL'],
  ],
  A22: [[USER_MFA, 'sends the identifier %s as it is, encoded']],
  A26: [[DOCUMENTS, 'A26 an unknown key']],
  A27: [
    [DOCUMENTS, 'A27 null'],
    [DOCUMENTS, 'A27 a number'],
    [DOCUMENTS, 'A27 an empty list'],
    [DOCUMENTS, 'A27 nothing'],
    [EDGE, 'a string'],
  ],
  A30: [
    [EDGE, 'a body over 64 KB'],
    [EDGE, 'stops reading a body that has no length once it is over 64 KB'],
  ],
  A32: [
    [EDGE, 'a compressed body'],
    [HTTP, 'A32 a gzip bomb is refused before it is inflated'],
  ],
  A33: [['memory.test.ts', 'A33 keeps no thousand documents of the largest size in memory']],
  A35: [
    [DOCUMENTS, 'A35 a field that does not exist'],
    [SET, 'a field that does not exist'],
  ],
  A36: [
    [CHANGES, 'neither'],
    [CHANGES, 'neither, as nulls'],
    [CHANGES, 'a factor enabled twice'],
    [SET, 'is refused as data, with the path of each faulty field, before GenAuth is asked'],
  ],

  B1: [[CALLERS, '%s without a token']],
  B2: [
    [TOKENS, 'B2 of the algorithm none'],
    [TOKENS, 'B2 signed with the public key as a secret'],
  ],
  B3: [
    [TOKENS, 'B3 signed by another key under a known id'],
    [TOKENS, 'B3 of a key id that is not published'],
    [TOKENS, 'B3 with a changed payload is refused'],
  ],
  B5: [
    [TOKENS, 'B5 without an end'],
    [TOKENS, 'B5 without a beginning'],
    [TOKENS, 'B5 of nobody'],
  ],
  B6: [
    [TOKENS, 'B6 of another issuer'],
    [TOKENS, 'B6 of the issuer with one slash more is refused'],
    [TOKENS, 'B6 for another audience'],
  ],
  B8: [
    [TOKENS, 'B8 with a critical header that nobody knows'],
    [TOKENS, 'B8 with a key of its own'],
    [TOKENS, 'B8 that says where to get a key is refused, and nobody is asked'],
  ],
  B10: [
    [TOKENS, 'B10 of 12 KB'],
    [TOKENS, 'B10 in a header of %i bytes is refused before it is looked at'],
  ],
  B12: [
    [TOKENS, 'B12 is not called bad while nobody can say so: the key set is %s'],
    ['access/jwks.test.ts', 'a key set that is slower than the time-out is an outage'],
  ],
  B14: [
    [TOKENS, 'B14 under a new key is accepted at once, and one under the old key while it is published'],
    ['access/jwks.test.ts', 'is followed within five seconds when made-up key ids came first'],
    ['access/jwks.test.ts', 'ends a key that is no longer published with the next reload'],
  ],
  B16: [[TOKENS, 'B16 is what counts, and no header that names a user or scopes']],
  B17: 'No gateway signs requests to this service: callers are known by their own tokens alone.',
  B18: [[TOKENS, '%s is refused as what it is, writes nothing, and the next good one works']],
  B19: 'Tokens are not introspected: one that is revoked works until its exp. Step-up bounds its age for weakening.',

  C1: [[CALLERS, '%s with %s']],
  C3: NO_USER_RIGHTS,
  C4: NO_USER_RIGHTS,
  C5: [[GUARD_RAILS, 'asks for a sign-in that is fresh and strong, of one who signed in %s']],
  C7: [[GUARD_RAILS, 'down to no known factor needs to be meant']],
  C8: 'There are no approvals.',
  C9: [[GUARD_RAILS, 'on writes and on weakening stops before the write']],
  C11: NO_IDEMPOTENCY_KEYS,
  C12: NO_IDEMPOTENCY_KEYS,
  C13: NO_IDEMPOTENCY_KEYS,
  C15: [[CHANGES, 'wait for one another, whatever identifier names the user']],
  C16: [[CHANGES, 'that is old refuses %s, with the state as it is now']],
  C17: [
    [CHANGES, 'is nothing, and nothing is written, when the state is so already'],
    [AUDIT_STORY, 'that writes nothing is not: a dry run, a refusal, a no-op'],
  ],
  C19: [
    [AUDIT_STORY, 'before the write refuses it, and reads go on'],
    ['journal/disk-failure.test.ts', 'sends nothing to GenAuth'],
    ['main.test.ts', 'lives on when nobody reads its stdout any more, with the journal on %s'],
  ],

  D1: [[HTTP, 'D1 a mutation by GET']],
  D2: [
    [HTTP, 'D2 a form'],
    [HTTP, 'D2 multipart'],
    [HTTP, 'D2 plain text'],
    [HTTP, 'D2 a body without a content type is refused'],
  ],
  D4: [
    [HTTP, 'D4 a preflight from %s is answered with no permission'],
    [HTTP, 'D4 a page of a listed origin may ask and read, without cookies'],
  ],
  D5: [
    [HTTP, 'D5 PUT'],
    [HTTP, 'D5 DELETE'],
    [HTTP, 'TRACE'],
    [HTTP, 'CONNECT'],
    [HTTP, 'an upgrade to a websocket'],
  ],
  D6: [
    [HTTP, 'D6 %s ends in a refusal, and no second request runs'],
    [HTTP, 'a length and chunks'],
    [HTTP, 'two lengths'],
    [HTTP, 'a folded header'],
    [HTTP, 'a bare line feed'],
    [HTTP, 'a NUL in a header'],
  ],
  D8: [[HTTP, 'D8 slow headers, slow bodies and slow readers are cut off, while others are served']],
  D11: [[HTTP, 'D11 a picture']],
  D12: [
    [
      'write-in-doubt.test.ts',
      'a client that goes away does not cut a write in half, and its record is whole',
    ],
  ],
  D14: [
    [HTTP, 'D14 the root'],
    [HTTP, 'D14 another page'],
    [HTTP, 'D14 metrics'],
    [HTTP, 'D14 debugging'],
  ],
}
