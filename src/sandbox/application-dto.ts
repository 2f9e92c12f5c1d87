import type { SandboxApplication } from './applications.ts'

/** Returns an application as the API shows it to everybody. */
export function toSimpleInfoDto(application: SandboxApplication): Record<string, unknown> {
  return {
    appId: application.appId,
    appIdentifier: application.identifier,
    appName: application.name,
    appLogo: '',
    appDescription: `Made up: ${application.name}`,
    appType: application.type,
    isIntegrateApp: application.isIntegrated,
  }
}

/**
 * Returns an application with its settings, as the API shows it to administrators. The settings that no client of the
 * sandbox reads are empty. The real ones of OIDC hold a secret.
 */
export function toApplicationDto(
  application: SandboxApplication,
  userPoolId: string,
): Record<string, unknown> {
  const { identifier, hasSingleSignOn, hasOwnRules } = application
  return {
    ...toSimpleInfoDto(application),
    userPoolId,
    defaultProtocol: 'oidc',
    redirectUris: [`https://${identifier}.example.com/callback`],
    logoutRedirectUris: [],
    initLoginUri: `https://${identifier}.example.com`,
    ssoEnabled: hasSingleSignOn,
    loginConfig: {},
    registerConfig: {},
    brandingConfig: {},
    oidcConfig: {},
    samlProviderEnabled: false,
    oauthProviderEnabled: false,
    casProviderEnabled: false,
    customBrandingEnabled: false,
    customSecurityEnabled: hasOwnRules,
  }
}
