const DEFAULT_LANGUAGE = 'zh-CN'

const CHINESE = {
  bodyTooLarge: '请求体过大',
  clockSkew: '请求时间与服务器时间相差过大',
  foreignHost: '本服务只回答本机请求',
  invalidDate: '时间戳格式错误，应为毫秒时间戳',
  malformedBody: '请求体不是合法的 JSON 对象',
  malformedParameter: '参数 {subject} 格式错误',
  missingDate: '缺少请求头 date',
  notFound: '接口不存在',
  notSignedIn: '未登录，无权访问',
  replayedNonce: '签名已被使用',
  serverError: '服务器内部错误',
  signatureMethod: '签名方法不匹配',
  signatureVersion: '签名版本不匹配',
  tokenInvalid: '登录信息已过期或无效',
  tooManyRequests: '请求过于频繁，请稍后再试',
  unknownApplication: '应用不存在',
  unknownUser: '用户不存在',
  unknownUserPool: '用户池不存在',
  userSuspended: '用户已被停用',
  wrongKey: '密钥错误',
  wrongSignature: '签名错误',
}

/** The texts that a reply can hold. Their wording is ours, so a client must never branch on it. */
export type MessageKey = keyof typeof CHINESE

const MESSAGES: Readonly<Record<string, Record<MessageKey, string>>> = {
  'zh-CN': CHINESE,
  'zh-TW': {
    bodyTooLarge: '請求體過大',
    clockSkew: '請求時間與伺服器時間相差過大',
    foreignHost: '本服務只回答本機請求',
    invalidDate: '時間戳格式錯誤，應為毫秒時間戳',
    malformedBody: '請求體不是合法的 JSON 物件',
    malformedParameter: '參數 {subject} 格式錯誤',
    missingDate: '缺少請求標頭 date',
    notFound: '介面不存在',
    notSignedIn: '未登入，無權存取',
    replayedNonce: '簽章已被使用',
    serverError: '伺服器內部錯誤',
    signatureMethod: '簽章方法不符',
    signatureVersion: '簽章版本不符',
    tokenInvalid: '登入資訊已過期或無效',
    tooManyRequests: '請求過於頻繁，請稍後再試',
    unknownApplication: '應用不存在',
    unknownUser: '使用者不存在',
    unknownUserPool: '使用者池不存在',
    userSuspended: '使用者已被停用',
    wrongKey: '金鑰錯誤',
    wrongSignature: '簽章錯誤',
  },
  'en-US': {
    bodyTooLarge: 'The request body is too large',
    clockSkew: 'The time of the request is too far from the clock of the server',
    foreignHost: 'This server answers to loopback names only',
    invalidDate: 'The timestamp is malformed, milliseconds are wanted',
    malformedBody: 'The request body is not a JSON object',
    malformedParameter: 'Parameter {subject} is malformed',
    missingDate: 'Header date is missing',
    notFound: 'There is no such call',
    notSignedIn: 'Not signed in, no access',
    replayedNonce: 'The signature was already used',
    serverError: 'Internal server error',
    signatureMethod: 'The signature method does not match',
    signatureVersion: 'The signature version does not match',
    tokenInvalid: 'The token is expired or invalid',
    tooManyRequests: 'Too many requests, try again later',
    unknownApplication: 'The application does not exist',
    unknownUser: 'The user does not exist',
    unknownUserPool: 'The user pool does not exist',
    userSuspended: 'The user is suspended',
    wrongKey: 'The access key is wrong',
    wrongSignature: 'The signature is wrong',
  },
  'ja-JP': {
    bodyTooLarge: 'リクエスト本文が大きすぎます',
    clockSkew: 'リクエストの時刻がサーバーの時刻と離れすぎています',
    foreignHost: 'このサーバーはループバック名にのみ応答します',
    invalidDate: 'タイムスタンプの形式が正しくありません（ミリ秒で指定してください）',
    malformedBody: 'リクエスト本文が JSON オブジェクトではありません',
    malformedParameter: 'パラメーター {subject} の形式が正しくありません',
    missingDate: 'ヘッダー date がありません',
    notFound: 'API が存在しません',
    notSignedIn: 'ログインしていないため、アクセスできません',
    replayedNonce: '署名はすでに使用されています',
    serverError: 'サーバー内部エラー',
    signatureMethod: '署名方式が一致しません',
    signatureVersion: '署名バージョンが一致しません',
    tokenInvalid: 'トークンの有効期限が切れているか、無効です',
    tooManyRequests: 'リクエストが多すぎます。しばらくしてから再試行してください',
    unknownApplication: 'アプリケーションが存在しません',
    unknownUser: 'ユーザーが存在しません',
    unknownUserPool: 'ユーザープールが存在しません',
    userSuspended: 'ユーザーは停止されています',
    wrongKey: 'アクセスキーが正しくありません',
    wrongSignature: '署名が正しくありません',
  },
}

/** Returns the text in the given language. A language that GenAuth does not list gets the default. */
export function toMessage(key: MessageKey, language: unknown, subject = ''): string {
  const known =
    typeof language === 'string' && Object.hasOwn(MESSAGES, language) ? MESSAGES[language] : undefined
  const texts = known ?? MESSAGES[DEFAULT_LANGUAGE] ?? CHINESE
  return texts[key].replace('{subject}', () => subject)
}
