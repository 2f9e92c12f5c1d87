/** A function of the pool's owners that GenAuth runs at some moment of a sign-in. */
export interface SandboxPipelineFunction {
  name: string
  scene: 'POST_AUTHENTICATION' | 'PRE_MFA_VERIFY' | 'POST_MFA_VERIFY'
  isEnabled: boolean
}

/** The one that could change what a person is asked for is off. */
export const SEEDED_PIPELINE_FUNCTIONS: readonly SandboxPipelineFunction[] = [
  { name: 'Greet', scene: 'POST_AUTHENTICATION', isEnabled: true },
  { name: 'Skip in the office', scene: 'PRE_MFA_VERIFY', isEnabled: false },
]

/** Returns a function as the API shows it. */
export function toPipelineFunctionDto(
  { name, scene, isEnabled }: SandboxPipelineFunction,
  index: number,
): Record<string, unknown> {
  return {
    funcId: (0x65f000000000 + index).toString(16).padEnd(24, '0'),
    funcName: name,
    scene,
    isAsynchronous: false,
    timeout: 3,
    terminateOnTimeout: false,
    sourceCode: `async function pipe(user, context, callback) { /* ${name} */ return callback(null, user, context) }`,
    status: 'success',
    enabled: isEnabled,
    createdAt: '2025-03-01T08:00:00.000Z',
    updatedAt: '2025-03-01T08:00:00.000Z',
    isCloud: true,
  }
}
