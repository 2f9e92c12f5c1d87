import type { FailureTexts } from '../failure-texts.ts'

export const failures: FailureTexts = {
  inDoubt: {
    title: 'Nobody can say whether the change was made',
    explanation: 'No response says what came of it. The change may have been made, or not.',
    nextStep:
      'Look again, and decide when you see the present state. Do not send the change again before that.',
  },
  partlyRefused: {
    title: 'GenAuth refuses a part of the change',
    explanation:
      'GenAuth cannot switch factors off for the whole user pool. Factors may have been switched on before it said so.',
    nextStep: 'Look again, and do the rest in the console of GenAuth.',
  },
  later: { title: 'GenAuth or this server refused', explanation: '', nextStep: 'Do what the message says.' },
  types: {
    MfaAmbiguousUserError: {
      title: 'This may be somebody else',
      explanation: 'The identifier may name another person than you mean.',
      nextStep: 'Search by the user id, or by another kind of identifier.',
    },
    MfaApplicationNotFoundError: {
      title: 'There is no such application',
      explanation: 'GenAuth knows no application with this id.',
      nextStep: 'Choose another application from the list.',
    },
    MfaChangeNotFoundError: {
      title: 'There is no such change',
      explanation: 'This server has no record of the change.',
      nextStep: 'Choose a change from the history of the person.',
    },
    MfaConflictError: {
      title: 'GenAuth has something else stored',
      explanation: 'The change clashes with what GenAuth has stored. Nothing was changed.',
      nextStep: 'Look again, then decide.',
    },
    MfaDuplicateUserError: {
      title: 'This person is in the list twice',
      explanation: 'An earlier entry of the list names the same person.',
      nextStep: 'Look at the result of the earlier entry.',
    },
    MfaFeatureOffError: {
      title: 'This server keeps no records for this',
      explanation: 'Scans and the history need a store, and this server has none.',
      nextStep: 'Ask the operator of this server.',
    },
    MfaInvalidInputError: {
      title: 'Something in the input is not valid',
      explanation: 'Nothing was changed.',
      nextStep: 'Correct what is named here.',
    },
    MfaJobNotFoundError: {
      title: 'There is no such scan',
      explanation: 'It may have been removed.',
      nextStep: 'Choose another scan, or start one.',
    },
    MfaJobStateError: {
      title: 'The scan has already ended',
      explanation: 'Nothing was changed.',
      nextStep: 'Look again.',
    },
    MfaNotAttemptedError: {
      title: 'Not attempted',
      explanation: 'An earlier person of the list could not be changed, so this one was left alone.',
      nextStep: 'Correct the one that failed, then send the others again.',
    },
    MfaNotRevertibleError: {
      title: 'This change cannot be undone',
      explanation: 'Nothing was changed.',
      nextStep: 'Look at the person, and set the factors yourself.',
    },
    MfaOperationRefusedError: {
      title: 'GenAuth refuses',
      explanation:
        'A rule of GenAuth forbids it, or the person is locked or disabled there. Nothing was changed.',
      nextStep: 'Look at the person in GenAuth.',
    },
    MfaPlanRequiredError: {
      title: 'The plan of GenAuth does not include this',
      explanation: 'Nothing was changed.',
      nextStep: 'Tell the owner of the user pool, who can change the plan.',
    },
    MfaPolicyUnavailableError: {
      title: 'The policy was not set',
      explanation: 'GenAuth could not be used, or did not do what it confirmed.',
      nextStep: 'Look at the policy, then try again.',
    },
    MfaPolicyViolationError: {
      title: 'A rule of this server forbids the change',
      explanation: 'Nothing was changed.',
      nextStep: 'Do what the rule says.',
    },
    MfaPoolPolicyConflictError: {
      title: 'The policy has changed since you looked',
      explanation: 'Somebody else has changed it. Your change was not made.',
      nextStep: 'Look at the present policy, and preview again.',
    },
    MfaRateLimitedError: {
      title: 'Too many requests',
      explanation: 'A limit is reached. Nothing was changed.',
      nextStep: 'Wait, then try again.',
    },
    MfaRevisionConflictError: {
      title: 'Somebody has changed this person since you looked',
      explanation: 'Your change was not made.',
      nextStep: 'Look at the present state, and preview again.',
    },
    MfaStepUpRequiredError: {
      title: 'This change needs a fresh sign-in',
      explanation: 'It weakens or redirects the protection of a person. Nothing was changed.',
      nextStep: 'Sign in again. The change comes back as a preview, and you give the reason again.',
    },
    MfaUpstreamForbiddenError: {
      title: 'This server may not do that in GenAuth',
      explanation: 'Its access key lacks the right. Nothing was changed.',
      nextStep: 'Tell the operator of this server, who can grant the right.',
    },
    MfaUpstreamUnavailableError: {
      title: 'GenAuth could not be used',
      explanation:
        'It could not be reached, or did not answer in a way that this server can read. Nothing was changed.',
      nextStep: 'Try again in a moment.',
    },
    MfaUserNotFoundError: {
      title: 'GenAuth knows nobody by this identifier',
      explanation: 'The person may have been deleted, or the identifier is misspelt.',
      nextStep: 'Search by another identifier, or by a part of the name.',
    },
  },
  requests: {
    SIGN_IN: {
      title: 'Your sign-in has ended',
      explanation: 'The server does not accept it any more. Nothing was done.',
      nextStep: 'Sign in again. You come back to this screen.',
    },
    ISSUER_DOWN: {
      title: 'Your sign-in cannot be verified right now',
      explanation: 'The server cannot get the keys of the issuer. Nothing was done.',
      nextStep: 'Try again in a moment.',
    },
    MISSING_RIGHT: {
      title: 'You have no right for this',
      explanation: 'Your sign-in lacks a scope. Nothing was done.',
      nextStep: 'See “What may I do?”, and ask the people who grant rights.',
    },
    TOO_SLOW: {
      title: 'It took too long',
      explanation: 'The time of the request was over.',
      nextStep: 'Try again.',
    },
    OVERLOADED: {
      title: 'The server has too much to do',
      explanation: 'Nothing was done.',
      nextStep: 'Try again in a moment.',
    },
    RATE_LIMITED: {
      title: 'Too many requests',
      explanation: 'A limit is reached. Nothing was done.',
      nextStep: 'Wait, then try again.',
    },
    TOO_MANY_STREAMS: {
      title: 'Too many screens are open',
      explanation: 'You receive live updates in too many tabs.',
      nextStep: 'Close one of them, then try again.',
    },
    TOO_MUCH: {
      title: 'That is too much for one request',
      explanation: 'Nothing was done.',
      nextStep: 'Choose fewer people.',
    },
    OTHER_VERSION: {
      title: 'This page and the server are of different versions',
      explanation:
        'The server does not know what this page asked, or this page does not know the answer. Nothing was done.',
      nextStep: 'Load the page again. If it stays, tell the operator of this server.',
    },
    NO_RECORD: {
      title: 'Changes cannot be recorded right now',
      explanation: 'Without a record nothing is changed. Reading still works.',
      nextStep: 'Try again in a moment.',
    },
    NO_STORE: {
      title: 'The store of scans cannot be used right now',
      explanation: 'Everything else still works.',
      nextStep: 'Try again in a moment.',
    },
    FEATURE_OFF: {
      title: 'This server keeps no records for this',
      explanation: 'Scans and the history need a store, and this server has none.',
      nextStep: 'Ask the operator of this server.',
    },
    NOT_FOUND: {
      title: 'There is no such thing',
      explanation: 'It may have been removed.',
      nextStep: 'Choose another one.',
    },
    NO_USER: {
      title: 'GenAuth knows nobody by this identifier',
      explanation: 'The person may have been deleted.',
      nextStep: 'Search for the person again.',
    },
    NO_APPLICATION: {
      title: 'There is no such application',
      explanation: 'GenAuth knows no application with this id.',
      nextStep: 'Choose another application from the list.',
    },
    INVALID_INPUT: {
      title: 'Something in the input is not valid',
      explanation: 'Nothing was done.',
      nextStep: 'Correct the input.',
    },
    AMBIGUOUS_USER: {
      title: 'This may be somebody else',
      explanation: 'The identifier may name another person than you mean.',
      nextStep: 'Search by the user id, or by another kind of identifier.',
    },
    PLAN_REQUIRED: {
      title: 'The plan of GenAuth does not include this',
      explanation: 'This part cannot be read.',
      nextStep: 'Tell the owner of the user pool, who can change the plan.',
    },
    GENAUTH_FORBIDS: {
      title: 'This server may not read that in GenAuth',
      explanation: 'Its access key lacks the right.',
      nextStep: 'Tell the operator of this server, who can grant the right.',
    },
    GENAUTH_REFUSES: {
      title: 'GenAuth refuses',
      explanation: 'A rule of GenAuth forbids it, or the person is locked or disabled there.',
      nextStep: 'Look at the person in GenAuth.',
    },
    GENAUTH_DOWN: {
      title: 'GenAuth could not be used',
      explanation: 'This part could not be read. The rest of the screen stands.',
      nextStep: 'Look again in a moment.',
    },
    FAULT: {
      title: 'The server has a fault',
      explanation: 'This is not your doing.',
      nextStep: 'Try again. If it stays, tell the operator of this server the request id.',
    },
    NETWORK: {
      title: 'The server cannot be reached',
      explanation:
        'The network may be down, or something between this page and the server answered in its place.',
      nextStep: 'Try again when the connection is back.',
    },
  },
  rules: {
    CALLER_UNKNOWN: 'The server cannot tell that you are not changing your own protection.',
    NO_FACTOR: 'The change leaves no factor switched on, and that was not asked for.',
    OWN_USER: 'You may not weaken or redirect your own protection.',
    PROTECTED_USER: 'This person is protected: nobody may weaken their factors here.',
    REASON_REQUIRED: 'A change like this needs a reason.',
  },
  ruleSteps: {
    CALLER_UNKNOWN: 'Tell the operator of this server: AUTH_USER_ID_CLAIM must name your GenAuth id.',
    NO_FACTOR: 'Leave one factor on, or say that the person is to be left without any.',
    OWN_USER: 'Ask a colleague to make the change.',
    PROTECTED_USER: 'Ask the operator of this server to lift the protection first.',
    REASON_REQUIRED: 'Type a reason, then preview again.',
  },
  whys: {
    CONTACTS_CHANGED: 'The change set a phone or an e-mail address, which is not recorded.',
    NOT_APPLIED: 'The change was never made.',
    NO_MFA_TOKEN: 'GenAuth holds no MFA token of this person, and a change needs one.',
    OUTCOME_UNKNOWN: 'Nobody can say whether the change was made.',
    STATE_BEFORE_UNKNOWN: 'The state before the change is not on record.',
  },
  origins: {
    GENAUTH: 'GenAuth has reached its limit for this user pool. Nothing was changed.',
    LAYER: 'You have reached your own limit on this server. Nothing was changed.',
  },
}
